"""From a click on a tracked link to its figure on the page, in a real browser, in both modes."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.collector.running import DESKTOP, PHONE
from tests.domain.traffic.test_consent import consent_string
from tests.domain.traffic.test_gpp import canada, string
from tests.ports import free_port
from tests.waiting import PATIENCE, until_it_answers

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SET_UP = """
import json, sys
from regie.config.boot import start
start()
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services
from regie.apps.tracking.models import Site
name, mode, destination = sys.argv[1:]
with operating():
    nantes = Organisation.objects.get(slug="nantes")
    chloe = User.objects.get(name="Chloé")
    nantes.members.filter(user=chloe).update(role="administrator")
    site = services.create_site(actor=chloe, organisation=nantes,
                                wanted=services.WantedSite("Boutique " + name, ["127.0.0.1"], mode))
    token = services.new_token(actor=chloe, site_id=site)
    link = services.create_link(actor=chloe, organisation=nantes, wanted=services.Wanted(
        "Publication " + name, destination, "instagram", "social", "soldes-" + name,
        code="b" + name))
    print(json.dumps({"key": Site.objects.get(pk=site).key, "token": token, "link": link}))
"""
SHOP = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Boutique</title>
<script defer src="{collector}/m.js" data-site="{key}"{more}></script></head>
<body><h1>{path}</h1><a href="/contact">Contact</a>
<form name="contact" data-regie="lead" action="/merci"><input type="hidden" name="utm_source">
<input name="nom"><button>Envoyer</button></form></body></html>"""


@dataclass(frozen=True)
class Shop:
    """A shop's own site on the loopback, measured by a real collector."""

    address: str
    collector: str
    link: int
    code: str
    token: str
    site: Any

    def order(self, *, granted: bool, **p: Any) -> int:
        port = int(self.collector.rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        body = json.dumps({"name": "order", "consent": {"granted": granted}, "p": p})
        connection.request("POST", "/e", body, {"Authorization": f"Bearer {self.token}"})
        return connection.getresponse().status


class Handler(BaseHTTPRequestHandler):
    def __init__(self, page: dict[str, str], *given: Any) -> None:
        self.page = page
        super().__init__(*given)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        banners = {"/banner": ' data-consent="tcf"', "/platform": ' data-consent="gpp"'}
        more = banners.get(path, "")
        body = SHOP.format(path=path, more=more, **self.page).encode()
        self.send_response(200)
        policy = f"default-src 'self'; script-src {self.page['collector']}; connect-src *"
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *given: Any) -> None:
        """The test's output is not a log."""


