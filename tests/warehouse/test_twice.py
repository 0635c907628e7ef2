"""An order that a file and the collector both tell of is one; so is a day of visits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.apps.access.context import operating
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services
from regie.apps.tracking.models import Site
from regie.apps.tracking.publishing import journal_folder
from regie.ingestion.collected.journal import Record
from regie.warehouse.twice import NEAR_DAYS, TWICE, Counted
from tests.cast import Cast, ask, bring, total
from tests.collector.heard import keep

pytestmark = pytest.mark.slow

FIRST = date(2026, 9, 1)
ORDERS = "ordered_at;order_id;revenue;currency;channel\n"
VISITS = "date,channel,source,visits\n"


@pytest.fixture
def site(cast: Cast) -> Site:
    for path in journal_folder().glob("*"):
        path.unlink()
    with operating():
        made = services.create_site(
            actor=cast.chloe, organisation=cast.nantes,
            wanted=services.WantedSite("Boutique", ["boutique.example"], "consented"),
        )  # fmt: skip
        return Site.objects.get(pk=made)


def told(site: Site, kind: str, number: str, day: date, **p: Any) -> Record:
    """What a server tells, or a visitor of the day where ``number`` is an address."""
    at = int(datetime(day.year, day.month, day.day, 10, tzinfo=UTC).timestamp() * 1e6)
    is_view = kind == "page_view"
    sent = {"p": p, "url": number if is_view else "", "at": ""}
    return Record(f"{kind}-{number}-{day}-{p}", kind, at, site.organisation_id, site.pk, "", "",
                  "Mozilla/5.0 (X11; Linux) Firefox/140.0", "203.0.113.0", f"v{day}", "", "",
                  "" if is_view else "s", json.dumps(sent).encode())  # fmt: skip


def order(site: Site, number: str, day: date, value: str, **p: Any) -> Record:
    return told(site, "order", number, day, order_id=number, value=value, currency="EUR", **p)


def file(tmp_path: Path, name: str, text: str, organisation: Organisation) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert [one.rows_read > 0 for one in bring(organisation, path)] == [True]


def test_an_order_of_both_counts_once_with_the_money_of_the_file_and_the_way_we_measured(
    site: Site, cast: Cast, tmp_path: Path
) -> None:
    file(tmp_path, "orders.csv", ORDERS + "2026-09-02;A-1;100,00;EUR;\n2026-09-03;A-2;50,00;EUR;"
         "Email\n2026-09-20;A-4;7,00;EUR;\n", cast.nantes)  # fmt: skip
    keep([
        order(site, "A-1", date(2026, 9, 1), "119.90", source="facebook", medium="paid_social"),
        order(site, "A-2", date(2026, 9, 3), "50", source="google", medium="cpc"),
        order(site, "A-3", date(2026, 9, 3), "30", source="google", medium="cpc"),
        order(site, "A-4", date(2026, 9, 4), "8"),  # sixteen days apart: another order
    ])  # fmt: skip
    services.publish_events()

    answer = ask(None, ["orders", "revenue"], ["channel"])
    found = {row["channel"]: (row["orders"], row["revenue"]) for row in answer.rows}

    assert answer.totals["orders"] == 5
    assert answer.totals["revenue"] == {"EUR": Decimal(195)}
    assert found["Paid Social"] == (1, Decimal(100))
    assert found["Email"] == (1, Decimal(50))
    assert found["Paid Search"] == (1, Decimal(30))
    assert [note.params["count"] for note in answer.notes] == [2]
    # Whoever sees one of the two accounts only is not told less than he may see.
    assert ask(cast.diane, ["orders"]).totals["orders"] is None


@pytest.mark.parametrize("server", [True, False], ids=["server", "page"])
def test_leads_and_calls_that_carry_their_number_count_once_too(
    site: Site, cast: Cast, tmp_path: Path, server: bool
) -> None:
    file(tmp_path, "leads.csv", "received_at;lead_id;channel;status\n"
         "2026-09-02T10:00:00;L-1;Email;new\n", cast.nantes)  # fmt: skip
    file(tmp_path, "calls.csv", "started_at;call_id;duration_s;channel;outcome\n"
         "2026-09-02T10:00:00;T-1;60;Direct;answered\n", cast.nantes)  # fmt: skip
    sent = [
        told(site, "lead", "L-1", date(2026, 9, 2), lead_id="L-1", form="devis"),
        told(site, "lead", "none", date(2026, 9, 2), form="devis"),
        told(site, "call", "T-1", date(2026, 9, 2), call_id="T-1"),
    ]
    keep(
        sent
        if server
        else [msgspec.structs.replace(one, flags="") if one.kind == "lead" else one for one in sent]
    )
    services.publish_events()

    assert ask(None, ["leads_received", "calls"]).totals == {"leads_received": 2, "calls": 1}


def test_an_organisation_s_numbers_are_its_own(site: Site, cast: Cast, tmp_path: Path) -> None:
    file(tmp_path, "orders.csv", ORDERS + "2026-09-02;A-1;100;EUR;\n", cast.rennes)
    keep([order(site, "A-1", date(2026, 9, 2), "40")])
    services.publish_events()

    assert total(None, "orders") == 2
    assert total(cast.chloe, "orders") == 1


def test_of_visits_that_were_imported_and_measured_one_source_counts_each_day(
    site: Site, cast: Cast, tmp_path: Path
) -> None:
    days = [FIRST + timedelta(days=n) for n in range(4)]
    file(tmp_path, "visits.csv", VISITS + "".join(f"{day},Email,crm,100\n" for day in days),
         cast.nantes)  # fmt: skip
    keep([told(site, "page_view", "https://boutique.example/", day) for day in days[1:3]])
    services.publish_events()

    answer = ask(None, ["visits"], ["date"])

    # Not measured yet; the first day, seen in part; measured; the collector was off.
    assert [row["visits"] for row in answer.rows] == [100, 100, 1, 100]
    assert answer.totals["visits"] == 301
    assert [note.params["count"] for note in answer.notes] == [2]


rows = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["order", "refund"]), st.integers(1, 4),
              st.booleans(), st.sampled_from([None, "Email", "Direct"])),
    max_size=12, unique_by=lambda row: row[1:4],
)  # fmt: skip
Row = tuple[int, str, int, bool, str | None]


@settings(max_examples=60, deadline=None)
@given(given_rows=rows)
def test_of_each_number_that_both_know_nearby_the_file_s_row_stays(given_rows: list[Row]) -> None:
    kept = Counter((number, kind, ours) for _d, kind, number, ours, _c in once(given_rows))
    days = {(number, kind, ours): day for day, kind, number, ours, _channel in given_rows}

    for number, kind, ours in days:
        other = days.get((number, kind, not ours))
        is_both = other is not None and abs(other - days[number, kind, ours]) <= NEAR_DAYS
        assert kept[number, kind, ours] == (0 if ours and is_both else 1)


SAID = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["measured", "imported", "both"])),
    max_size=3, unique_by=lambda one: one[0],
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(given_rows=rows, said=SAID)
def test_from_the_day_that_somebody_chose_a_source_only_its_rows_count(
    given_rows: list[Row], said: list[tuple[int, str]]
) -> None:
    counting = [
        Counted(2, None if which == "both" else 1, which, FIRST + timedelta(days=day), "orders")
        for day, which in said
    ]

    def chosen(day: int) -> str:
        return max((one for one in said if one[0] <= day), default=(0, "both"))[1]

    kept = Counter(
        (number, kind, ours) for _d, kind, number, ours, _c in once(given_rows, counting)
    )
    days = {(number, kind, ours): day for day, kind, number, ours, _channel in given_rows}
    for (number, kind, ours), day in days.items():
        if chosen(day) == ("imported" if ours else "measured"):
            expected = 0
        else:
            other = days.get((number, kind, not ours))
            is_told = other is not None and abs(other - day) <= NEAR_DAYS
            # A file that does not count that day takes nothing's place.
            expected = 0 if ours and is_told and chosen(other or 0) != "measured" else 1
        assert kept[number, kind, ours] == expected
    assert Counter(once(given_rows, [replace(one, fact="leads") for one in counting])) == Counter(
        once(given_rows)
    )


def once(given_rows: Sequence[Row], counting: Sequence[Counted] = ()) -> list[Row]:
    """The rows that count, by the statements that the views are made of.

    Account 1 is what we measure, account 2 what is imported.
    """
    engine = duckdb.connect()
    engine.execute(
        "CREATE TABLE f (organisation_id INT, asset_key INT, date DATE, origin VARCHAR, order_id "
        "VARCHAR, kind VARCHAR, channel VARCHAR, source VARCHAR, medium VARCHAR, campaign VARCHAR, "
        "promo_code VARCHAR, customer VARCHAR, orders BIGINT)"
    )
    for day, kind, number, ours, channel in given_rows:
        engine.execute(
            "INSERT INTO f VALUES (1, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, 1)",
            [1 if ours else 2, FIRST + timedelta(days=day), "collector" if ours else "import",
             str(number), kind, channel],
        )  # fmt: skip
    engine.execute(f"CREATE TABLE t AS {TWICE['orders'].both('f', 'true', counting)}")
    found = engine.execute(
        "SELECT date, kind, order_id, origin = 'collector', channel "
        f"FROM {TWICE['orders'].once('f', 't', counting)} x"
    ).fetchall()
    return [
        ((day - FIRST).days, kind, int(number), ours, c) for day, kind, number, ours, c in found
    ]


def test_an_order_that_a_file_says_was_cancelled_counts_nowhere(
    site: Site, cast: Cast, tmp_path: Path
) -> None:
    """Measured, told by an earlier file, or both; and its day is stated anew."""
    keep([
        order(site, "A-1", date(2026, 9, 2), "100", source="facebook", medium="paid_social"),
        order(site, "A-2", date(2026, 9, 3), "50"),
        order(site, "A-3", date(2026, 9, 4), "30"),
    ])  # fmt: skip
    services.publish_events()
    heading = "ordered_at;order_id;revenue;currency;status\n"
    file(tmp_path, "first.csv", heading + "2026-09-02;A-1;100;EUR;paid\n"
         "2026-09-05;A-9;900;EUR;paid\n", cast.nantes)  # fmt: skip
    assert ask(None, ["orders", "revenue"]).totals == {"orders": 4, "revenue": {"EUR": 1080}}

    path = tmp_path / "second.csv"
    path.write_text(heading + "2026-09-02;A-1;100;EUR;Annulée\n2026-09-03;A-2;50;EUR;paid\n"
                    "2026-09-04;A-3;30;EUR;test\n2026-09-05;A-9;900;EUR;cancelled\n",
                    encoding="utf-8")  # fmt: skip
    (record,) = bring(cast.nantes, path)

    assert (record.rows_imported, record.rows_aside) == (1, 3)
    assert record.totals["orders"] == {"": "1"}
    answer = ask(None, ["orders", "revenue"], ["date"])
    assert answer.totals == {"orders": 1, "revenue": {"EUR": 50}}
    assert [(row["date"].day, row["orders"]) for row in answer.rows] == [(3, 1)]
    assert ask(None, ["orders"], where=["channel=Paid Social"]).totals["orders"] is None


def test_a_file_of_cancelled_orders_alone_is_taken_too(
    site: Site, cast: Cast, tmp_path: Path
) -> None:
    keep([order(site, "A-1", date(2026, 9, 2), "100"), order(site, "A-2", date(2026, 9, 2), "7")])
    services.publish_events()
    file(tmp_path, "orders.csv", "ordered_at;order_id;revenue;currency;status\n"
         "2026-09-02;A-1;100;EUR;cancelled\n", cast.nantes)  # fmt: skip
    assert ask(None, ["orders", "revenue"]).totals == {"orders": 1, "revenue": {"EUR": 7}}


def test_an_event_may_say_that_an_order_was_cancelled_later(site: Site, cast: Cast) -> None:
    keep([
        order(site, "A-1", date(2026, 9, 2), "100"),
        order(site, "A-2", date(2026, 9, 2), "20"),
        order(site, "A-1", date(2026, 9, 20), "100", status="cancelled"),
    ])  # fmt: skip
    services.publish_events()
    answer = ask(None, ["orders", "revenue"], ["date"])
    assert answer.totals == {"orders": 1, "revenue": {"EUR": 20}}
    assert [row["date"].day for row in answer.rows] == [2]
