"""Attacks over the network on a server that runs: real sockets, cookies, mails and headers."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.served import Site, served
from tests.waiting import until

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery"
AMELIE, DIANE = "amelie@great-insurance.example", "diane@atelier-diane.example"
NEWCOMER = "newcomer@great-insurance.example"
KEPT = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(debug=False) as one:
        yield one


class Visitor(requests.Session):
    """A browser: keeps cookies, sends the token of the forms, and follows nothing by itself."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site = site
        self.headers["Accept-Language"] = "en"

    def see(self, path: str, **named: object) -> requests.Response:
        return self.get(f"{self.site.address}{path}", allow_redirects=False, timeout=60, **named)  # type: ignore[arg-type]

    def fill(self, path: str, said: dict[str, str], **named: object) -> requests.Response:
        if "csrftoken" not in self.cookies:
            self.see("/accounts/login/")
        sent = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **said}
        return self.post(
            f"{self.site.address}{path}",
            sent,
            allow_redirects=False,
            timeout=60,
            **named,  # type: ignore[arg-type]
        )

    def sign_in(self, person: str, password: str = PASSWORD) -> requests.Response:
        return self.fill("/accounts/login/", {"login": person, "password": password})

    def is_in(self) -> bool:
        return self.see("/manager/people/").status_code == 200


@pytest.fixture
def amelie(site: Site) -> Visitor:
    visitor = Visitor(site)
    assert visitor.sign_in(AMELIE).status_code == 302
    assert visitor.is_in()
    return visitor


