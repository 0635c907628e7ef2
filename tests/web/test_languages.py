"""The language that somebody chose goes with him to his next device."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from tests.cast import Cast
from tests.web.test_every_page import signed_in

COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(client: Client) -> str:
    text = client.get("/objectives/").content.decode()
    return text[text.index('lang="') + 6 :][:2]


def test_a_new_device_begins_in_the_language_chosen_on_another(cast: Cast) -> None:
    signed_in(cast.chloe).post("/language/", {"language": "en", "next": "/"})

    new = signed_in(cast.chloe)
    new.cookies.pop(COOKIE, None)

    assert language_of(new) == "en"
    assert new.cookies[COOKIE].value == "en"


def test_what_this_browser_chose_goes_first(cast: Cast) -> None:
    with operating():
        User.objects.filter(pk=cast.chloe.pk).update(language="en")
    client = signed_in(cast.chloe)
    client.cookies[COOKIE] = "fr"

    assert language_of(client) == "fr"


def test_without_a_choice_or_with_an_unknown_one_the_browser_decides(cast: Cast) -> None:
    for chosen in ("", "tlh"):
        with operating():
            User.objects.filter(pk=cast.chloe.pk).update(language=chosen)
        client = signed_in(cast.chloe)
        client.cookies.pop(COOKIE, None)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

        assert language_of(client) == "en"
        assert COOKIE not in client.cookies
