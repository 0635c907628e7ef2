"""Keeps the credits up to date: a new day costs the journeys that it touches, not all of them.

Every model is a function of sums over paths, so a path that has gone on is taken out as it was and
put back as it is. An event older than the customer's last conversion would reopen a closed journey:
it is counted as late and left out, and whoever wants it counted attributes everything again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from regie.domain.attribution.arrays import Codes, Flags, Longs, ranges
from regie.domain.attribution.comparing import Comparison
from regie.domain.attribution.journeys import Journeys
from regie.domain.attribution.log import CONVERSION, EventLog
from regie.domain.attribution.model import Credit, Model, Settings
from regie.domain.attribution.open_touches import NEVER, Layer, OpenTouches, together
from regie.domain.attribution.ordering import Chunk, in_order
from regie.domain.attribution.paths import Paths
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say


class RunningCredits:
    """Credits of all events so far. Customers keep their numbers from day to day.

    ``units`` are all there will ever be: a log with another one is refused.
    """

    def __init__(
        self,
        models: Sequence[Model],
        units: Sequence[str],
        settings: Settings,
        *,
        lookback: timedelta,
        ticks_per_second: int = 1_000_000,
    ) -> None:
        self.units = tuple(units)
        self.comparison = Comparison(models, len(units), settings)
        self.lookback, self.ticks_per_second = lookback, ticks_per_second
        self.open = OpenTouches()
        self.unattributed, self.unattributed_value, self.late = 0, 0.0, 0

    def credits(self) -> Mapping[str, Credit]:
        return self.comparison.credits()

    def add(self, log: EventLog) -> None:
        """Take the events of ``log`` in; it is used up.

        Raises ``WrongUse`` for a unit that is not among ours, or for times in another unit.
        """
        self._check(log)
        if len(log) == 0:
            return
        known = self.open.of(_each_once(log.customers)) if self.open.layers else together([])
        log = self._on_time(log, known)
        if len(log) == 0:
            return
        self.comparison.add(_taken_out(known, len(self.units)))
        whole = _joined(known, log)
        customers = whole.customers.copy()
        journeys = Journeys(whole, self.lookback)
        layers = []
        for chunk in in_order(whole):
            self.comparison.add(journeys.of(chunk))
            layers.append(_still_open(whole, customers, chunk))
        self.open.put(_remembering(known, together(layers)))
        self.unattributed += journeys.unattributed
        self.unattributed_value += journeys.unattributed_value

    def _check(self, log: EventLog) -> None:
        if log.ticks_per_second != self.ticks_per_second:
            raise WrongUse(_("The times of this log are counted in another unit than before."))
        unknown = next((unit for unit in log.units if unit not in self.units), None)
        if unknown is not None:
            raise WrongUse(
                say(_("“{name}” is new among the units."), name=unknown),
                hint=_("Attribute all events again, with this unit."),
            )

    def _on_time(self, log: EventLog, known: Layer) -> EventLog:
        """The log in our codes, without late events."""
        place = {unit: code for code, unit in enumerate(self.units)}
        table = np.array([*(place[unit] for unit in log.units), CONVERSION], np.int32)
        if len(known.closed) == 0 or known.closed.max() < log.at.min():
            # As a rule: every conversion that we know of is older than what is new.
            return replace(log, codes=table[log.codes], units=list(self.units))
        closed = np.full(len(log), NEVER)
        there, rows = known.find(log.customers)
        closed[there] = known.closed[rows]
        on_time = log.at > closed
        self.late += int(np.count_nonzero(~on_time))
        return _picked(log, table[log.codes], on_time, self.units)


def _remembering(known: Layer, layer: Layer) -> Layer:
    """``layer``, closed no earlier than it was ``known`` to be: a day may pass without a sale."""
    there, rows = known.find(layer.customers)
    closed = layer.closed.copy()
    closed[there] = np.maximum(closed[there], known.closed[rows])
    return replace(layer, closed=closed)


def _each_once(customers: Longs) -> Longs:
    """Ascending; sorting a day's numbers is quicker than NumPy's table of those it has seen."""
    found = np.sort(customers)
    new = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=new[1:])
    return found[new]


def _picked(log: EventLog, codes: Codes, kept: Flags, units: Sequence[str]) -> EventLog:
    """``log`` with codes of ``units``, and only the events that are ``kept``."""
    where = np.cumsum(kept) - 1
    sold = kept[log.sold]
    return EventLog(
        log.customers[kept], log.at[kept], codes[kept], where[log.sold[sold]], log.worth[sold],
        list(units), log.ticks_per_second, log.in_order,
    )  # fmt: skip


def _taken_out(known: Layer, units: int) -> Paths:
    """The paths without conversion that the open touches were, each counted once less."""
    lengths = np.diff(known.offsets)
    offsets = np.concatenate(([0], np.cumsum(lengths[lengths > 0])))
    none = np.zeros(len(offsets) - 1)
    return Paths(units, known.codes, offsets, none, none, none - 1.0)


def _joined(known: Layer, log: EventLog) -> EventLog:
    """The open touches and the new events as one log."""
    if len(known.at) == 0:
        return log
    customers = np.repeat(known.customers, np.diff(known.offsets))
    return EventLog(
        np.concatenate((customers, log.customers)), np.concatenate((known.at, log.at)),
        np.concatenate((known.codes, log.codes)).astype(np.int32),
        log.sold + len(known.at), log.worth, log.units, log.ticks_per_second, False,
    )  # fmt: skip


def _still_open(log: EventLog, customers: Longs, chunk: Chunk) -> Layer:
    """What is open of the customers of ``chunk`` once all of it has happened."""
    rows, begins = chunk.rows, np.flatnonzero(chunk.opens)
    here = np.arange(len(rows), dtype=np.int64)
    sold = np.where(log.codes[rows] == CONVERSION, here, -1)
    last = np.maximum.reduceat(sold, begins)
    first = np.maximum(last + 1, begins)
    lengths = np.append(begins[1:], len(rows)) - first
    touches = rows[ranges(first, lengths)]
    closed = np.where(last < 0, NEVER, log.at[rows[last]])
    return Layer.of(customers[rows[begins]], lengths, log.at[touches], log.codes[touches], closed)
