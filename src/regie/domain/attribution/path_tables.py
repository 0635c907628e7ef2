"""Tables of paths: one row for each path, with how often it converted and how often it did not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Floats, Longs
from regie.domain.attribution.columns import Place, check_columns, encoded, numbers, totals
from regie.domain.attribution.distinct import each_once
from regie.domain.attribution.paths import Paths
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

SEPARATOR = ">"
PATH, CONVERSIONS, VALUE, NULLS = (
    "path", "total_conversions", "total_conversion_value", "total_null",
)  # fmt: skip
COLUMNS = (PATH, CONVERSIONS, VALUE, NULLS)
_FILLED = _("Give every path at least one channel, or leave the row out.")


@dataclass(frozen=True)
class PathTable:
    """``has_value`` is False where the table said nothing of value."""

    paths: Paths
    units: list[str]
    has_value: bool


def read_paths(table: pa.Table, separator: str = SEPARATOR, source: str = "paths") -> PathTable:
    """The distinct paths of a table, which may do without value and without paths that do not
    convert.

    Raises ``WrongUse`` for a missing column, ``Refused`` for the first row that is no path.
    """
    present = table.schema.names
    optional = tuple(name for name in (VALUE, NULLS) if name in present)
    check_columns((PATH, CONVERSIONS, *optional), present, source)
    table = table.combine_chunks()
    nothing = np.zeros(len(table))

    def column(name: str) -> pa.Array:
        found = table[name]
        return found.chunk(0) if found.num_chunks else pa.array([], found.type)

    conversions = totals(column(CONVERSIONS), Place(source, CONVERSIONS, 1))
    nulls = totals(column(NULLS), Place(source, NULLS, 1)) if NULLS in present else nothing
    value = _value(column(VALUE), source, conversions) if VALUE in present else nothing
    names, codes, offsets = _split(column(PATH), separator, source)
    paths = Paths(len(names), codes, offsets, conversions, value, nulls)
    seen = (conversions > 0) | (nulls > 0)
    return PathTable(each_once([paths.select(seen)], len(names)), names, VALUE in present)


def _value(column: pa.Array, source: str, conversions: Floats) -> Floats:
    place = Place(source, VALUE, 1)
    found: Floats = np.nan_to_num(np.asarray(numbers(column, place).fill_null(0.0)))
    if (wrong := (found != 0) & (conversions == 0)).any():
        offset = int(np.argmax(wrong))
        raise place.refused(
            offset, _("“{name}” is {value}, but the path has no conversion."),
            _("A value belongs to a conversion: count it, or leave the value empty."),
            value=found[offset],
        )  # fmt: skip
    return found


def _split(column: pa.Array, separator: str, source: str) -> tuple[list[str], Longs, Longs]:
    """Names of the channels, sorted; code of each touch; where each path begins."""
    place = Place(source, PATH, 1)
    if column.null_count:
        raise place.empty(column, _FILLED)
    if len(column) == 0:
        return [], np.zeros(0, np.int64), np.zeros(1, np.int64)
    steps = _steps(column, separator, place)
    offsets = np.asarray(steps.offsets).astype(np.int64)
    offsets -= offsets[0]
    if (empty := np.diff(offsets) == 0).any():
        raise place.refused(int(np.argmax(empty)), _("“{name}” is empty."), _FILLED)
    found = encoded(steps.flatten(), place)
    texts = ["" if one is None else one.strip() for one in found.dictionary.to_pylist()]
    names = sorted({one for one in texts if one})
    known = {name: code for code, name in enumerate(names)}
    table = np.array([known.get(text, -1) for text in texts] + [-1], np.int64)
    codes = table[np.asarray(found.indices.fill_null(len(texts)))]
    if (codes < 0).any():
        row = int(np.searchsorted(offsets, int(np.argmax(codes < 0)), side="right")) - 1
        raise place.refused(row, _("a step of “{name}” is empty."), _FILLED)
    return names, codes, offsets


def _steps(column: pa.Array, separator: str, place: Place) -> pa.ListArray:
    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return column
    if pa.types.is_fixed_size_list(kind):
        return column.cast(pa.list_(kind.value_type))
    if isinstance(kind, (pa.ListViewType, pa.LargeListViewType)):
        return pa.array(column.to_pylist(), pa.list_(kind.value_type))
    if pa.types.is_null(kind) or not isinstance(separator, str) or not separator:
        raise WrongUse(_("A path is split at a separator."), hint=_("Give one, such as “>”."))
    try:
        if pa.types.is_dictionary(kind):
            # Texts first: Arrow decodes no dictionary of the views that polars hands over.
            texts = column.dictionary.cast(pa.string())
            column = pa.DictionaryArray.from_arrays(column.indices, texts).dictionary_decode()
        return pc.split_pattern(column.cast(pa.string()), separator)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise WrongUse(
            say(_("“{name}” of {source} holds {kind}, not paths."), name=place.name,
                source=place.source, kind=str(kind)),
            hint=_("Write a path as “a > b > c”, or as a list of channels."),
        ) from error  # fmt: skip
