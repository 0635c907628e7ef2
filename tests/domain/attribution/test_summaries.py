"""Days, places, odds, usual paths: each against a count by hand over the same journeys."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regie
from regie.domain.attribution import summaries
from regie.domain.attribution.calls import batches_of
from regie.domain.attribution.claims import side_by_side
from regie.domain.attribution.columns import Columns
from regie.domain.attribution.comparing import credits_of
from regie.domain.attribution.days import credits_by_day
from regie.domain.attribution.journeys import Journeys
from regie.domain.attribution.log import read_log
from regie.domain.attribution.model import Settings
from regie.domain.attribution.models import chosen
from regie.domain.attribution.paths import Paths
from tests.domain.attribution import by_hand
from tests.domain.attribution.by_hand import DAY, Event

START = 1_780_000_000_000_000
CHANNELS = ("direct", "e-mail", "search", "social")


def events(count: int = 800) -> list[Event]:
    random = np.random.default_rng(11)
    return [
        Event(
            int(random.integers(0, 60)), START + int(random.integers(0, 90 * DAY)),
            None if sold else str(random.choice(CHANNELS)), 10.0 if sold else None,
        )
        for sold in random.random(count) < 0.2
    ]  # fmt: skip


def table_of(some: list[Event]) -> pa.Table:
    return pa.table({
        "customer_id": [one.customer for one in some],
        "ts": pa.array([one.at for one in some], pa.timestamp("us")),
        "channel": pa.array([one.channel for one in some], pa.string()),
        "value": pa.array([one.value for one in some], pa.float64()),
    })  # fmt: skip


def parts_of(table: pa.Table) -> tuple[list[Paths], list[str]]:
    log = read_log(table.schema, batches_of(table, Columns()), len(table), Columns())
    return list(Journeys(log, timedelta(days=30))), log.units


@pytest.fixture(scope="module")
def journeys() -> list[by_hand.Journey]:
    return list(by_hand.journeys(events()))


@pytest.fixture(scope="module")
def built() -> tuple[list[Paths], list[str]]:
    return parts_of(table_of(events()))


def runs(channels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for at, one in enumerate(channels) if at == 0 or channels[at - 1] != one)


def test_distinct_paths_are_counted_once_each(journeys: list[by_hand.Journey]) -> None:
    expected: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0, 0])
    for one in journeys:
        sums = expected[one.channels]
        sums[0] += one.converted
        sums[1] += one.value
        sums[2] += not one.converted

    found = regie.paths_of_events(table_of(events())).to_pylist()

    assert {tuple(row.pop("path")): list(row.values()) for row in found} == expected
    counts = [row["total_conversions"] for row in found]
    assert counts == sorted(counts, reverse=True)


def test_the_paths_of_events_earn_what_the_events_earn() -> None:
    paths = regie.paths_of_events(table_of(events()))
    models = ["first_touch", "linear", "position_based", "markov", "shapley", "shapley_rate"]

    one = regie.attribute_events(table_of(events()), models=models)
    other = regie.attribute_paths(paths, models=models)

    for column in ("conversions", "conversion_value"):
        assert one[column].to_pylist() == pytest.approx(other[column].to_pylist(), rel=1e-9)


def test_no_journey_has_no_path() -> None:
    assert len(regie.paths_of_events(table_of([Event(1, START, None, 5.0)]))) == 0


def test_steps_flow_from_one_to_the_next(
    journeys: list[by_hand.Journey], built: tuple[list[Paths], list[str]]
) -> None:
    flows: Counter[tuple[int, str, str]] = Counter()
    sold: Counter[tuple[int, str, str]] = Counter()
    for one in journeys:
        way = [*runs(one.channels), "(conversion)" if one.converted else "(null)"]
        for step, pair in enumerate(pairwise(way), start=1):
            if step <= 3:
                flows[step, *pair] += 1
                sold[step, *pair] += one.converted

    found = summaries.steps(*built, most=3).to_pylist()

    assert {(r["step"], r["from"], r["to"]): r["paths"] for r in found} == flows
    assert {(r["step"], r["from"], r["to"]): r["conversions"] for r in found} == sold


def test_how_long_and_how_many_touches_it_takes(
    journeys: list[by_hand.Journey], built: tuple[list[Paths], list[str]]
) -> None:
    sold = [one for one in journeys if one.converted]
    bounds = [*summaries.DAYS, None]
    days = Counter(
        next(b for b in bounds if b is None or int(one.days_before[0]) <= b) for one in sold
    )
    touches = Counter(min(len(one.channels), summaries.MOST_TOUCHES) for one in sold)

    took = summaries.time_to_conversion(built[0]).to_pylist()
    needed = summaries.touches_to_conversion(built[0]).to_pylist()

    assert {r["up_to_days"]: r["conversions"] for r in took} == {b: days[b] for b in bounds}
    assert {r["touches"]: r["conversions"] for r in needed if r["conversions"]} == touches
    assert sum(r["conversion_value"] for r in took) == pytest.approx(10.0 * len(sold))


def test_who_closes_and_who_helps(
    journeys: list[by_hand.Journey], built: tuple[list[Paths], list[str]]
) -> None:
    sold = [one for one in journeys if one.converted]

    for row in summaries.assisted(*built).to_pylist():
        channel = row["channel"]
        closed = sum(one.channels[-1] == channel for one in sold)
        helped = sum(channel in one.channels and one.channels[-1] != channel for one in sold)
        assert (row["last"], row["assisted"]) == (closed, helped)
        assert row["opened"] == sum(one.channels[0] == channel for one in sold)
        assert row["per_last"] == pytest.approx(helped / closed)


def test_a_channel_that_closes_nothing_has_no_ratio() -> None:
    found = parts_of(table_of([
        Event(1, START, "print", None), Event(1, START + 1, "search", None),
        Event(1, START + 2, None, 5.0),
    ]))  # fmt: skip

    by_channel = {row["channel"]: row for row in summaries.assisted(*found).to_pylist()}
    assert by_channel["print"]["per_last"] is None
    assert by_channel["search"]["per_last"] == 0.0


def test_the_odds_of_each_state_add_up_to_one() -> None:
    found = regie.transitions_of_paths(
        {"path": ["C1 > C2 > C3", "C1", "C2 > C3"], "total_conversions": [1, 0, 0],
         "total_null": [0, 1, 1]}
    )  # fmt: skip

    odds = {(row["from"], row["to"]): row["probability"] for row in found.to_pylist()}
    assert odds == pytest.approx({
        ("(start)", "C1"): 2 / 3, ("(start)", "C2"): 1 / 3, ("C1", "C2"): 1 / 2,
        ("C1", "(null)"): 1 / 2, ("C2", "C3"): 1.0, ("C3", "(conversion)"): 1 / 2,
        ("C3", "(null)"): 1 / 2,
    })  # fmt: skip


def test_a_state_of_two_channels_is_named_in_their_order() -> None:
    found = regie.transitions_of_paths(
        {"path": ["a > b > c", "c"], "total_conversions": [1, 1]}, order=2
    )

    assert {(row["from"], row["to"]) for row in found.to_pylist()} == {
        ("(start)", "a > b"), ("(start)", "c"), ("a > b", "b > c"), ("b > c", "(conversion)"),
        ("c", "(conversion)"),
    }  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=30), min_size=1))
@settings(max_examples=40, deadline=None)
def test_places_add_up_to_the_shapley_value(paths: list[list[str]]) -> None:
    table = {"path": paths, "total_conversions": [1] * len(paths)}
    whole = regie.attribute_paths(table, models="shapley")

    found = regie.ordered_shapley_of_paths(table).to_pylist()

    sums: dict[str, float] = defaultdict(float)
    for row in found:
        sums[row["channel"]] += row["conversions"]
    assert sums == pytest.approx(
        dict(zip(whole["channel"].to_pylist(), whole["conversions"].to_pylist(), strict=True))
    )
    assert max(row["place"] for row in found) == min(max(map(len, paths)), 20)


@pytest.mark.parametrize("by", ["sale", "click"])
def test_the_days_of_a_channel_add_up_to_its_credit(
    by: str, built: tuple[list[Paths], list[str]]
) -> None:
    parts, units = built
    options = Settings(np.zeros(len(units), np.bool_))
    models = chosen("all")
    credits_ = credits_of(models, parts, len(units), options)

    found = credits_by_day(models, parts, credits_, units, options, by=by, zone="Europe/Paris")

    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in found.to_pylist():
        sums[row["model"], row["channel"]] += row["conversion_value"]
    assert sums == pytest.approx({
        (name, unit): credit.value[code]
        for name, credit in credits_.items() for code, unit in enumerate(units)
    })  # fmt: skip


def test_a_credit_is_of_the_day_of_its_click_or_of_its_sale_where_people_live() -> None:
    paris = ZoneInfo("Europe/Paris")
    clicked = datetime(2026, 3, 1, 0, 30, tzinfo=paris)  # still February in London
    sold = datetime(2026, 3, 9, 23, 30, tzinfo=paris)
    table = pa.table({
        "customer_id": ["amelie", "amelie"],
        "ts": pa.array([clicked.astimezone(UTC), sold.astimezone(UTC)], pa.timestamp("us", "UTC")),
        "channel": ["search", None], "value": [None, 80.0],
    })  # fmt: skip
    parts, units = parts_of(table)
    options = Settings(np.zeros(1, np.bool_))

    days = {
        by: credits_by_day(chosen("linear"), parts, {}, units, options, by=by, zone="Europe/Paris")
        for by in ("click", "sale")
    }

    assert days["click"].to_pylist()[0]["day"] == clicked.date()
    assert days["sale"].to_pylist()[0]["day"] == sold.date()
    assert days["sale"].to_pylist()[0]["conversion_value"] == 80.0


def test_claims_are_laid_beside_what_was_sold() -> None:
    """The case of the requirements: 60, 70 and 20 are claimed, 100 were sold."""
    claimed = {"meta": Decimal(60), "google": Decimal(70), "linkedin": Decimal(20)}
    found = side_by_side(
        claimed=claimed, real=Decimal(100),
        attributed={"google": Decimal(45), "meta": Decimal(30), "print": Decimal(20)},
    )  # fmt: skip

    assert (found.claimed, found.overclaim, found.overclaim_share) == (150, 50, Decimal("0.5"))
    assert found.unattributed == 5
    assert [row.channel for row in found.rows] == ["google", "meta", "print", "linkedin"]
    assert [row.gap for row in found.rows] == [25, 30, None, 20]


def test_no_claim_is_not_a_claim_of_nothing() -> None:
    found = side_by_side(claimed={}, attributed={"print": Decimal(2)}, real=Decimal(0))

    assert (found.claimed, found.overclaim, found.overclaim_share) == (None, None, None)
