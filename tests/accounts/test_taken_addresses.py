"""Where mail is sent, signing up answers the same whether an address is taken or free."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import Client

from regie.apps.accounts.models import User
from tests.accounts.test_signing_up import NEWCOMER
from tests.cast import PASSWORD, Cast
from tests.postbox import Postbox


class Counted(PBKDF2PasswordHasher):
    """The work that takes nearly all of the time of signing up, counted."""

    algorithm = "counted"
    iterations = 1_000
    done = 0

    def encode(self, *given: Any, **named: Any) -> str:
        type(self).done += 1
        return str(super().encode(*given, **named))


@pytest.fixture(autouse=True)
def with_mail(settings, postbox: Postbox) -> Postbox:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted", *settings.PASSWORD_HASHERS]
    cache.clear()
    return postbox


def sign_up(email: str, password: str = NEWCOMER["password1"]) -> tuple[Any, ...]:
    """What a stranger learns of signing up with ``email``."""
    client, before = Client(), Counted.done
    client.cookies["django_language"] = "en"
    answer = client.post("/accounts/signup/", {"email": email, "password1": password})
    page = client.get(answer["Location"]).content.decode() if answer.status_code == 302 else ""
    text = re.sub(r"[0-9A-Za-z]{64}", "", page or answer.content.decode())
    return (
        answer.status_code, answer.get("Location"), text.replace(email, "ADDRESS"),
        sorted(client.cookies), client.get("/start/").status_code, Counted.done - before,
    )  # fmt: skip


def confirmed(person: User) -> None:
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


@pytest.mark.requirement("BM-25")
def test_a_taken_address_is_answered_like_a_free_one_and_its_owner_is_told(
    cast: Cast, postbox: Postbox
) -> None:
    confirmed(cast.diane)
    free = sign_up(NEWCOMER["email"])
    taken = sign_up(cast.diane.email)
    made = sign_up(cast.chloe.email)  # by the operator, without any address to confirm

    assert free[:2] == (302, "/accounts/confirm-email/")
    assert "Look at your e-mail" in free[2]
    assert free[4:] == (302, 1)
    assert free == taken == made
    newcomer, told, chloe = postbox.messages
    assert newcomer["Subject"] == "Régie – Confirm your address"
    assert "/accounts/confirm-email/" in newcomer.get_content()
    for mail, address in ((told, cast.diane.email), (chloe, cast.chloe.email)):
        assert (mail["To"], mail["Subject"]) == (address, "Régie – You have an account already")

    # And again: the first is taken now, by somebody who has not confirmed it.
    again = [sign_up(one, "another long sentence") for one in (NEWCOMER["email"], cast.diane.email)]
    assert again[0] == again[1]
    assert again[0][4:] == (302, 1)
    assert not User.objects.get(email=NEWCOMER["email"]).check_password("another long sentence")


@pytest.mark.parametrize("password", ["short", "password123", ""])
def test_a_password_that_will_not_do_is_refused_before_anything_is_told(
    cast: Cast, postbox: Postbox, password: str
) -> None:
    confirmed(cast.diane)
    taken, free = (sign_up(one, password) for one in (cast.diane.email, NEWCOMER["email"]))
    assert taken == free
    assert taken[0] == 200
    assert postbox.messages == []


def test_the_password_one_just_chose_opens_nothing_before_the_address_is_confirmed(
    cast: Cast, postbox: Postbox
) -> None:
    """Else signing in would tell what signing up does not."""
    confirmed(cast.diane)
    for email in (NEWCOMER["email"], cast.diane.email):
        sign_up(email)
        client = Client()
        client.post("/accounts/login/", {"login": email, "password": NEWCOMER["password1"]})
        assert client.get("/imports/").status_code == 302

    client = Client()
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)",
                     postbox.to(NEWCOMER["email"])[0].get_content())  # fmt: skip
    assert link is not None
    assert client.post(link[1]).status_code == 302
    said = {"login": NEWCOMER["email"], "password": NEWCOMER["password1"]}
    client.post("/accounts/login/", said)
    assert client.get("/start/").status_code == 200


@pytest.mark.parametrize("is_same_browser", [True, False])
def test_a_confirmed_address_opens_the_browser_that_signed_up_and_no_other(
    cast: Cast, postbox: Postbox, is_same_browser: bool
) -> None:
    client = Client()
    client.post("/accounts/signup/", NEWCOMER)
    confirming = client if is_same_browser else Client()
    confirming.post(postbox.link(NEWCOMER["email"]))
    assert confirming.get("/start/").status_code == (200 if is_same_browser else 302)


def test_whom_the_operator_made_signs_in_without_confirming(cast: Cast, postbox: Postbox) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": cast.diane.email, "password": PASSWORD})
    assert client.get("/imports/").status_code == 200
    assert postbox.messages == []
