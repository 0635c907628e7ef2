"""Journeys that remember their rows are those of the public calls; other periods only close."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from regie.domain.attribution.assembling import DAY, Rows, assembled
from regie.domain.attribution.journeys import Journeys
from regie.domain.attribution.log import CONVERSION, EventLog

LOOKBACK = timedelta(days=5)
events = some.lists(
    some.tuples(some.integers(0, 3), some.integers(0, 12), some.integers(-1, 2)), max_size=30
)


def rows_of(drawn: list[tuple[int, int, int]], counts: list[bool] | None = None) -> Rows:
    who, at, codes = (np.array([one[n] for one in drawn], np.int64) for n in range(3))
    worth = np.where(codes == CONVERSION, np.arange(len(drawn)) + 1.0, 0.0)
    here = np.ones(len(drawn), np.bool_) if counts is None else np.array(counts, np.bool_)
    return Rows(who, at * DAY, codes, worth, here)


@given(events)
def test_paths_are_those_of_the_public_calls(drawn: list[tuple[int, int, int]]) -> None:
    rows = rows_of(drawn)
    sold = np.flatnonzero(rows.codes == CONVERSION)
    log = EventLog(rows.who.copy(), rows.at, rows.codes, sold, rows.worth[sold], ["a", "b", "c"],
                   1_000_000, False)  # fmt: skip
    journeys = Journeys(log, LOOKBACK)
    theirs = list(journeys)

    ours = assembled(rows, 3, lookback=LOOKBACK)

    for name in ("codes", "conversions", "value", "nulls", "ages", "ended"):
        expected = [getattr(one, name) for one in theirs] or [np.zeros(0)]
        assert np.array_equal(getattr(ours.paths, name), np.concatenate(expected)), name
    assert len(ours.unattributed) == journeys.unattributed
    assert np.array_equal(rows.codes[ours.touches], ours.paths.codes)
    won = ours.sales[ours.sales >= 0]
    assert np.array_equal(rows.worth[won], ours.paths.value[ours.paths.conversions > 0])


@given(events, some.data())
def test_what_does_not_count_closes_a_journey_and_is_none(
    drawn: list[tuple[int, int, int]], data: some.DataObject
) -> None:
    counts = data.draw(some.lists(some.booleans(), min_size=len(drawn), max_size=len(drawn)))
    every = assembled(rows_of(drawn), 3, lookback=LOOKBACK)
    rows = rows_of(drawn, counts)
    ours = assembled(rows, 3, lookback=LOOKBACK)

    counted = {int(row) for row in every.sales if row >= 0 and rows.counts[row]}
    assert {int(row) for row in ours.sales if row >= 0} == counted
    assert all(rows.counts[ours.unattributed])
    by_sale = dict(zip(every.sales.tolist(), every.paths.lengths.tolist(), strict=True))
    for row, length in zip(ours.sales.tolist(), ours.paths.lengths.tolist(), strict=True):
        assert row < 0 or by_sale[row] == length


def test_a_visit_younger_than_the_lag_earns_nothing() -> None:
    rows = rows_of([(1, 1, 0), (1, 3, 1), (1, 4, CONVERSION)])

    ours = assembled(rows, 3, lookback=LOOKBACK, lag=timedelta(days=2))

    assert ours.paths.codes.tolist() == [0]
