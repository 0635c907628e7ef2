"""Day after day gives what everything at once gives."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.domain.attribution.columns import Columns
from regie.domain.attribution.comparing import credits_of
from regie.domain.attribution.incremental import RunningCredits
from regie.domain.attribution.journeys import Journeys
from regie.domain.attribution.log import EventLog, read_log
from regie.domain.attribution.model import Settings
from regie.domain.attribution.models import chosen
from regie.kernel.errors import WrongUse

START, DAY = 1_780_000_000_000_000, 86_400_000_000
UNITS = ("direct", "e-mail", "search", "social")
OPTIONS = Settings(np.array([True, False, False, False]))

Row = tuple[int, int, str | None]
ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 200), st.sampled_from((*UNITS, None))),
    min_size=1, max_size=60,
)  # fmt: skip


def log_of(rows: list[Row]) -> EventLog:
    """Rows of customer, moment (a quarter of a day each) and channel, None on a sale."""
    table = pa.table({
        "customer_id": pa.array([row[0] for row in rows], pa.int64()),
        "ts": pa.array([START + row[1] * DAY // 4 for row in rows], pa.timestamp("us")),
        "channel": pa.array([row[2] for row in rows], pa.string()),
        "value": pa.array([None if row[2] else 7.5 for row in rows], pa.float64()),
    })  # fmt: skip
    return read_log(table.schema, table.to_batches(), len(rows), Columns())


def running() -> RunningCredits:
    return RunningCredits(chosen("all"), UNITS, OPTIONS, lookback=timedelta(days=30))


@given(rows=ROWS, days=st.integers(1, 60))
@settings(max_examples=120, deadline=None)
def test_day_after_day_gives_what_everything_at_once_gives(rows: list[Row], days: int) -> None:
    # What shares a moment comes in one piece: touches before sales, as in a whole log.
    rows = sorted(rows, key=lambda row: (row[1], row[2] is None))
    kept = running()
    for first in range(0, 201, days):
        kept.add(log_of([row for row in rows if first <= row[1] < first + days]))

    log = log_of(rows)
    log.codes = np.array([UNITS.index(unit) for unit in log.units] + [-1])[log.codes]
    log.units = list(UNITS)
    journeys = Journeys(log, timedelta(days=30))
    whole = credits_of(chosen("all"), journeys, len(UNITS), OPTIONS)

    assert kept.late == 0
    assert kept.unattributed == journeys.unattributed
    for name, credit in kept.credits().items():
        assert credit.conversions == pytest.approx(whole[name].conversions, abs=1e-9), name
        assert credit.value == pytest.approx(whole[name].value, abs=1e-9), name


@given(rows=ROWS, pieces=st.integers(1, 6))
@settings(max_examples=120, deadline=None)
def test_pieces_in_any_order_give_all_that_was_not_late(rows: list[Row], pieces: int) -> None:
    kept, in_time, closed = running(), list[Row](), dict[int, int]()
    for piece in (rows[number::pieces] for number in range(pieces)):
        kept.add(log_of(piece))
        in_time += (taken := [row for row in piece if row[1] > closed.get(row[0], -1)])
        for customer, moment, channel in taken:
            if channel is None:
                closed[customer] = max(moment, closed.get(customer, -1))

    at_once = running()
    at_once.add(log_of(in_time))

    assert kept.late == len(rows) - len(in_time)
    for name, credit in kept.credits().items():
        whole = at_once.credits()[name]
        assert credit.conversions == pytest.approx(whole.conversions, abs=1e-9), name
        assert credit.value == pytest.approx(whole.value, abs=1e-9), name


def test_an_event_that_would_reopen_a_closed_journey_is_late() -> None:
    kept = running()
    kept.add(log_of([(1, 10, "search"), (1, 20, None)]))
    before = kept.credits()["linear"].conversions.tolist()

    kept.add(log_of([(1, 15, "e-mail"), (2, 15, "e-mail")]))

    assert kept.late == 1
    assert kept.credits()["linear"].conversions.tolist() == before


def test_late_but_open_is_in_time() -> None:
    kept = running()
    kept.add(log_of([(1, 20, "search")]))
    kept.add(log_of([(1, 10, "e-mail")]))
    kept.add(log_of([(1, 30, None)]))

    first = kept.credits()["first_touch"].conversions
    assert first.tolist() == [0.0, 1.0, 0.0, 0.0]


def test_a_new_unit_asks_for_everything_again() -> None:
    with pytest.raises(WrongUse, match="“print” is new among the units"):
        running().add(log_of([(1, 10, "print")]))
