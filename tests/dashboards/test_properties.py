"""What holds for every question: sums add up, ratios divide sums, and all doors say the same."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regie.cli import main as command
from regie.domain.metrics.catalog import metric, metrics
from regie.domain.metrics.definitions import NonAdditive, Ratio, Sum, Unit
from regie.domain.metrics.ratios import value_of
from regie.kernel.periods import Period
from regie.library import Regie
from regie.warehouse.monthly import MOST_DAYS
from tests.cast import Cast, ask
from tests.dashboards.given import give
from tests.lasting import Lasting

pytestmark = pytest.mark.slow

FIRST, DAYS = date(2026, 8, 20), 30
SUMS = sorted(name for name, one in metrics().items() if isinstance(one, Sum))
RATIOS = sorted(name for name, one in metrics().items() if isinstance(one, Ratio))
BY = ["date", "week", "month", "platform", "channel", "account", "campaign", "ad_group", "media",
      "organisation", "location", "ad_network", "currency"]  # fmt: skip
QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
METRICS = st.lists(st.sampled_from(SUMS), min_size=1, max_size=4, unique=True)
SPLITS = st.lists(st.sampled_from(BY), max_size=3, unique=True)
PERIODS = st.one_of(
    st.none(),
    st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)).map(
        lambda pair: Period(FIRST + timedelta(min(pair)), FIRST + timedelta(max(pair)))
    ),
)
CURRENCIES = st.sampled_from(["", "EUR", "USD"])


@pytest.fixture(scope="module")
def busy(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A month of several accounts at several levels, in two currencies, with sales."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        give(company, _case(random.Random(20260901)), folder)  # noqa: S311 - the same each time


def _case(chance: random.Random) -> dict[str, Any]:
    accounts = {
        "G": {"platform": "google_ads", "in": "nantes"},
        "M": {"platform": "meta_ads", "in": "rennes"},
        "L": {"platform": "linkedin_ads", "in": "network"},
        "S": {"platform": "own", "in": "nantes"},
    }
    money = {"G": "EUR", "M": "USD", "L": "EUR"}
    performance, conversions, orders, visits, leads = [], [], [], [], []
    for n in range(DAYS):
        day = FIRST + timedelta(n)
        for account, currency in money.items():
            for level in chance.sample(["account", "campaign", "ad_group"], chance.randint(1, 3)):
                for number in range(1 if level == "account" else 3):
                    row = _entity(account, day, level, number) | {"currency": currency}
                    performance.append(row | _delivery(chance))
                    conversions.append(row | _claim(chance))
        orders.append(
            {"account": "S", "date": day, "campaign": chance.choice(["c0", "c1", "letter", None]),
             "revenue": _amount(chance), "currency": chance.choice(["EUR", "USD"]),
             "channel": chance.choice(["Email", "Paid Search", None])}
        )  # fmt: skip
        visits.append(
            {"account": "S", "date": day, "channel": "Email", "visits": chance.randint(1, 99),
             "completed": chance.choice([None, 1]), "campaign": "c0"}
        )  # fmt: skip
        leads.append({"account": "S", "date": day, "channel": "Email"})
    rates = [(FIRST + timedelta(n), "USD", "EUR", Decimal(chance.randint(80, 99)) / 100)
             for n in range(DAYS)]  # fmt: skip
    return {
        "accounts": accounts, "performance": performance, "conversions": conversions,
        "orders": orders, "visits": visits, "leads": leads, "rates": rates,
    }  # fmt: skip


def _entity(account: str, day: date, level: str, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {"account": account, "date": day, "level": level}
    if level != "account":
        row["campaign_id"] = f"c{number}"
    if level == "ad_group":
        row["ad_group_id"] = f"g{number}"
    return row


def _delivery(chance: random.Random) -> dict[str, Any]:
    return {
        "spend": _amount(chance), "impressions": chance.randint(0, 1000),
        "clicks": chance.choice([None, 0, 7, 30]), "leads": chance.choice([None, 0, 2]),
    }  # fmt: skip


def _claim(chance: random.Random) -> dict[str, Any]:
    return {"conversions": _amount(chance), "conversion_value": _amount(chance), "attribution": "x"}


def _amount(chance: random.Random) -> Decimal:
    return Decimal(chance.randint(0, 10**7)) / chance.choice([1, 100, 10**4])


def test_totals_are_the_sums_of_all_rows(cast: Cast, busy: None) -> None:
    @QUICK
    @given(METRICS, SPLITS, PERIODS, CURRENCIES)
    def holds(names: list[str], by: list[str], period: Period | None, currency: str) -> None:
        answer = ask(cast.amelie, names, by, period=period, currency=currency)
        for name in names:
            assert _flat(answer.totals[name]) == _added(answer.rows, name, split=not currency)

    holds()


def _flat(total: Any) -> dict[str, Any]:
    return dict(total) if isinstance(total, dict) else {"": total}


def _added(rows: list[dict[str, Any]], name: str, *, split: bool) -> dict[str, Any]:
    by_currency = split and metric(name).unit is Unit.MONEY
    sums: dict[str, Any] = {} if by_currency else {"": None}
    for row in rows:
        if row[name] is not None:
            code = row["currency"] if by_currency else ""
            sums[code] = row[name] + (sums.get(code) or 0)
    return sums


def test_a_ratio_is_the_sum_over_the_sum_of_its_row(cast: Cast, busy: None) -> None:
    @QUICK
    @given(st.sampled_from(RATIOS), SPLITS, PERIODS)
    def holds(name: str, by: list[str], period: Period | None) -> None:
        ratio = metric(name)
        assert isinstance(ratio, Ratio)
        parts = [ratio.numerator, ratio.denominator]
        answer = ask(cast.amelie, [name, *parts], by, period=period, currency="EUR")
        for row in [*answer.rows, answer.totals]:
            assert row[name] == value_of(ratio, row)

    holds()


def test_the_order_of_words_does_not_matter(cast: Cast, busy: None) -> None:
    @QUICK
    @given(METRICS, SPLITS, st.randoms(use_true_random=False))
    def holds(names: list[str], by: list[str], chance: random.Random) -> None:
        mixed, turned = chance.sample(names, len(names)), chance.sample(by, len(by))
        first, second = ask(cast.amelie, names, by), ask(cast.amelie, mixed, turned)

        assert first.totals == second.totals
        assert _bag(first.rows) == _bag(second.rows)

    holds()


def _bag(rows: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted((name, str(cell)) for name, cell in row.items()) for row in rows)


def test_a_few_days_say_what_they_say_among_many(cast: Cast, busy: None) -> None:
    """Few days are added up here and many by the engine: nobody may see which."""
    every = Period(FIRST - timedelta(MOST_DAYS), FIRST + timedelta(DAYS))
    names = [*(one for one in SUMS if not getattr(metric(one), "otherwise", "")), "ctr", "roas"]

    @QUICK
    @given(
        st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True),
        st.sampled_from([["date"], ["date", "platform"], ["platform", "date"]]),
        PERIODS.filter(bool),
        CURRENCIES,
        st.sampled_from([(), ("platform=google_ads",), ("campaign=c1",), ("level=ad_group",)]),
    )
    def holds(
        names: list[str], by: list[str], period: Period, currency: str, where: tuple[str, ...]
    ) -> None:
        few = ask(cast.amelie, names, by, period=period, currency=currency, where=where)
        many = ask(cast.amelie, names, by, period=every, currency=currency, where=where)
        # What knows nothing of days has one row for the whole period.
        theirs = [
            row for row in many.rows if row["date"] and period.start <= row["date"] <= period.end
        ]
        assert list(map(str, theirs)) == [str(row) for row in few.rows if row["date"]]

    holds()


def test_a_period_is_the_sum_of_its_halves(cast: Cast, busy: None) -> None:
    @QUICK
    @given(METRICS, st.integers(0, DAYS - 2))
    def holds(names: list[str], days: int) -> None:
        middle, last = FIRST + timedelta(days), FIRST + timedelta(DAYS)
        halves = Period(FIRST, middle), Period(middle + timedelta(1), last)
        whole = ask(cast.amelie, names, period=Period(FIRST, last), currency="EUR").totals
        parts = [ask(cast.amelie, names, period=half, currency="EUR").totals for half in halves]
        for name in names:
            found = [part[name] for part in parts if part[name] is not None]
            assert whole[name] == (sum(found) if found else None)

    holds()


def test_money_is_converted_row_by_row_with_the_rate_of_its_day(cast: Cast, busy: None) -> None:
    rates = {day: rate for day, _from, _to, rate in _case(random.Random(20260901))["rates"]}  # noqa: S311

    @QUICK
    @given(st.sampled_from(["spend", "conversion_value", "revenue"]), PERIODS)
    def holds(name: str, period: Period | None) -> None:
        daily = ask(cast.amelie, name, ["date"], period=period)
        expected = sum(
            (row[name] * (1 if row["currency"] == "EUR" else rates[row["date"]])
             for row in daily.rows if row[name] is not None),
            Decimal(0),
        )  # fmt: skip
        found = ask(cast.amelie, name, period=period, currency="EUR").totals[name]

        assert (found or 0) == expected

    holds()


def test_people_see_parts_that_add_up(cast: Cast, busy: None) -> None:
    @QUICK
    @given(METRICS.filter(lambda names: not {"leads", "calls"} & set(names)), PERIODS)
    def holds(names: list[str], period: Period | None) -> None:
        asked = {"period": period, "currency": "EUR"}
        rows = ask(cast.amelie, names, ["organisation"], **asked).rows
        own = ask(cast.chloe, names, **asked).totals
        mine = next((row for row in rows if row["organisation"] == "horizon-nantes"), {})
        for name in names:
            assert own[name] == mine.get(name)
        assert ask(cast.diane, names, **asked).rows == []

    holds()


def test_command_file_and_python_say_what_the_selectors_say(
    cast: Cast, busy: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regie.config.boot.start", lambda: None)
    door = Regie()

    @settings(QUICK, max_examples=15)
    @given(
        st.lists(st.sampled_from([*SUMS, *RATIOS]), min_size=1, max_size=4, unique=True),
        SPLITS, PERIODS, CURRENCIES,
    )  # fmt: skip
    def holds(names: list[str], by: list[str], period: Period | None, currency: str) -> None:
        answer = ask(None, names, by, period=period, currency=currency)
        words = _words(names, by, period, currency)
        told = json.loads(_said(capsys, [*words, "--format", "json"]))
        written = list(csv.DictReader(io.StringIO(_said(capsys, [*words, "--format", "csv"]))))
        table = door.query(
            metrics=names, by=by, currency=currency,
            start=period.start if period else None, end=period.end if period else None,
        ).to_pylist()  # fmt: skip

        figures = [[row[name] for name in names] for row in answer.rows]
        assert [[_number(row[name]) for name in names] for row in told["rows"]] == figures
        assert [[_number(row[name]) for name in names] for row in written] == figures
        assert [[row[name] for name in names] for row in table] == figures
        assert set(told["totals"]) == set(names)

    holds()


def _words(names: list[str], by: list[str], period: Period | None, currency: str) -> list[str]:
    words = ["query", "--metrics", ",".join(names), "--by", ",".join(by), "--currency", currency]
    if period:
        words += ["--from", period.start.isoformat(), "--to", period.end.isoformat()]
    return words


def _said(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    capsys.readouterr()
    run: Callable[[list[str]], int] = command.main
    assert run(words) == 0
    return capsys.readouterr().out


def _number(cell: str | None) -> Decimal | None:
    return None if cell in (None, "") else Decimal(str(cell))


def test_every_metric_is_of_a_kind_that_is_tried_here() -> None:
    kinds = {type(one) for one in metrics().values()}

    assert kinds == {Sum, Ratio, NonAdditive}
