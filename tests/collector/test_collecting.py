"""From the request to the figure: a real collector, its journal, the warehouse, a question."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.collector.running import DESKTOP, PHONE, Running, running
from tests.installation import new_installation
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop() -> Iterator[Running]:
    with (
        new_installation() as installation,
        running(
            installation, REGIE_COUNTRY_HEADER="x-country", REGIE_ADDRESS_HEADER="x-client"
        ) as served,
    ):
        yield served


def rows(shop: Running, table: str, columns: str, where: str = "true") -> list[tuple]:
    """What stands in the published files of ``table``, read by the engine alone."""
    import duckdb

    script = (
        "from regie.config.boot import start; start()\n"
        "from regie.apps.access.context import operating\n"
        "from django.db import connection\n"
        "from regie.warehouse import catalogue, home\n"
        "import json\n"
        "with operating():\n"
        "    connection.ensure_connection()\n"
        f"    files = catalogue.snapshot(connection.connection).files('{table}')\n"
        "print(json.dumps([home.lake().absolute(f.path) for f in files]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=shop.installation.environment, capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    paths = json.loads(done.stdout)
    return duckdb.sql(
        f"SELECT {columns} FROM read_parquet({paths}) WHERE {where} ORDER BY ALL"
    ).fetchall()


def test_a_click_is_sent_on_with_its_tags_and_its_click_id_as_it_came(shop: Running) -> None:
    answer = shop.call("/r/ete?fbclid=IwAR0_aBcD&utm_source=other")

    assert answer.status == 302
    assert answer.headers["location"] == (
        "https://boutique.example/ete?x=1&utm_source=facebook&utm_medium=paid_social"
        "&utm_campaign=soldes-ete&rg=ete&fbclid=IwAR0_aBcD#prix"
    )
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("typed", ["ETE", "E-te", "%20ete"])
def test_a_printed_address_is_found_however_it_is_typed(shop: Running, typed: str) -> None:
    assert shop.call(f"/r/{typed}").status == 302


def test_devices_and_countries_are_sent_where_the_link_says(shop: Running) -> None:
    assert shop.call("/r/appli", agent=PHONE).headers["location"] == "horizon://promo"
    belgian = shop.call("/r/appli", x_country="BE").headers["location"]
    assert belgian.startswith("https://be.example/?utm_source=facebook")
    assert "boutique.example" in shop.call("/r/appli", x_country="FR").headers["location"]


ENDING = """
from datetime import timedelta
from regie.config.boot import start
start()
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services
from regie.kernel import clock
ever, now, soon = None, clock.now() - timedelta(seconds=1), clock.now() + timedelta(seconds=6)
after = "https://boutique.example/fini"
with operating():
    for code, until, afterwards in (
        ("fini", now, ""), ("suite", now, after), ("bientot", soon, after), ("jamais", ever, after)
    ):
        services.create_link(
            actor=User.objects.get(), organisation=Organisation.objects.get(),
            wanted=services.Wanted(
                "Fin", "https://boutique.example/ete", "facebook", "paid_social", "fin-" + code,
                code=code, expires_at=until, afterwards=afterwards,
                rules=({"device": "ios", "to": "horizon://promo"},
                       {"country": "BE", "to": "https://be.example/"}),
            ),
        )
