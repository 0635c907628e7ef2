"""What is kept to answer from lasts as long as the facts that it tells of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from regie.kernel.periods import Period
from regie.warehouse import running
from tests.cast import Cast, ask
from tests.dashboards.given import give, publish_rows

ACCOUNTS = {"G": {"platform": "google_ads"}, "S": {"platform": "own"}}
SPENT = [
    {"account": "G", "campaign_id": name, "date": date(2026, 9, day), "spend": spend,
     "currency": "EUR"}
    for name, day, spend in (("a", 1, 10), ("a", 2, 30), ("b", 2, 5), ("c", 3, 7))
]  # fmt: skip


def _spent(cast: Cast, *days: int, **query: object) -> list[tuple[str, Decimal]]:
    period = Period(date(2026, 9, days[0]), date(2026, 9, days[-1]))
    found = ask(None, "spend,cpc", by=["campaign"], period=period, **query)
    return [(row["campaign"], row["spend"]) for row in found.rows]


def test_other_days_are_answered_without_reading(cast: Cast, tmp_path: Path) -> None:
    keys = give(cast, {"accounts": ACCOUNTS, "performance": SPENT}, tmp_path)
    assert _spent(cast, 1, 3) == [("a", 40), ("b", 5), ("c", 7)]
    kept = len(running.MEMORY)

    assert _spent(cast, 2) == [("a", 30), ("b", 5)]
    order = {"account": "S", "date": date(2026, 9, 2), "revenue": 9, "currency": "EUR"}
    publish_rows({"orders": [order]}, keys, ACCOUNTS, cast)
    assert _spent(cast, 2, 3) == [("a", 30), ("b", 5), ("c", 7)]
    assert len(running.MEMORY) == kept

    publish_rows({"performance": SPENT[-1:]}, keys, ACCOUNTS, cast)
    assert _spent(cast, 2, 3) == [("a", 30), ("b", 5), ("c", 14)]
    assert len(running.MEMORY) > kept


def test_the_first_rows_are_those_of_the_whole_answer(cast: Cast, tmp_path: Path) -> None:
    alike = [{**SPENT[2], "campaign_id": name, "spend": 7} for name in "de"]
    give(cast, {"accounts": ACCOUNTS, "performance": [*SPENT, *alike]}, tmp_path)

    for order in ("-spend", "spend", "-campaign", "cpc"):
        whole = _spent(cast, 1, 3, order_by=order)
        for limit in range(1, 7):
            assert _spent(cast, 1, 3, order_by=order, limit=limit) == whole[:limit]


def test_names_of_the_same_campaigns_are_those_of_now(cast: Cast, tmp_path: Path) -> None:
    keys = give(cast, {"accounts": ACCOUNTS, "performance": SPENT}, tmp_path)

    def named() -> list[str]:
        period = Period(date(2026, 9, 1), date(2026, 9, 3))
        return [
            row["campaign_label"] for row in ask(None, "spend", by=["campaign"], period=period).rows
        ]

    assert named() == ["a", "b", "c"]
    for day, name in ((1, "Zoo"), (2, "Bus")):
        known = {"account": "G", "entity_id": "a", "name": name, "date": date(2026, 9, day)}
        publish_rows({"entities": [known]}, keys, ACCOUNTS, cast)
        assert named() == sorted([name, "b", "c"])


def test_a_smaller_scope_sums_up_what_it_may_see_alone(cast: Cast, tmp_path: Path) -> None:
    rennes = {"account": "R", "campaign_id": "a", "date": date(2026, 9, 2), "spend": 1,
              "currency": "EUR"}  # fmt: skip
    accounts = ACCOUNTS | {"R": {"platform": "google_ads", "in": "rennes"}}
    give(cast, {"accounts": accounts, "performance": [*SPENT, rennes]}, tmp_path)
    period = Period(date(2026, 9, 1), date(2026, 9, 3))

    def spent(person: object) -> list[Decimal]:
        found = ask(person, "spend", by=["campaign"], period=period, order_by="-spend", limit=2)
        assert len(found.rows) <= 2
        return [found.totals["spend"].get("EUR"), *(row["spend"] for row in found.rows)]

    assert spent(None) == [53, 40, 7]
    assert spent(cast.chloe) == [52, 40, 7]
    assert spent(cast.diane) == [None]