def raw(site: Site, method: str, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """A request as it is written, which no library puts right before it leaves."""
    place = urlsplit(site.address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    connection.putrequest(method, target, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(site: Site) -> None:
    visitor, thief = Visitor(site), Visitor(site)
    planted = "a" * 32
    visitor.cookies.set("sessionid", planted, domain="127.0.0.1", path="/")
    visitor.sign_in(DIANE)
    assert visitor.is_in()
    assert visitor.cookies["sessionid"] != planted
    thief.cookies.set("sessionid", planted)
    assert not thief.is_in()


def test_a_session_that_was_left_is_worth_nothing(site: Site) -> None:
    visitor, thief = Visitor(site), Visitor(site)
    visitor.sign_in(DIANE)
    thief.cookies.set("sessionid", visitor.cookies["sessionid"])
    assert thief.is_in()
    visitor.fill("/accounts/logout/", {})
    assert not thief.is_in()


def test_a_form_of_another_site_changes_nothing(amelie: Visitor, site: Site) -> None:
    said = {"emails": NEWCOMER, "role": "administrator", "ends_on": "", "language": "en"}
    for token in ("", "x" * 64, "0" * 32):
        answer = amelie.fill("/manager/invitations/", {**said, "csrfmiddlewaretoken": token})
        assert answer.status_code == 403
    elsewhere = amelie.fill("/manager/invitations/", said, headers={"Origin": "https://a.example"})
    assert elsewhere.status_code == 403
    assert not site.postbox.to(NEWCOMER)


def test_an_invitation_is_used_once(amelie: Visitor, site: Site) -> None:
    said = {"emails": NEWCOMER, "role": "employee", "ends_on": "", "language": "en"}
    assert amelie.fill("/manager/invitations/", said).status_code == 302
    until(lambda: bool(site.postbox.to(NEWCOMER)))
    letter = site.postbox.to(NEWCOMER)[-1].get_content()
    found = re.search(r"/invitation/[\w:-]+/?", letter)
    assert found is not None
    link = found[0]
    newcomer, replayer = Visitor(site), Visitor(site)
    assert newcomer.see(link).headers["Location"] == "/invitation/"
    enters = {"name": "Newcomer", "password": "une phrase facile à retenir"}
    assert newcomer.fill("/invitation/", enters).status_code == 302
    assert newcomer.see("/report/").status_code == 200
    replayer.see(link)
    assert replayer.fill("/invitation/", enters).status_code == 404
    assert replayer.see("/report/").status_code == 302
    guesser = Visitor(site)
    guesser.see("/invitation/" + "a" * 43 + "/")
    assert guesser.fill("/invitation/", enters).status_code == 404


def test_a_token_is_worth_nothing_once_it_is_revoked(site: Site) -> None:
    address = f"{site.address}/api/v1/vocabulary"
    made = site_token(site)
    headers = {"Authorization": f"Bearer {made}"}
    assert requests.get(address, headers=headers, timeout=60).status_code == 200
    for wrong in (made[:-1], made + "x", made.upper(), "", "null"):
        told = requests.get(address, headers={"Authorization": f"Bearer {wrong}"}, timeout=60)
        assert told.status_code == 401
    # It signs nobody in, and nobody is signed in by a cookie there.
    assert requests.get(f"{site.address}/manager/people/", headers=headers, timeout=60,
                        allow_redirects=False).status_code == 302  # fmt: skip
    visitor = Visitor(site)
    visitor.sign_in(AMELIE)
    assert visitor.see("/api/v1/vocabulary").status_code == 401
    page = visitor.see("/manager/tokens/").text
    number = re.search(r"/manager/tokens/(\d+)/revoke/", page)
    assert number is not None
    assert visitor.fill(number[0], {}).status_code == 302
    assert requests.get(address, headers=headers, timeout=60).status_code == 401


def site_token(site: Site) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "regie.cli.main", "token", "--as", AMELIE, "--organisation",
         "great-insurance", "--name", "Notebook", "--scope", "figures:read", "--scope",
         "manager:read"],
        env=site.environment, check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1@evil.example", ""])
def test_another_host_than_its_own_is_not_served(host: str, site: Site) -> None:
    status, _headers, body = raw(site, "GET", "/accounts/password/reset/", Host=host)
    assert status == 400
    assert b"evil" not in body


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(there: str, site: Site) -> None:
    visitor = Visitor(site)
    answer = visitor.fill("/accounts/login/", {"login": DIANE, "password": PASSWORD, "next": there})
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]
    for path in ("/language/", "/preferences/language/", "/organisation/"):
        told = visitor.fill(path, {"language": "en", "next": there, "organisation": "x"})
        assert "evil" not in told.headers.get("Location", "")


@pytest.mark.parametrize(
    "target",
    [
        "/static/../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fsecret_key", "/static//etc/passwd", "/static/%00", "/..%5csecret_key",
        "/imports/../../secret_key", "/manager/review/..%2f1.pdf", "//secret_key",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_what_is_served(target: str, site: Site, amelie: Visitor) -> None:
    cookie = f"sessionid={amelie.cookies['sessionid']}"
    for headers in ({}, {"Cookie": cookie}):
        status, _headers, body = raw(site, "GET", target, **headers)
        assert status in {301, 302, 400, 404}, target
        assert b"root:" not in body
        assert site.environment["REGIE_HOME"].encode() not in body


def test_every_kind_of_answer_keeps_its_headers(site: Site, amelie: Visitor) -> None:
    static = re.search(r'href="(/static/[^"]+\.css)"', amelie.see("/manager/").text)
    assert static is not None
    kinds = {
        "page": amelie.see("/manager/people/"),
        "list": amelie.see("/manager/people.csv"),
        "absent": amelie.see("/manager/people/999999/"),
        "nowhere": amelie.see("/nothing/here/"),
        "refused": amelie.fill("/manager/people/change/", {"csrfmiddlewaretoken": "x"}),
        "sent on": Visitor(site).see("/manager/"),
        "method": amelie.see("/manager/people/bring/"),
        "entrance": Visitor(site).see("/accounts/login/"),
        "static": Visitor(site).see(static[1]),
        "static absent": Visitor(site).see("/static/nothing.css"),
        "program": Visitor(site).see("/api/v1/openapi.json"),
        "program refused": Visitor(site).see("/api/v1/vocabulary"),
        "program method": Visitor(site).fill("/api/v1/vocabulary", {}),
    }
    statuses = {name: one.status_code for name, one in kinds.items()}
    assert statuses == {
        "page": 200, "list": 200, "absent": 404, "nowhere": 404, "refused": 403, "sent on": 302,
        "method": 405, "entrance": 200, "static": 200, "static absent": 404, "program": 200,
        "program refused": 401, "program method": 405,
    }  # fmt: skip
    lacking = {
        (name, header)
        for name, one in kinds.items()
        for header, begins in KEPT.items()
        if not one.headers.get(header, "").startswith(begins)
    }
    assert lacking == set()
    for name, one in kinds.items():
        assert "unsafe" not in one.headers["Content-Security-Policy"], name
        if not name.startswith("static"):
            assert "no-" in one.headers["Cache-Control"], name
        assert "Traceback" not in one.text


def test_cookies_cannot_be_read_by_scripts_nor_sent_from_elsewhere(site: Site) -> None:
    visitor = Visitor(site)
    visitor.see("/accounts/login/")
    answer = visitor.sign_in(DIANE)
    told = answer.raw.headers.getlist("Set-Cookie")
    (session,) = [one for one in told if one.startswith("sessionid=")]
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert all("SameSite=" in one for one in told)


def test_a_password_is_not_guessed_at_length(site: Site) -> None:
    visitor = Visitor(site)
    statuses = [visitor.sign_in(DIANE, f"guess number {n}").status_code for n in range(12)]
    assert 302 not in statuses
    right = visitor.sign_in(DIANE)
    assert right.status_code != 302
    assert not visitor.is_in()