"""


def test_a_link_ends_on_its_moment_and_sends_on_to_what_comes_afterwards(shop: Running) -> None:
    """Whoever clicks, from whichever device or country; and a click too late does not count."""
    subprocess.run([sys.executable, "-c", ENDING], env=shop.installation.environment, check=True)
    # The collector is told of new links.
    until(lambda: shop.call("/r/jamais", agent=PHONE).status == 302)
    assert shop.call("/r/bientot", agent=PHONE).headers["location"] == "horizon://promo"
    assert shop.call("/r/bientot", x_country="BE").headers["location"].startswith("https://be.")
    for said in ({"agent": PHONE}, {"x_country": "BE"}, {}):
        late = shop.call("/r/suite?gclid=Cj0", **said)
        assert (late.status, late.headers["x-event-id"] != "") == (302, True)
        assert late.headers["location"] == "https://boutique.example/fini?gclid=Cj0"
        gone = shop.call("/r/fini", **said)
        assert gone.status == 410
        assert b"Ce lien a expir\xc3\xa9.\nThis link has expired." in gone.body
        assert "location" not in gone.headers
        assert gone.headers["cache-control"] == "no-store"
    for _attempt in range(120):
        ended = shop.call("/r/bientot", agent=PHONE)
        if ended.headers["location"] != "horizon://promo":
            break
        time.sleep(0.1)
    assert ended.headers["location"] == "https://boutique.example/fini"
    assert shop.call("/r/jamais", agent=PHONE).headers["location"] == "horizon://promo"

    shop.publish()
    late_ones = rows(shop, "events", "DISTINCT aside", "campaign IN ('fin-fini', 'fin-suite')")
    assert late_ones == [("expired",)]


def test_what_does_not_exist_is_not_sent_anywhere(shop: Running) -> None:
    assert shop.call("/r/unknown").status == 404
    assert shop.call("/elsewhere").status == 404
    assert shop.call("/r/ete", "", method="OPTIONS").status != 500


def test_a_visit_a_lead_and_an_order_become_figures_once(shop: Running) -> None:
    landing = "https://boutique.example/ete?utm_source=linkedin&utm_medium=paid&li_fat_id=Zz9"
    yes = {"granted": True}
    visit = [
        shop.event("page_view", "v-1", url=landing, visitor="cookie-1", consent=yes),
        shop.event("page_view", "v-2", referrer=landing, visitor="cookie-1", consent=yes),
        shop.event("lead", "v-3", visitor="cookie-1", consent=yes, p={"login": "client-7"}),
    ]
    assert shop.call("/e", visit).status == 202
    assert shop.call("/e", visit[2]).status == 202
    for _again in range(2):
        sent = shop.from_server("order", order_id="C-1", value="120.50", currency="EUR",
                                login="client-7", consented=True, source="crm")  # fmt: skip
        assert sent.status == 202

    shop.publish()
    shop.publish()

    found = {row["channel"]: row for row in shop.figures("visits,leads_received", "channel")}
    assert found["Paid Social"]["visits"] == "1"
    assert found["Paid Social"]["leads_received"] == "1"
    assert [(r["orders"], r["revenue"]) for r in shop.figures("orders,revenue")] == [("1", "120.5")]
    assert rows(shop, "events", "count(*)", "event_id IN ('v-1', 'v-2', 'v-3')") == [(3,)]
    # The order of one device and the visit of the other are one person's: the same opaque key.
    keys = rows(shop, "events", "DISTINCT person", "person IS NOT NULL")
    assert len(keys) == 1
    files = b"".join(p.read_bytes() for p in (shop.installation.home / "lake").rglob("*.parquet"))
    for secret in (b"cookie-1", b"client-7", b"Zz9"):
        assert secret not in files


def test_without_consent_nothing_is_kept_that_lasts_beyond_the_day(shop: Running) -> None:
    said = shop.event("page_view", "x-1", visitor="cookie-2", p={"login": "client-8"},
                      url="https://boutique.example/?gclid=SeCrEt")  # fmt: skip
    shop.call("/e", said)
    refused = shop.event("page_view", "x-2", visitor="cookie-3", consent={"granted": True},
                         p={"customer": "client-9", "plan": "gold"})  # fmt: skip
    shop.call("/e", [refused], sec_gpc="1")
    shop.from_server("call", login="client-10", id="x-3")
    agreed = shop.event("identify", "x-4", consent={"granted": True}, p={"login": "client-11"})
    shop.call("/e", agreed)
    shop.publish()
    folder = shop.installation.home / "collector" / "journal"
    heard = b"".join(one.read_bytes() for one in folder.iterdir())
    # What somebody is called is not even heard, unless he agreed.
    assert [name in heard for name in (b"client-8", b"client-9", b"client-10")] == [False] * 3
    assert b"client-11" in heard
    assert b"gold" in heard

    kept = rows(shop, "events", "mode, visitor, person", "event_id IN ('x-1', 'x-2')")
    assert {row[0] for row in kept} == {"exempt"}
    assert all(row[1].startswith("d") and row[2] is None for row in kept)
    assert rows(shop, "events", "source, medium", "event_id = 'x-1'") == [("google", "cpc")]


def test_programs_previews_and_our_own_people_are_set_aside(shop: Running) -> None:
    shop.call("/r/ete")  # somebody, whichever tests came before
    shop.call("/r/ete", agent="Mozilla/5.0 (compatible; ExampleBot/1.0)")
    shop.call("/r/ete", sec_purpose="prefetch")
    shop.call("/r/ete", x_client="10.9.1.7")
    shop.call("/r/ete", method="HEAD")
    spam = shop.event("page_view", "spam", referrer="https://semalt.com/x")
    shop.call("/e", spam)
    shop.publish()

    kinds = "aside IN ('bot', 'internal', 'prefetch', 'spam')"  # others' links may have expired
    found = rows(shop, "tracked", "aside, sum(events)::INT", f"{kinds} GROUP BY aside")
    assert found == [("bot", 2), ("internal", 1), ("prefetch", 1), ("spam", 1)]
    clicks = rows(shop, "events", "count(*)", "kind = 'click' AND aside IS NULL")[0][0]
    assert shop.figures("tracked_clicks")[0]["tracked_clicks"] == str(clicks)


def test_a_code_is_taken_in_spite_of_case_and_spaces_and_once_when_it_is_single(
    shop: Running,
) -> None:
    for number, typed in enumerate(["salon25 ", "SALON 25", "Unique-1", "unique 1", "NOBODY"]):
        shop.from_server("redemption", code=typed, shop="nantes", id=f"till-{number}")
        shop.from_server("redemption", code=typed, shop="nantes", id=f"till-{number}")
    shop.publish()

    assert shop.figures("redemptions")[0]["redemptions"] == "3"
    by_code = rows(shop, "tracked", "code_id IS NULL, aside, sum(events)::INT",
                   "kind = 'redemption' GROUP BY ALL")  # fmt: skip
    assert by_code == [(False, "refused", 1), (False, None, 3), (True, "refused", 1)]


def test_the_call_of_the_guide_is_taken_as_curl_sends_it(shop: Running) -> None:
    body = '{"name": "order", "p": {"order_id": "1042", "value": 99.9, "currency": "EUR"}}'
    sent = shop.call(
        "/e", body, content_type="application/x-www-form-urlencoded",
        authorization=f"Bearer {shop.token}",
    )  # fmt: skip
    assert sent.status == 202
    shop.publish()
    assert rows(shop, "orders", "revenue::VARCHAR", "order_id = '1042'") == [("99.900000000",)]


def test_what_has_a_number_counts_once_however_often_it_is_sent(shop: Running) -> None:
    again = [
        ("refund", {"refund_id": "R-1", "order_id": "N-1", "value": 20, "currency": "EUR"}),
        ("call", {"call_id": "K-1", "duration_s": 30}),
        ("lead", {"lead_id": "M-1", "form": "number"}),
    ]
    shop.from_server("order", order_id="N-1", value=100, currency="EUR", shop="numbers")
    for _publication in range(2):
        for _webhook in range(2):
            for name, p in again:
                shop.from_server(name, shop="numbers", **p)
        shop.publish()
    # What has no number of its own is told apart by its event alone: parts of an order, two calls.
    for _part in range(2):
        shop.from_server("refund", order_id="N-1", value=5, currency="EUR", shop="numbers")
        shop.from_server("call", order_id="N-1", shop="numbers")
        shop.from_server("lead", form="number", shop="numbers")
    shop.publish()

    def counted(table: str, figure: str) -> Any:
        return rows(shop, table, f"{figure}::INT", "location = 'numbers'")[0][0]

    assert counted("orders", "sum(revenue)") == 100 - 20 - 5 - 5
    assert (counted("calls", "count(*)"), counted("leads", "count(*)")) == (3, 3)


def test_money_is_believed_only_with_the_token(shop: Running) -> None:
    for name in ("order", "refund", "call", "redemption", "shop_visit", "lead_state"):
        assert shop.call("/e", shop.event(name, p={"order_id": "F"})).status == 403
    forged = shop.call("/e", {"name": "order"}, authorization="Bearer wrong")
    assert forged.status == 403
    assert shop.call("/e", {**shop.event("page_view"), "site": "unknown"}).status == 403
    assert shop.call("/e", "{").status == 400
    assert shop.call("/e", shop.event("Not A Name")).status == 400


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"p": {"order_id": "U", "value": "50,5"}}, 'The value "50,5" is no number'),
        ({"p": {"order_id": "U", "value": True}}, 'The value "True" is no number'),
        ({"p": {"order_id": "U", "value": 1e300}}, "is no number"),
        ({"p": {"order_id": "U", "value": 5, "currency": "€"}}, '"€" is no currency'),
        ({"name": "call", "p": {"duration_s": "1:20"}}, '"1:20" is no number of seconds'),
        ({"name": "call", "p": {"duration_s": -5}}, '"-5" is no number of seconds'),
        ({"at": "20/11/2026"}, '"20/11/2026" is no time'),
        ({"at": "1763000000"}, '"1763000000" is no time'),
        ({"at": "2019-11-20T10:00:00Z"}, "is more than 400 days ago"),
        ({"at": "2099-11-20T10:00:00Z"}, "lies in the future"),
    ],
)
def test_a_server_is_told_what_cannot_be_read_and_nothing_of_it_is_kept(
    shop: Running, said: dict[str, Any], sentence: str
) -> None:
    good = {"name": "order", "id": "beside-it", "p": {"order_id": "U-2"}}
    body = [good, {"name": "order", "id": "unreadable", **said}]

    got = shop.call("/e", body, authorization=f"Bearer {shop.token}")

    assert got.status == 400
    assert sentence in got.body.decode()
    journals = (shop.installation.home / "collector").rglob("*")
    assert not any(b"beside-it" in one.read_bytes() for one in journals if one.is_file())


def test_a_late_order_restates_its_day(shop: Running) -> None:
    late = {"name": "order", "at": "2026-10-05T21:30:00+00:00", "p": {
        "order_id": "L-1", "value": 10, "currency": "EUR"}}  # fmt: skip
    assert shop.call("/e", late, authorization=f"Bearer {shop.token}").status == 202
    shop.publish()
    second = {**late, "p": {"order_id": "L-2", "value": 5, "currency": "EUR"}}
    shop.call("/e", second, authorization=f"Bearer {shop.token}")
    shop.publish()

    days = {row["date"]: row["orders"] for row in shop.figures("orders", "date")}
    assert days["2026-10-05"] == "2"


def test_the_pixel_and_a_form_are_events_too(shop: Running) -> None:
    pixel = shop.call(f"/p.gif?site={shop.key}&name=newsletter_open&id=px")
    assert (pixel.status, pixel.body[:6]) == (200, b"GIF89a")
    status = "CallSid=CA1&CallDuration=42&CallStatus=completed&From=%2B33639981234"
    for _state in range(2):  # told again with each state of the call
        told = shop.call(
            f"/e?name=call&token={shop.token}", status,
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip
        assert told.status == 202
    call = shop.call(
        f"/e?name=call&token={shop.token}", "call_id=A1&duration_s=65&outcome=answered",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert call.status == 202
    shop.publish()

    assert rows(shop, "calls", "call_id, duration_s, outcome", "call_id IN ('A1', 'CA1')") == [
        ("A1", 65, "answered"), ("CA1", 42, "completed"),
    ]  # fmt: skip
    assert rows(shop, "events", "kind", "event_id = 'px'") == [("newsletter_open",)]


def test_counts_by_day_are_the_sums_of_the_events(shop: Running) -> None:
    shop.publish()
    keys = "date, kind, mode, coalesce(aside, '')"
    raw = rows(shop, "events", f"{keys}, count(*)::INT", "true GROUP BY ALL")
    counted = rows(shop, "tracked", f"{keys}, sum(events)::INT", "kind <> 'visit' GROUP BY ALL")

    assert raw
    assert counted == raw


def test_what_was_derived_is_there_after_a_rebuild(shop: Running) -> None:
    before = shop.figures("visits,orders,revenue,tracked_clicks", "date")

    shop.installation.run("doctor", "--rebuild", status=None)

    assert shop.figures("visits,orders,revenue,tracked_clicks", "date") == before


def test_the_address_of_a_visitor_is_nowhere_on_the_disk(shop: Running) -> None:
    shop.call("/r/ete", x_client="203.0.113.77")
    shop.publish()
    kept = [p for p in (shop.installation.home / "collector").rglob("*") if p.is_file()]

    assert any(b"203.0.113.0" in path.read_bytes() for path in kept)
    assert not any(b"203.0.113.77" in path.read_bytes() for path in kept)


def test_the_script_is_small_and_asks_for_nothing_inline(shop: Running) -> None:
    script = shop.call("/m.js", agent=DESKTOP)

    assert script.headers["content-type"].startswith("text/javascript")
    assert len(gzip.compress(script.body, 9)) < 3_000
    assert b"eval(" not in script.body
    assert b"innerHTML" not in script.body


def test_the_journal_is_for_its_owner_alone(shop: Running) -> None:
    files: list[Path] = list((shop.installation.home / "collector").rglob("*.journal"))

    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
