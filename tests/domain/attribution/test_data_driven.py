"""Markov and Shapley against their definitions, against published cases, and themselves."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regie
from regie.domain.attribution import coalitions, removal
from regie.domain.attribution.models import shapley_rate
from regie.domain.attribution.path_tables import read_paths
from regie.domain.attribution.transitions import PairCounter, StateCounter
from regie.kernel.errors import WrongUse
from tests.domain.attribution import by_hand

PATHS = st.dictionaries(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=6).map(tuple),
    st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(any),
    min_size=1, max_size=8,
).filter(lambda paths: any(conversions for conversions, _nulls in paths.values()))  # fmt: skip
Counted = dict[tuple[str, ...], tuple[int, int]]


def table_of(paths: Counted, worth: float = 1.0) -> pa.Table:
    return pa.table({
        "path": [list(path) for path in paths],
        "total_conversions": [conversions for conversions, _nulls in paths.values()],
        "total_conversion_value": [worth * conversions for conversions, _nulls in paths.values()],
        "total_null": [nulls for _conversions, nulls in paths.values()],
    })  # fmt: skip


@given(paths=PATHS, order=st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_removal_effects_are_those_of_the_chain_without_the_channel(
    paths: Counted, order: int
) -> None:
    expected = by_hand.removal_effects(paths, order)

    found = regie.attribute_paths(table_of(paths, 2.5), models="markov", order=order)

    effects = dict(
        zip(found["channel"].to_pylist(), found["removal_effect"].to_pylist(), strict=True)
    )
    assert effects == pytest.approx(
        {one: float(effect) for one, effect in expected.items()}, abs=1e-12
    )
    total = sum(conversions for conversions, _nulls in paths.values())
    shares = [float(one / sum(expected.values())) * total for one in expected.values()]
    assert found["conversions"].to_pylist() == pytest.approx(shares, abs=1e-9)
    # Every conversion is worth the same: value goes where conversions go.
    assert found["conversion_value"].to_pylist() == pytest.approx(
        [2.5 * s for s in shares], abs=1e-9
    )


@given(paths=PATHS, order=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_four_ways_to_solve_the_chain_agree(paths: Counted, order: int) -> None:
    read = read_paths(table_of(paths, 3.0))
    counter = StateCounter(len(read.units), order)
    counter.add(read.paths)
    chain = counter.chain()
    inverted = removal.removal_effects(chain, len(read.units))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(removal, "MOST_INVERTED", 0)
        patch.setattr(removal, "MOST_STATES_A_UNIT", 100)
        patch.setattr(removal, "MOST_COPIED", 0)
        in_place = removal.removal_effects(chain, len(read.units))
        patch.setattr(removal, "MOST_INVERTED_OF_MANY", 0)
        walked = removal.removal_effects(chain, len(read.units))
        patch.setattr(removal, "MOST_STEPS", 0)
        factored = removal.removal_effects(chain, len(read.units))

    assert in_place == pytest.approx(inverted, abs=1e-11)
    assert walked == pytest.approx(inverted, abs=1e-11)
    assert factored == pytest.approx(inverted, abs=1e-11)


@pytest.mark.parametrize("channels", [6, 9])
def test_shapley_values_of_many_channels_are_those_over_all_coalitions(channels: int) -> None:
    random = np.random.default_rng(channels)
    names = [f"c{number}" for number in range(channels)]
    sets: dict[frozenset[str], tuple[float, float]] = {}
    for _row in range(200):
        path = frozenset(random.choice(names, random.integers(1, 5), replace=False).tolist())
        sets[path] = (float(random.integers(0, 5)), 9.0)
    paths = {tuple(sorted(one)): (int(sold), int(9 - sold)) for one, (sold, _all) in sets.items()}

    found = regie.attribute_paths(table_of(paths), models="shapley_rate")

    rates = by_hand.shapley(sets, rate=True)
    scale = sum(sold for sold, _all in sets.values()) / sum(rates.values())
    earned = dict(zip(found["channel"].to_pylist(), found["conversions"].to_pylist(), strict=True))
    assert earned == pytest.approx({name: scale * one for name, one in rates.items()}, abs=1e-9)


@given(paths=PATHS)
@settings(max_examples=40, deadline=None)
def test_pairs_of_channels_are_the_states_of_order_one(paths: Counted) -> None:
    read = read_paths(table_of(paths))
    pairs, states = PairCounter(len(read.units)), StateCounter(len(read.units), 1)
    for counter in (pairs, states):
        counter.add(read.paths)
        counter.add(read.paths)

    one, other = (
        removal.removal_effects(counter.chain(), len(read.units)) for counter in (pairs, states)
    )
    assert one == pytest.approx(other, abs=1e-12)


def test_an_order_beyond_reach_is_refused() -> None:
    table = pa.table({"path": [[f"c{i}" for i in range(2000)]], "total_conversions": [1]})

    with pytest.raises(WrongUse, match="out of reach"):
        regie.attribute_paths(table, models="markov", order=7)
    with pytest.raises(WrongUse, match="1 or more"):
        regie.attribute_paths(table, models="markov", order=0)


@given(paths=PATHS)
@settings(max_examples=60, deadline=None)
def test_shapley_values_are_those_over_all_coalitions(paths: Counted) -> None:
    sets: dict[frozenset[str], tuple[float, float]] = {}
    for path, (conversions, nulls) in paths.items():
        before = sets.get(frozenset(path), (0, 0))
        sets[frozenset(path)] = (before[0] + conversions, before[1] + conversions + nulls)
    total = sum(conversions for conversions, _nulls in paths.values())

    found = regie.attribute_paths(table_of(paths), models=["shapley", "shapley_rate"])

    half = len(found) // 2
    by_sum, by_rate = (
        found["conversions"].to_pylist()[:half],
        found["conversions"].to_pylist()[half:],
    )
    assert by_sum == pytest.approx(list(by_hand.shapley(sets, rate=False).values()), abs=1e-9)
    rates = by_hand.shapley(sets, rate=True)
    scale = total / sum(rates.values())
    assert by_rate == pytest.approx([scale * one for one in rates.values()], abs=1e-9)


@given(paths=PATHS)
@settings(max_examples=40, deadline=None)
def test_coalitions_are_the_same_however_they_are_counted(paths: Counted) -> None:
    read = read_paths(table_of(paths, 2.0))
    masked, hashed = (coalitions.ListGatherer(len(read.units)) for _way in range(2))
    table = coalitions.TableGatherer(len(read.units))
    with pytest.MonkeyPatch.context() as patch:
        for gatherer in (table, masked):
            gatherer.add(read.paths)
            gatherer.add(read.paths)
        patch.setattr(coalitions, "MOST_IN_MASK", 0)
        hashed.add(read.paths)
        hashed.add(read.paths)

    def spelled(gatherer: coalitions.Gatherer) -> dict[tuple[int, ...], tuple[float, ...]]:
        found = gatherer.coalitions()
        sets = np.split(found.members, found.offsets[1:-1])
        sums = zip(found.conversions, found.value, found.seen, strict=True)
        return {tuple(s.tolist()): tuple(map(float, n)) for s, n in zip(sets, sums, strict=True)}

    assert spelled(table) == spelled(masked) == spelled(hashed)


def test_sampled_shapley_values_lie_around_the_exact_ones() -> None:
    random = np.random.default_rng(7)
    rows = 3_000
    paths = [
        [f"c{one:02d}" for one in random.choice(14, random.integers(1, 6), replace=False)]
        for _row in range(rows)
    ]
    chance = [0.05 + 0.4 * ("c03" in path) for path in paths]
    sold = (random.random(rows) < np.array(chance)).astype(int)
    table = pa.table({"path": paths, "total_conversions": sold, "total_null": 1 - sold})
    exact = regie.attribute_paths(table, models="shapley_rate")
    assert exact["low"].null_count == len(exact)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coalitions, "MOST_IN_TABLE", 0)
        patch.setattr(shapley_rate, "WORK", 10_000_000)
        sampled = regie.attribute_paths(table, models="shapley_rate")

    truth, guess, low, high = (
        np.array(one)
        for one in (exact["conversions"], sampled["conversions"], sampled["low"], sampled["high"])
    )
    assert guess.sum() == pytest.approx(truth.sum())
    # 14 intervals of 95 %: allow each twice its width.
    assert (np.abs(guess - truth) <= (high - low)).all()
    assert (high - low).max() < truth.sum() / 10


@pytest.mark.requirement("ID-7")
def test_intervals_hold_the_credit_and_narrow_with_more_journeys() -> None:
    paths: Counted = {("a", "b"): (4, 40), ("b",): (3, 30), ("c", "a"): (2, 50), ("c",): (1, 40)}
    few = regie.attribute_paths(table_of(paths), intervals=True)
    many = regie.attribute_paths(
        table_of({path: (100 * c, 100 * n) for path, (c, n) in paths.items()}), intervals=True
    )
    again = regie.attribute_paths(table_of(paths), intervals=True)

    assert few.equals(again)
    for table in (few, many):
        for row in table.to_pylist():
            if row["model"] in ("markov", "shapley", "shapley_rate"):
                assert row["low"] - 1e-9 <= row["conversions"] <= row["high"] + 1e-9
            else:
                assert row["low"] is row["high"] is None
    narrow, wide = (
        [(row["high"] - row["low"]) / 10 for row in table.to_pylist() if row["high"]]
        for table in (many, few)
    )
    assert all(a / 100 < b for a, b in zip(narrow, wide, strict=True))


def test_the_published_case_of_markov(shared: Path) -> None:
    found = regie.attribute_paths(
        {
            "path": ["C1 > C2 > C3", "C1", "C2 > C3"],
            "total_conversions": [1, 0, 0],
            "total_conversion_value": [1000.0, 0.0, 0.0],
            "total_null": [0, 1, 1],
        },
        models="markov",
    )
    with (shared / "golden/attribution/case_bryl_markov.csv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))

    for ours, theirs in zip(found.to_pylist(), published, strict=True):
        assert ours["channel"] == theirs["channel_name"]
        for mine, their in (
            ("removal_effect", "removal_effects_conversion"),
            ("conversions", "total_conversions"),
            ("conversion_value", "total_conversion_value"),
        ):
            assert ours[mine] == pytest.approx(float(theirs[their]), abs=1e-9)


def test_the_published_case_of_shapley(shared: Path) -> None:
    with (shared / "golden/attribution/case_shapley_3.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    found = regie.attribute_paths(
        {
            "path": [row["coalition"].replace("+", " > ") for row in rows],
            "total_conversions": [float(row["conversion_share"]) for row in rows],
        },
        models="shapley",
    )

    earned = dict(zip(found["channel"].to_pylist(), found["conversions"].to_pylist(), strict=True))
    published = {
        r["coalition"]: float(r["published_shapley"]) for r in rows if r["published_shapley"]
    }
    assert earned == pytest.approx(published, abs=1e-9)
