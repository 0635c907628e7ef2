"""Which files of a table may hold rows of a period: those of its months, and no other is opened."""

from __future__ import annotations

from dataclasses import dataclass

from regie.domain.facts import ENTITIES, PERIOD_FIGURES
from regie.domain.metrics.planning import FOR_WHOM
from regie.kernel.periods import Period, month_start, year_start
from regie.warehouse.catalogue import Snapshot, StoredFile
from regie.warehouse.rollups import is_by_month

WITH_CAMPAIGN = "_with_campaign"  # events that have met the ads' campaign that they name
# Names have no period, and a figure of a whole period lies in the month of its first day only.
_WHOLE = (ENTITIES.name, PERIOD_FIGURES.name)


@dataclass(frozen=True)
class Part:
    """``view`` is a name of its own for these files of ``table``."""

    table: str
    view: str
    files: tuple[StoredFile, ...]
    period: Period | None


def part_of(name: str, snapshot: Snapshot, period: Period | None) -> Part:
    """What of the table ``name`` is read for ``period``; all of it where that is None."""
    table = name.removesuffix(WITH_CAMPAIGN).partition(FOR_WHOM)[0]
    everything = tuple(snapshot.files(table))
    if period is None or table in _WHOLE:
        return Part(name, name, everything, None)
    first = (year_start if is_by_month(table) else month_start)(period.start)
    files = tuple(file for file in everything if first <= file.month <= period.end)
    if len(files) == len(everything):
        return Part(name, name, everything, None)
    months = [file.month for file in files]
    ends = f"{min(months):%Y%m}_{max(months):%Y%m}" if months else "nothing"
    return Part(name, f"{name}_{ends}", files, period)
