"""The times of a table of events, however they are written, as whole numbers since 1970."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Longs
from regie.domain.attribution.columns import Place, is_text, without_nan
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

TICKS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
# Numbers since 1970 tell by their size what they count: up to the year 5138 none is ambiguous.
_SIZES = ((1e11, "s"), (1e14, "ms"), (1e17, "us"), (float("inf"), "ns"))
_OFFSET = re.compile(r"\d\d:?\d\d(:?\d\d(\.\d+)?)?\s*(Z|z|UTC|GMT|[+-]\d\d(:?\d\d)?)\s*$")
_AS_TEXT = _("Write times as 2026-09-30T18:00:00, all with a UTC offset or all without.")
_FIRST_DAY, _LAST_DAY = 1900_01_01, 2100_12_31


def ticks_of(kind: pa.DataType) -> str:
    """The unit in which the times of a column are held: nanoseconds only where it has them."""
    return "ns" if pa.types.is_timestamp(kind) and kind.unit == "ns" else "us"


def times(column: pa.Array, unit: str, place: Place) -> Longs:
    """Times as ``unit`` since 1970, whatever their zone."""
    column = without_nan(column)
    if column.null_count:
        raise place.empty(column, _("Every event needs its time."))
    kind = column.type
    if is_text(kind):
        column = _parsed(column, place)
    elif pa.types.is_date(kind):
        column = column.cast(pa.timestamp("us"))
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        column = _counted(column, place)
    elif not pa.types.is_timestamp(kind):
        raise WrongUse(
            say(_("“{name}” of {source} holds {kind}, not times."), name=place.name,
                source=place.source, kind=str(kind)),
            hint=_("Give times as timestamps, days, or text such as 2026-09-30T18:00:00."),
        )  # fmt: skip
    found = np.asarray(column.view(pa.int64()))
    more, less = TICKS[unit], TICKS[column.type.unit]
    if more == less:
        return found
    return found * (more // less) if more > less else found // (less // more)


def _parsed(column: pa.Array, place: Place) -> pa.Array:
    text = column.cast(pa.string())
    for rewritten in (_as_it_is, _plainly):
        written = rewritten(text)
        for kind in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
            try:
                return written.cast(kind)
            except pa.ArrowInvalid:
                continue
    if pc.all(pc.match_substring_regex(text, r"^\s*-?[0-9]+(\.[0-9]+)?\s*$")).as_py():
        return _counted(pc.utf8_trim_whitespace(text).cast(pa.float64()), place)
    first = has_offset(text[0].as_py())

    def read(value: object) -> None:
        datetime.fromisoformat(str(value).strip())
        if has_offset(str(value)) != first:
            raise place.refused(values.index(value), *otherwise(zoned=first), value=value)

    values = text.to_pylist()
    raise place.unreadable(
        column, read, _("“{name}” holds “{value}”, which is not a time."), _AS_TEXT
    )


def _as_it_is(text: pa.Array) -> pa.Array:
    return text


def _plainly(text: pa.Array) -> pa.Array:
    """Without spaces around, “UTC” as Z, and nothing beyond millionths of a second."""
    text = pc.replace_substring_regex(pc.utf8_trim_whitespace(text), r"\s*(UTC|GMT)$", "Z")
    return pc.replace_substring_regex(text, r"(:[0-9]{2}\.[0-9]{6})[0-9]+", r"\1")


def has_offset(text: str) -> bool:
    """Whether a time that is written says how far it is from UTC."""
    return _OFFSET.search(text) is not None


def otherwise(*, zoned: bool) -> tuple[str, str]:
    """The problem of a time that has a UTC offset where the first has none, or the other way."""
    if zoned:
        return _("“{name}” holds “{value}” without a UTC offset, the first has one."), _AS_TEXT
    return _("“{name}” holds “{value}” with a UTC offset, the first has none."), _AS_TEXT


def _counted(column: pa.Array, place: Place) -> pa.Array:
    """Numbers as moments: seconds since 1970, or thousandths and so on where they are as large as
    that; 20260930 is a day."""
    if pa.types.is_integer(column.type):
        values = np.asarray(column)
    else:
        values = np.asarray(column.cast(pa.float64(), safe=False))
    if len(values) == 0:
        return pa.array([], pa.timestamp("us"))
    if (days := _days(values)) is not None:
        return pa.array(days, pa.date32()).cast(pa.timestamp("us"))
    sizes = np.abs(values.astype(np.float64))
    largest = float(sizes.max())
    if not largest < 2.0**63:
        raise place.refused(
            int(np.argmax(sizes)), _("“{name}” holds “{value}”, which is not a time."),
            _("Give times as timestamps, days, or text such as 2026-09-30T18:00:00."),
            value=largest,
        )  # fmt: skip
    unit = next(unit for size, unit in _SIZES if largest < size)
    if values.dtype.kind in "iu":
        return pa.array(values.astype(np.int64), pa.timestamp(unit))
    more = 1_000_000 // TICKS[unit] if TICKS[unit] < 1_000_000 else 1
    finest = "us" if TICKS[unit] < 1_000_000 else unit
    return pa.array(np.rint(values * more).astype(np.int64), pa.timestamp(finest))


def _days(values: np.ndarray[Any, Any]) -> list[date] | None:
    """Days written as 20260930, where all numbers are such; else None."""
    if values.min() < _FIRST_DAY or values.max() > _LAST_DAY or (values % 1 != 0).any():
        return None
    known: dict[int, date] = {}
    for number in np.unique(values).tolist():
        try:
            known[int(number)] = date(
                int(number) // 10_000, int(number) // 100 % 100, int(number) % 100
            )
        except ValueError:
            return None
    return [known[int(number)] for number in values.tolist()]
