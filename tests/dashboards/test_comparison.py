"""Two periods side by side, read from one moment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from regie.apps.access.context import acting_as
from regie.apps.access.selectors import scope_of
from regie.apps.dashboards.selectors import compared
from regie.apps.organisations import selectors as organisations
from regie.domain.metrics.comparison import with_changes
from regie.domain.metrics.planning import parse
from regie.domain.metrics.query import Answer
from regie.kernel.errors import WrongUse
from regie.kernel.periods import parse_period
from tests.cast import Cast
from tests.dashboards.given import give
from tests.lasting import Lasting


def spent(account: str, day: date, amount: int) -> dict[str, Any]:
    row = {"account": account, "date": day, "campaign_id": "1"}
    return row | {"spend": amount, "currency": "EUR"}


CASE = {
    "accounts": {"G": "google_ads", "M": "meta_ads"},
    "performance": [
        spent("G", date(2026, 8, 2), 5),
        spent("M", date(2026, 8, 31), 7),
        spent("G", date(2026, 9, 2), 8),
        spent("G", date(2025, 9, 2), 4),
    ],
}


@pytest.fixture(scope="module")
def months(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        give(company, CASE, folder)


def put(cast: Cast, mode: str, by: tuple[str, ...] = (), period: str = "2026-09") -> Answer:
    query = parse(metrics=["spend"], by=by, period=parse_period(period) if period else None)
    with acting_as(cast.amelie):
        return compared(query, scope_of(organisations.visible_organisations()), mode)


def test_a_month_stands_beside_the_month_before(cast: Cast, months: None) -> None:
    answer = put(cast, "previous")

    assert answer.rows == [
        {"currency": "EUR", "spend": Decimal(8), "spend_before": Decimal(12),
         "spend_difference": Decimal(-4), "spend_change": Decimal(-1) / 3}
    ]  # fmt: skip
    assert answer.totals["spend_before"] == {"EUR": Decimal(12)}
    assert answer.totals["spend_difference"] == {"EUR": Decimal(-4)}
    assert answer.totals["spend_change"] == {"EUR": Decimal(-1) / 3}
    assert str(answer.compared_with) == "2026-08-01..2026-08-31"


def test_a_month_stands_beside_the_same_month_of_the_year_before(cast: Cast, months: None) -> None:
    assert put(cast, "year").totals["spend_before"] == {"EUR": Decimal(4)}


def test_any_period_will_do(cast: Cast, months: None) -> None:
    answer = put(cast, "2026-08-31..2026-08-31")

    assert answer.totals["spend_before"] == {"EUR": Decimal(7)}


def test_days_stand_beside_the_days_of_the_same_place(cast: Cast, months: None) -> None:
    answer = put(cast, "previous", ("date",))

    found = [(row["date"].day, row["spend"], row["spend_before"]) for row in answer.rows]
    assert found == [(2, Decimal(8), Decimal(5))]  # 31 August has no place in September
    assert answer.totals["spend_before"] == {"EUR": Decimal(12)}


def test_what_only_the_other_period_has_comes_last(cast: Cast, months: None) -> None:
    answer = put(cast, "previous", ("platform",))

    assert [(r["platform"], r["spend"], r["spend_before"]) for r in answer.rows] == [
        ("google_ads", Decimal(8), Decimal(5)),
        ("meta_ads", None, Decimal(7)),
    ]


def test_what_one_of_the_two_lacks_did_not_change_by_so_much(cast: Cast, months: None) -> None:
    (_google, meta) = put(cast, "previous", ("platform",)).rows

    assert (meta["spend_difference"], meta["spend_change"]) == (None, None)


@pytest.mark.parametrize(
    ("now", "before", "moved"),
    [(0, 0, (0, 0)), (3, 0, (3, None)), (None, 3, (None, None)), (3, None, (None, None)),
     (3, -4, (7, Decimal("1.75"))), (0, 4, (-4, -1))],
)  # fmt: skip
def test_from_nothing_there_is_a_difference_and_no_change(now, before, moved) -> None:
    totals = {"clicks": now, "clicks_before": before}
    period = parse_period("2026-09")
    both = Answer(("clicks",), (), [dict(totals)], totals, "", [], [], compared_with=period)

    found = with_changes(both)

    for one in (*found.rows, found.totals):
        assert (one["clicks_difference"], one["clicks_change"]) == moved
    assert found.columns == ("clicks", "clicks_before", "clicks_difference", "clicks_change")


def test_campaigns_of_one_id_in_two_accounts_are_compared_with_themselves(
    cast: Cast, months: None
) -> None:
    answer = put(cast, "previous", ("campaign",))

    assert sorted((row["spend"] or 0, row["spend_before"]) for row in answer.rows) == [
        (0, Decimal(7)), (Decimal(8), Decimal(5)),
    ]  # fmt: skip


def test_all_days_cannot_be_compared(cast: Cast, months: None) -> None:
    with pytest.raises(WrongUse, match="All days"):
        put(cast, "previous", period="")


def test_an_unknown_comparison_is_refused(cast: Cast, months: None) -> None:
    with pytest.raises(WrongUse, match="“yesterday” is no comparison"):
        put(cast, "yesterday")
