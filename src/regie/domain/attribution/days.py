"""Credits day by day: of the sale, or of the click that earned it.

A rule gives each touch its share, so its day is known. A data-driven model speaks of channels over
all journeys: the credit of a channel is spread over days as its touches of converting journeys are
(as its linear credit), so that the days of each channel add up to what the model gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Floats, Longs, summed
from regie.domain.attribution.model import Credit, Model, Rule, Settings
from regie.domain.attribution.models.linear import linear
from regie.domain.attribution.paths import Paths

DAY = 86_400_000_000
By = Literal["sale", "click"]


class DailyCredits:
    """Adds paths with their times up; ``zone`` says when a day begins."""

    def __init__(self, models: Sequence[Model], settings: Settings, *, by: By, zone: str) -> None:
        self.rules = [one for one in models if isinstance(one, Rule)]
        self.learning = [one for one in models if not isinstance(one, Rule)]
        self.settings, self.by, self.zone = settings, by, zone
        self.days: Longs = np.zeros(0, np.int64)
        self.sums: dict[str, Floats] = {}

    def add(self, paths: Paths) -> None:
        """Raises ``ValueError`` for paths without times."""
        earning = paths.converting()
        if earning.ended is None or earning.ages is None:
            raise ValueError("these paths have no times")
        if len(earning) == 0:
            return
        moments = earning.ended[earning.owners]
        if self.by == "click":
            moments = moments - np.rint(earning.ages * DAY).astype(np.int64)
        days, where = np.unique(_days(moments, self.zone), return_inverse=True)
        units = earning.units
        self._grow(days, units)
        cells = np.searchsorted(self.days, days)[where] * units + earning.codes
        for rule in {one.name: one for one in (*self.rules, linear)}.values():
            weights = rule.weights(earning, self.settings)
            for row, earned in enumerate((earning.conversions, earning.value)):
                found = summed(cells, weights * earned[earning.owners], len(self.days) * units)
                self.sums[rule.name][row] += found.reshape(len(self.days), units)

    def _grow(self, days: Longs, units: int) -> None:
        """Make room for days not seen before."""
        before, self.days = self.days, np.union1d(self.days, days)
        places = np.searchsorted(self.days, before)
        for name in {*(one.name for one in self.rules), linear.name}:
            larger = np.zeros((2, len(self.days), units))
            if name in self.sums:
                larger[:, places] = self.sums[name]
            self.sums[name] = larger

    def table(self, credits_: Mapping[str, Credit], units: Sequence[str]) -> pa.Table:
        """model, day, channel, conversions, conversion_value; only where there is something.

        ``credits_`` are those of the whole time, for the data-driven models.
        """
        parts = [
            self._rows(one.name, self.sums[one.name], units) for one in self.rules if self.sums
        ]
        for one in self.learning if self.sums else ():
            credit = credits_[one.name]
            spread = self.sums[linear.name]
            whole = spread.sum(axis=1)
            factor = np.divide(
                np.stack((credit.conversions, credit.value)), whole,
                out=np.zeros_like(whole), where=whole != 0,
            )  # fmt: skip
            parts.append(self._rows(one.name, spread * factor[:, None, :], units))
        return pa.concat_tables(parts) if parts else _table([], self.days, [], np.zeros((2, 0)))

    def _rows(self, name: str, sums: Floats, units: Sequence[str]) -> pa.Table:
        day, unit = np.nonzero((sums != 0).any(axis=0))
        names = [units[code] for code in unit.tolist()]
        return _table([name] * len(day), self.days[day], names, sums[:, day, unit])


def _table(models: list[str], days: Longs, units: list[str], sums: Floats) -> pa.Table:
    return pa.table({
        "model": pa.array(models, pa.string()),
        "day": pa.array(days[: len(models)].astype(np.int32), pa.int32()).cast(pa.date32()),
        "channel": pa.array(units, pa.string()),
        "conversions": pa.array(sums[0], pa.float64()),
        "conversion_value": pa.array(sums[1], pa.float64()),
    })  # fmt: skip


def _days(moments: Longs, zone: str) -> Longs:
    """Days since 1970 of moments in microseconds, as clocks of ``zone`` say it."""
    local = pc.local_timestamp(pa.array(moments).cast(pa.timestamp("us", zone)))
    found: Longs = np.asarray(local.view(pa.int64())) // DAY
    return found


def credits_by_day(
    models: Sequence[Model],
    parts: Iterable[Paths],
    credits_: Mapping[str, Credit],
    units: Sequence[str],
    settings: Settings,
    *,
    by: By = "sale",
    zone: str = "UTC",
) -> pa.Table:
    """`DailyCredits` of all ``parts`` at once."""
    daily = DailyCredits(models, settings, by=by, zone=zone)
    for paths in parts:
        daily.add(paths)
    return daily.table(credits_, units)