@pytest.fixture(params=["exempt", "consented"])
def shop(request: pytest.FixtureRequest, site: Any) -> Iterator[Shop]:
    name, port, ours = request.param, free_port(), free_port()
    page: dict[str, str] = {"collector": f"http://127.0.0.1:{port}"}
    server = ThreadingHTTPServer(("127.0.0.1", ours), partial(Handler, page))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{ours}"
    made = subprocess.run(
        [sys.executable, "-c", SET_UP, name, name.partition("-")[0], f"{address}/soldes"],
        env=site.environment, capture_output=True, text=True, check=True, timeout=PATIENCE,
    )  # fmt: skip
    said = json.loads(made.stdout)
    page["key"] = said["key"]
    collector = subprocess.Popen(
        [sys.executable, "-m", "regie.cli.main", "collect", "--port", str(port)],
        env=site.environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    until_it_answers(collector, port, "/health")
    yield Shop(address, page["collector"], said["link"], f"b{name}", said["token"], site)
    collector.terminate()
    collector.wait(PATIENCE)
    server.shutdown()


def sent(page: Page, name: str) -> Any:
    """Waits for the answer to an event called ``name``."""
    return page.expect_response(
        lambda answer: answer.url.endswith("/e") and f'"{name}"' in (answer.request.post_data or "")
    )


def figures(page: Page) -> dict[str, str]:
    words = page.locator(".facts").first.locator("div")
    return {
        words.nth(n).locator("dt").inner_text(): words.nth(n).locator("dd").inner_text()
        for n in range(words.count())
    }


@pytest.mark.requirement("MEAS-29")
@pytest.mark.requirement("ID-1")
def test_from_the_click_to_the_figure(shop: Shop, chromium: Browser, visit: Any) -> None:
    is_joined = shop.code == "bconsented"
    context = chromium.new_context(locale="fr-FR", user_agent=PHONE)
    phone = context.new_page()
    with sent(phone, "page_view") as viewed:
        phone.goto(f"{shop.collector}/r/{shop.code}")
    assert viewed.value.status == 202
    expect(phone).to_have_url(re.compile("utm_source=instagram"))
    _signed_in(phone, agrees=is_joined)
    with sent(phone, "page_view"):
        phone.evaluate("history.pushState({}, '', '/produit')")
    # Its answer comes after the page has gone: the browser keeps the request alive.
    with phone.expect_request(
        lambda asked: asked.url.endswith("/e") and '"lead"' in (asked.post_data or "")
    ):
        phone.get_by_role("button", name="Envoyer").click()
    if is_joined:
        phone.wait_for_url(re.compile("utm_source=instagram"))  # the hidden field, filled by us
    assert bool(context.cookies()) == is_joined
    context.close()
    # The computer: another browser, which knows nothing of the phone until its owner signs in.
    elsewhere = chromium.new_context(locale="fr-FR", user_agent=DESKTOP)
    computer = elsewhere.new_page()
    with sent(computer, "page_view"):
        computer.goto(f"{shop.address}/panier")
    _signed_in(computer, agrees=is_joined)
    assert bool(elsewhere.cookies()) == is_joined
    elsewhere.close()
    order = {"order_id": f"C-{shop.code}", "value": 90, "currency": "EUR", "login": "client-42"}
    assert shop.order(granted=is_joined, **order) == 202

    shop.site.regie("collect", "--publish")
    page = visit("Chloé")
    page.goto(f"/links/{shop.link}/")
    found = figures(page)

    assert (found["Clics"], found["Visites qui ont suivi"]) == ("1", "1")
    assert found["Leads de ces visites"] == "1"
    assert "Publication" in page.locator("h1").inner_text()
    assert _by_account(shop)[f"Boutique {shop.code[1:]}"] == ("2", "1")
    assert _joined(shop) == is_joined
    # Who earned it: without consent the lead of that visit, with it the order elsewhere as well.
    campaign = f"soldes-{shop.code[1:]}"
    assert _earned(page, "lead", campaign) == "1,00"
    assert _earned(page, "order", campaign) == ("1,00" if is_joined else "")
    assert _earned(page, "order", campaign, "linear") == ("0,50" if is_joined else "")
    if is_joined:
        page.goto(f"/attribution/explain/?{MONTH}&unit=campaign&of={campaign}")
        way = page.locator("main").inner_text()
        assert (f"C-{shop.code}" in way, "Téléphone" in way, "Ordinateur" in way) == (True,) * 3


def _signed_in(page: Page, *, agrees: bool) -> None:
    """Agrees, where the shop asks, and signs in; each is acknowledged."""
    if agrees:
        with sent(page, "consent") as agreed:
            page.evaluate("regie('consent', true, { text: '2026-11' })")
        assert agreed.value.status == 202
    # In one breath with what cannot be read, which takes nothing else with it.
    breath = "regie('event', 'Not A Name'); regie('identify', { login: 'client-42' });"
    bodies: list[str] = []
    page.on("request", lambda asked: bodies.append(asked.post_data or ""))
    with page.expect_response(
        lambda answer: (
            answer.status == 202
            and ('"identify"' if agrees else '"signed_in"') in (answer.request.post_data or "")
        )
    ):
        page.evaluate(breath + "regie('event', 'signed_in')")
    assert any("client-42" in body for body in bodies) == agrees


MONTH = "period=this_month&model=first_touch"


def _earned(page: Page, kind: str, campaign: str, model: str = "first_touch") -> str:
    """What the page of attribution gives to the campaign; empty where it has no line."""
    page.goto(f"/attribution/?period=this_month&unit=campaign&model={model}&kind={kind}")
    row = page.locator("#models tbody tr").filter(has_text=campaign)
    return row.locator("td.chosen").inner_text() if row.count() else ""


BANNER = """
window.__tcfapi = (command, version, told) => {
  window.say = (eventStatus, ...yes) => told({eventStatus, tcString: yes.length ? "%s" : "%s",
    purpose: {consents: Object.fromEntries(yes.map((n) => [n, true]))}}, true);
  if (location.hash === "#known") window.say("tcloaded", 1, 7);
};
"""
REFUSES = "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"


@pytest.mark.parametrize("shop", ["consented-banner"], indirect=True)
def test_the_banner_of_the_framework_is_heard_and_the_signal_of_the_browser_obeyed(
    shop: Shop, chromium: Browser
) -> None:
    context = chromium.new_context(user_agent=PHONE)
    context.add_init_script(BANNER % (consent_string({1, 7}), consent_string(())))
    page = context.new_page()
    page.goto(f"{shop.address}/banner")
    with sent(page, "page_view") as viewed:
        page.evaluate("say('cmpuishown')")
    assert event_of(viewed)["visitor"] == ""
    assert context.cookies() == []
    with sent(page, "consent") as agreed:
        page.evaluate("say('useractioncomplete', 1, 7)")
    visitor = event_of(agreed)["visitor"]
    assert event_of(agreed)["consent"] == {"granted": True, "tcf": consent_string({1, 7})}
    # Another page: the banner knows the answer, and the first page view has it already.
    with sent(page, "page_view") as again:
        page.goto(f"{shop.address}/banner?2#known")
    assert (event_of(again)["visitor"], event_of(again)["consent"]["granted"]) == (visitor, True)
    # A page whose banner has not spoken yet uses nothing and forgets nothing.
    with sent(page, "page_view") as unknown:
        page.goto(f"{shop.address}/autre")
    assert event_of(unknown)["visitor"] == ""
    assert [cookie["value"] for cookie in context.cookies()] == [visitor]
    with sent(page, "consent") as refused:
        page.evaluate("regie('consent', false)")
    assert event_of(refused)["consent"]["granted"] is False
    assert context.cookies() == []
    context.close()

    signal = chromium.new_context(user_agent=PHONE)
    signal.add_init_script(REFUSES)
    page = signal.new_page()
    page.goto(f"{shop.address}/")
    with sent(page, "consent") as overruled:
        page.evaluate(f"regie('consent', true, {{ tcf: '{consent_string({1, 7})}' }})")
    assert event_of(overruled)["consent"]["gpc"] is True
    assert signal.cookies() == []
    signal.close()
    shop.site.regie("collect", "--publish")
    assert _modes(shop, event_of(agreed), event_of(again)) == {"consented"}
    assert _modes(shop, event_of(viewed), event_of(unknown), event_of(overruled)) == {"exempt"}


PLATFORM = """
window.__gpp = (command, told) => {
  window.say = (ping) => told({pingData: {signalStatus: "ready", ...ping}}, true);
};
"""


@pytest.mark.parametrize("shop", ["consented-platform"], indirect=True)
def test_a_banner_of_the_global_privacy_platform_is_heard(shop: Shop, chromium: Browser) -> None:
    """Europe's and Canada's section by purposes, the United States' by what nobody opted out of."""
    yes, no = consent_string({1, 7}), consent_string({2})
    us = {"applicableSections": [7], "sectionList": [7]}
    eu = {"applicableSections": [2], "sectionList": [2], "parsedSections": {}}
    canadian = {"applicableSections": [5], "sectionList": [5], "parsedSections": {}}
    said: list[tuple[dict[str, Any], bool]] = [
        ({**eu, "gppString": f"DBABM~{no}"}, False),
        ({**eu, "gppString": f"DBABM~{yes}"}, True),
        ({**us, "gppString": "DBABLA~BVQVAAAAAgA.QA",
          "parsedSections": {"usnat": [{"SaleOptOut": 1, "SaleOptOutNotice": 1}]}}, False),
        ({**us, "gppString": "DBABLA~BVQqAAAAAgA.QA",
          "parsedSections": {"usnat": [{"SaleOptOut": 2, "SaleOptOutNotice": 1}]}}, True),
        ({"applicableSections": [-1], "sectionList": [], "gppString": "DBAA"}, False),
        ({**canadian, "gppString": string({5: canada({7})})}, True),
        ({**canadian, "gppString": string({5: canada({1}, implied={7})})}, False),
    ]  # fmt: skip
    heard = []
    for ping, granted in said:
        context = chromium.new_context(user_agent=PHONE)
        context.add_init_script(PLATFORM)
        page = context.new_page()
        page.goto(f"{shop.address}/platform")
        with sent(page, "page_view") as viewed:
            page.evaluate("ping => say(ping)", ping)
        heard.append(event_of(viewed))
        assert heard[-1]["consent"] == {"granted": granted, "gpp": ping["gppString"]}
        assert bool(context.cookies()) == granted
        context.close()
    shop.site.regie("collect", "--publish")
    assert _modes(shop, heard[1], heard[3], heard[5]) == {"consented"}
    assert _modes(shop, heard[0], heard[2], heard[4], heard[6]) == {"exempt"}


def event_of(answer: Any) -> dict[str, Any]:
    """The event that a request told of."""
    return json.loads(answer.value.request.post_data)[-1]  # type: ignore[no-any-return]


def _modes(shop: Shop, *events: dict[str, Any]) -> set[str]:
    import duckdb

    ids = ", ".join(f"'{event['id']}'" for event in events)
    lake = shop.site.files / "lake" / "events"
    found = duckdb.sql(
        f"SELECT DISTINCT mode FROM read_parquet('{lake}/*/*.parquet') WHERE event_id IN ({ids})"
    ).fetchall()
    return {mode for (mode,) in found}


def _by_account(shop: Shop) -> dict[str, tuple[str, str]]:
    """Visits and orders of each account, as the metrics answer."""
    done = subprocess.run(
        [sys.executable, "-m", "regie.cli.main", "query", "--metrics", "visits,orders", "--by",
         "account", "--format", "json"],
        env=shop.site.environment, capture_output=True, text=True, check=True, timeout=PATIENCE,
    )  # fmt: skip
    rows = json.loads(done.stdout)["rows"]
    return {row["account"]: (row["visits"], row["orders"]) for row in rows}


def _joined(shop: Shop) -> bool:
    """Whether a visit and the order carry the key of one person."""
    import duckdb

    lake = shop.site.files / "lake" / "events"
    found = duckdb.sql(
        f"SELECT count(DISTINCT kind) FROM read_parquet('{lake}/*/*.parquet') "
        f"WHERE person = (SELECT any_value(person) FROM read_parquet('{lake}/*/*.parquet') "
        f"WHERE ref = 'C-{shop.code}')"
    ).fetchall()[0][0]
    return bool(found >= 2)
