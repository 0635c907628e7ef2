"""What journeys look like, for people: the usual paths, their steps, how long they take, who helps.

Channels that follow themselves are one step here: who comes back the same way has not moved on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Floats, Longs, summed
from regie.domain.attribution.paths import Paths

STEPS = 5
CONVERSION, NULL = "(conversion)", "(null)"
# Up to and including so many days; the last holds all longer ones.
DAYS = (0, 1, 2, 3, 7, 14, 21, 30, 60, 90)
MOST_TOUCHES = 12


def distinct_paths(parts: Iterable[Paths], units: Sequence[str]) -> pa.Table:
    """path (a list of channels), total_conversions, total_conversion_value, total_null, each once.

    What converted most comes first. The table is one that `attribute_paths` reads.
    """
    return most_usual_paths(parts, units)[0]


def most_usual_paths(
    parts: Iterable[Paths], units: Sequence[str], most: int | None = None
) -> tuple[pa.Table, int]:
    """The same, of which the first ``most`` are shown; and how many paths there are."""
    tables = [_counted(_listed(paths)) for paths in parts if len(paths)]
    if not tables:
        tables = [_counted(_listed(_no_paths()))]
    whole = tables[0] if len(tables) == 1 else _counted(pa.concat_tables(tables))
    order = [("conversions", "descending"), ("nulls", "descending"), ("key", "ascending")]
    shown = len(whole) if most is None else min(most, len(whole))
    # No two have the same key, so that it is always the same order.
    top = whole.take(pc.select_k_unstable(whole, shown, order))
    texts = pc.split_pattern(top["key"].combine_chunks(), " ")
    codes = pc.cast(texts.flatten(), pa.int64())
    names = pa.array(list(units), pa.string()).take(codes)
    table = pa.table({
        "path": pa.ListArray.from_arrays(texts.offsets, names),
        "total_conversions": top["conversions"],
        "total_conversion_value": top["value"],
        "total_null": top["nulls"],
    })  # fmt: skip
    return table, len(whole)


def _no_paths() -> Paths:
    nothing = np.zeros(0)
    return Paths(0, np.zeros(0, np.int64), np.zeros(1, np.int64), nothing, nothing, nothing)


def _listed(paths: Paths) -> pa.Table:
    """The codes of each path as one text, which can be grouped."""
    spelled = pa.array(np.arange(max(paths.units, 1))).cast(pa.string()).take(pa.array(paths.codes))
    steps = pa.ListArray.from_arrays(pa.array(paths.offsets.astype(np.int32)), spelled)
    return pa.table({
        "key": pc.binary_join(steps, " "),
        "conversions": paths.conversions, "value": paths.value, "nulls": paths.nulls,
    })  # fmt: skip


def _counted(table: pa.Table) -> pa.Table:
    sums = [(name, "sum") for name in ("conversions", "value", "nulls")]
    found = table.group_by("key", use_threads=False).aggregate(sums)
    return found.rename_columns([name.removesuffix("_sum") for name in found.column_names])


def steps(parts: Iterable[Paths], units: Sequence[str], *, most: int = STEPS) -> pa.Table:
    """step (from 1), from, to, paths, conversions: the flows between the first ``most`` steps.

    A path that ends goes to “(conversion)” or “(null)”; one that goes on longer stays open.
    """
    size, rows = len(units) + 2, most * len(units)
    flows = np.zeros((2, rows * size))
    for part in parts:
        paths = part.collapsed
        for place in range(most):
            _step(flows, paths, place)
    names = [*units, CONVERSION, NULL]
    shown = np.flatnonzero(flows[0])
    return pa.table({
        "step": pa.array(shown // size // max(len(units), 1) + 1, pa.int64()),
        "from": pa.array([units[at // size % len(units)] for at in shown.tolist()], pa.string()),
        "to": pa.array([names[cell % size] for cell in shown.tolist()], pa.string()),
        "paths": pa.array(flows[0, shown], pa.float64()),
        "conversions": pa.array(flows[1, shown], pa.float64()),
    })  # fmt: skip


def _step(flows: Floats, paths: Paths, place: int) -> None:
    """Add where paths go from their step ``place``, which counts from 0."""
    units, size = paths.units, paths.units + 2
    some = np.flatnonzero(paths.lengths > place)
    here = paths.first[some] + place
    goes_on = paths.lengths[some] > place + 1
    source = (place * units + paths.codes[here].astype(np.int64)) * size
    cells = source[goes_on] + paths.codes[here[goes_on] + 1]
    some, ends, source = some[goes_on], some[~goes_on], source[~goes_on]
    seen = paths.conversions + paths.nulls
    flows[0] += summed(cells, seen[some], flows.shape[1])
    flows[1] += summed(cells, paths.conversions[some], flows.shape[1])
    won = summed(source + units, paths.conversions[ends], flows.shape[1])
    flows += won
    flows[0] += summed(source + units + 1, paths.nulls[ends], flows.shape[1])


def time_to_conversion(parts: Iterable[Paths]) -> pa.Table:
    """up_to_days (null: longer), conversions, conversion_value: first touch to sale."""
    sums = np.zeros((2, len(DAYS) + 1))
    for paths in parts:
        earning = paths.converting()
        if earning.ages is None:
            raise ValueError("these paths have no times")
        bins = np.searchsorted(DAYS, np.floor(earning.ages[earning.first]))
        _into(sums, bins, earning)
    return _histogram("up_to_days", [*DAYS, None], sums)


def touches_to_conversion(parts: Iterable[Paths]) -> pa.Table:
    """touches (the last row: so many or more), conversions, conversion_value."""
    sums = np.zeros((2, MOST_TOUCHES))
    for paths in parts:
        earning = paths.converting()
        _into(sums, np.minimum(earning.lengths, MOST_TOUCHES) - 1, earning)
    return _histogram("touches", list(range(1, MOST_TOUCHES + 1)), sums)


def _into(sums: Floats, bins: Longs, earning: Paths) -> None:
    for row, earned in enumerate((earning.conversions, earning.value)):
        sums[row] += summed(bins, earned, sums.shape[1])


def _histogram(name: str, bounds: Sequence[int | None], sums: Floats) -> pa.Table:
    return pa.table({
        name: pa.array(bounds, pa.int64()),
        "conversions": pa.array(sums[0]),
        "conversion_value": pa.array(sums[1]),
    })  # fmt: skip


def assisted(parts: Iterable[Paths], units: Sequence[str]) -> pa.Table:
    """channel, last, assisted, assisted_value, opened, per_last: who closes sales and who helps.

    Assisted are conversions that a channel was part of without being the last touch; ``per_last``
    is how many for one that it closed (null where it closed none).
    """
    size = len(units)
    last, opened, helped, worth = (np.zeros(size) for _sum in range(4))
    for paths in parts:
        earning = paths.converting()
        if len(earning) == 0:
            continue
        closing = earning.codes[earning.last]
        last += summed(closing, earning.conversions, size)
        opened += summed(earning.codes[earning.first], earning.conversions, size)
        pairs = np.unique(earning.owners * size + earning.codes)
        owners, codes = pairs // size, pairs % size
        only = codes != closing[owners]
        helped += summed(codes[only], earning.conversions[owners[only]], size)
        worth += summed(codes[only], earning.value[owners[only]], size)
    per_last = np.divide(helped, last, out=np.zeros(size), where=last > 0)
    return pa.table({
        "channel": pa.array(list(units), pa.string()),
        "last": last, "assisted": helped, "assisted_value": worth, "opened": opened,
        "per_last": pa.array(per_last, mask=last == 0),
    })  # fmt: skip
