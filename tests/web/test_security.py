"""What stands against guessing, borrowed sessions and foreign pages, at every door."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from regie.apps.accounts.models import User
from regie.config import settings as deployed
from tests.cast import PASSWORD, Cast
from tests.postbox import Postbox
from tests.web.test_every_page import PAGES, signed_in
from tests.web.test_hidden_pages import address
from tests.web.theirs import made

OPEN_PAGES = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/invitation/")


@pytest.fixture(autouse=True)
def nobody_has_tried_too_often() -> None:
    cache.clear()


def sign_in(client: Client, password: str, person: str = "diane@horizon.example"):
    return client.post("/accounts/login/", {"login": person, "password": password})


def test_passwords_are_not_guessed_at_length(cast: Cast) -> None:
    client = Client()
    for attempt in range(5):
        assert "sessionid" not in sign_in(client, f"guess number {attempt}").cookies

    answer = sign_in(client, PASSWORD)

    assert "_auth_user_id" not in client.session
    assert answer.status_code in {200, 429}
    # Others are not held back by it.
    assert sign_in(Client(REMOTE_ADDR="127.0.0.9"), PASSWORD, cast.chloe.email).status_code == 302


def test_behind_a_proxy_each_waits_for_his_own_attempts(cast: Cast, settings) -> None:
    settings.REGIE_ADDRESS_HEADER = "x-forwarded-for"

    def tries(address: str) -> int:
        said = {"login": "diane@horizon.example", "password": PASSWORD}
        sent = {"x-forwarded-for": f"192.0.2.1, {address}"}
        return Client().post("/accounts/login/", said, headers=sent).status_code

    client = Client(headers={"x-forwarded-for": "203.0.113.7"})
    for n in range(12):
        sign_in(client, "not that one", f"nobody-{n}@horizon.example")

    assert tries("203.0.113.7") in {200, 429}
    assert tries("203.0.113.8") == 302


def test_addresses_are_not_tried_at_length_by_signing_up(cast: Cast) -> None:
    said = {"email": cast.diane.email, "password1": "une phrase facile à retenir"}
    found = [Client().post("/accounts/signup/", said).status_code for _n in range(12)]

    assert found[-1] == 429


def test_signing_in_gives_a_new_session_key(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key

    assert sign_in(client, PASSWORD).status_code == 302

    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_person_are_answered_alike(cast: Cast) -> None:
    def said(person: str) -> str:
        client = Client()
        text = sign_in(client, "not that one", person).content.decode()
        token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
        return text.replace(person, "").replace(token, "").split("<main")[1].split("csrf")[0]

    assert said("diane@horizon.example") == said("nobody@horizon.example")


def test_a_forgotten_password_does_not_tell_who_has_an_account(cast: Cast, postbox) -> None:
    answers = {
        (answer.status_code, answer.get("Location"))
        for person in ("diane@horizon.example", "nobody@horizon.example")
        for answer in [Client().post("/accounts/password/reset/", {"email": person})]
    }

    assert len(answers) == 1


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_every_open_page_says_how_it_may_be_used(db: None, page: str) -> None:
    answer = Client().get(page)

    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.slow
def test_no_page_holds_a_script_or_a_style_of_its_own(cast: Cast, tmp_path: Path) -> None:
    """What the policy forbids is not there either: a browser would leave it out."""
    theirs, client, seen = made(cast, tmp_path), signed_in(cast.amelie), 0
    for page in PAGES:
        answer = client.get(address(page, theirs.numbers))
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        seen += 1
        tags = re.findall(r"<[a-z][^>]*>", answer.content.decode())
        for tag in tags:
            assert not re.search(r"\s(style|on[a-z]+)\s*=", tag), (page, tag)
            is_script = tag.startswith("<script") and "application/json" not in tag
            assert not is_script or "src=" in tag, (page, tag)
            assert not tag.startswith("<style"), (page, tag)
    assert seen > 60


@pytest.mark.parametrize(
    ("path", "host"), [("/report/", "evil.example"), ("/nowhere/", "testserver"),
                       ("/api/v1/nowhere", "testserver"), ("/report/?text=%00", "testserver")],
)  # fmt: skip
def test_refusals_have_the_headers_of_pages(cast: Cast, path: str, host: str) -> None:
    answer = signed_in(cast.chloe).get(path, headers={"host": host})

    assert answer.status_code in {400, 404}
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("sent", [
    {"note": "x" * 2_700_000}, {f"ticked-{number}": "1" for number in range(20_010)},
], ids=["heavy", "many"])  # fmt: skip
def test_a_form_too_large_to_be_read_says_so_and_what_to_do(
    cast: Cast, sent: dict[str, str]
) -> None:
    answer = signed_in(cast.amelie).post(
        "/manager/people/", urlencode(sent), content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 413
    assert "plus qu’on ne peut envoyer en une fois" in answer.content.decode()
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_form_of_two_thousand_lines_is_read(cast: Cast) -> None:
    many = {f"role-{number}": "employee" for number in range(4_000)}
    answer = signed_in(cast.amelie).post(
        "/manager/people/", urlencode(many), content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code != 413


def test_signing_in_leads_to_no_other_site(cast: Cast) -> None:
    said = {"login": cast.diane.email, "password": PASSWORD}
    for n, elsewhere in enumerate(("https://evil.example/", "//evil.example", "/\\evil.example")):
        client = Client(REMOTE_ADDR=f"127.0.1.{n}")
        answer = client.post("/accounts/login/", said | {"next": elsewhere})
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_session_is_out_of_reach_of_scripts_and_other_sites(cast: Cast) -> None:
    client = Client()
    sign_in(client, PASSWORD)

    cookie = client.cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_behind_https_cookies_are_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIE_HTTPS", "1")
    try:
        safe = importlib.reload(deployed)
        assert safe.SESSION_COOKIE_SECURE
        assert safe.CSRF_COOKIE_SECURE
    finally:
        monkeypatch.undo()
        importlib.reload(deployed)


def test_behind_https_browsers_are_told_to_stay_there(db: None, settings) -> None:
    assert "Strict-Transport-Security" not in Client().get("/accounts/login/").headers
    settings.SESSION_COOKIE_SECURE = True

    assert "max-age=" in Client().get("/accounts/login/")["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "page",
    ["/manager/people/change/", "/manager/review/sign/", "/manager/rules/second-factor/",
     "/manager/recovery/", "/recovery/", "/organisation/", "/accounts/login/"],
)  # fmt: skip
def test_a_form_of_another_site_does_nothing(cast: Cast, page: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.amelie, backend="django.contrib.auth.backends.ModelBackend")

    assert client.post(page, {"action": "remove"}).status_code == 403


def test_a_stopped_account_is_out_at_once(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    assert client.get("/report/").status_code == 200

    User.objects.filter(pk=cast.chloe.pk).update(is_active=False)

    assert client.get("/report/").status_code == 302


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def before_the_second_factor(address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    assert sign_in(client, PASSWORD)["Location"] == "/accounts/2fa/authenticate/"
    return client


@pytest.mark.requirement("BM-9")
def test_a_code_of_the_second_factor_works_once(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.diane, secret)
    clients = [before_the_second_factor(f"127.0.0.{n}") for n in (2, 3)]
    begun = next(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, begun))
    for client in clients:
        client.post("/accounts/2fa/authenticate/", {"code": code})
    if begun != next(yield_hotp_counters_from_time()):
        pytest.skip("half a minute ended in between: the code was another")
    assert ["_auth_user_id" in client.session for client in clients] == [True, False]


def test_codes_of_the_second_factor_are_not_guessed_at_length(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.diane, secret)
    client = before_the_second_factor("127.0.0.4")
    right = code_of(secret)
    for guess in range(12):
        client.post("/accounts/2fa/authenticate/", {"code": f"{(int(right) + 1 + guess):06}"[-6:]})

    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert "_auth_user_id" not in client.session


def test_a_session_that_was_left_is_worth_nothing_to_who_copied_it(cast: Cast) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    copied = client.cookies["sessionid"].value
    thief = Client()
    thief.cookies["sessionid"] = copied
    assert thief.get("/report/").status_code == 200

    client.post("/accounts/logout/")

    thief.cookies["sessionid"] = copied
    assert thief.get("/report/").status_code == 302


@pytest.mark.parametrize("way", ["changed", "replaced through a mail"])
def test_a_new_password_ends_every_other_session(cast: Cast, postbox: Postbox, way: str) -> None:
    """Whoever borrowed one is out; whoever changed it in his stays."""
    thief, owner = Client(), Client()
    for n, client in enumerate((thief, owner)):
        client.defaults["REMOTE_ADDR"] = f"127.0.2.{n}"
        assert sign_in(client, PASSWORD).status_code == 302
        assert client.get("/report/").status_code == 200
    new = "another long sentence"
    if way == "changed":
        said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert owner.post("/accounts/password/change/", said).status_code == 302
        assert owner.get("/report/").status_code == 200
    else:
        reset(link_of_reset(postbox), new)
        assert owner.get("/report/").status_code == 302
    assert thief.get("/report/").status_code == 302


def test_the_link_to_a_new_password_works_once_and_not_after_another_change(
    cast: Cast, postbox: Postbox
) -> None:
    first, second = link_of_reset(postbox), link_of_reset(postbox)
    reset(first, "another long sentence")
    for link in (first, second):
        reset(link, "the sentence of a thief")
    cast.diane.refresh_from_db()
    assert cast.diane.check_password("another long sentence")


def test_the_session_that_follows_a_link_to_a_new_password_was_not_planted(
    cast: Cast, postbox: Postbox
) -> None:
    """Who hands his own session to somebody who opens the link is not let in by it."""
    link, planted = link_of_reset(postbox), Client()
    planted.get("/accounts/login/")
    session = planted.session
    session["planted"] = "x"
    session.save()
    victim = Client()
    victim.cookies["sessionid"] = session.session_key
    reset(link, "another long sentence", victim)
    sign_in(victim, "another long sentence")
    thief = Client()
    thief.cookies["sessionid"] = session.session_key
    assert thief.get("/report/").status_code == 302


def link_of_reset(postbox: Postbox) -> str:
    Client().post("/accounts/password/reset/", {"email": "diane@horizon.example"})
    found = re.search(
        r"http://testserver(/accounts/password/reset/key/\S+)", postbox.messages[-1].get_content()
    )
    assert found
    return found[1]


def reset(link: str, password: str, client: Client | None = None) -> None:
    client = client or Client()
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0] if form.redirect_chain else link
    client.post(address, {"password1": password, "password2": password})
