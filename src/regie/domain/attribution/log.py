"""A log of events in columns: who, when, through which channel, and what it was worth.

A touch has a unit (its channel) and no value, a conversion a value and no unit. Rows may come in
any order; of one customer and one moment, touches come before conversions, then as in the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Codes, Floats, Longs
from regie.domain.attribution.columns import (
    Columns,
    Place,
    check_columns,
    encoded,
    is_text,
    numbers,
    without_nan,
)
from regie.domain.attribution.moments import TICKS, has_offset, otherwise, ticks_of, times
from regie.kernel.i18n import _

CONVERSION = -1
_WHO = _("Give every event a customer, or leave the row out.")
_SMALL = 32_000
_BLOCK = 1 << 18


@dataclass
class EventLog:
    """``customers`` are numbers that tell customers apart; ``codes`` is ``CONVERSION`` on a sale.

    ``at`` counts ``ticks_per_second`` since 1970. ``sold`` are the rows of the conversions,
    ascending, ``worth`` their values; ``units`` are sorted where they come from a table.
    ``in_order`` where rows come in the order of time.
    """

    customers: Longs
    at: Longs
    codes: Codes
    sold: Longs
    worth: Floats
    units: list[str]
    ticks_per_second: int
    in_order: bool

    def __len__(self) -> int:
        return len(self.at)


def read_log(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], rows: int, columns: Columns
) -> EventLog:
    """The log that ``batches`` of together ``rows`` rows hold.

    Raises ``WrongUse`` for a missing column, ``Refused`` for the first row that is no event.
    """
    check_columns(columns.names(), schema.names, columns.source)
    reading = _Reading(schema, rows, columns)
    for batch in batches:
        reading.add(batch)
    return reading.log()


class _Reading:
    def __init__(self, schema: pa.Schema, rows: int, columns: Columns) -> None:
        self.columns, self.rows, self.done = columns, rows, 0
        self.ticks = ticks_of(schema.field(columns.ts).type)
        self.counted = pa.types.is_integer(schema.field(columns.customer).type)
        self.customers: Longs = np.empty(rows, np.int64)
        self.named: list[pa.Array] = []
        self.at: Longs = np.empty(rows, np.int64)
        self.codes: Codes = np.empty(rows, np.int16)
        self.known: dict[str, int] = {}
        self.sold: list[Longs] = []
        self.worth: list[Floats] = []
        self.in_order, self.zoned = True, False

    def place(self, name: str) -> Place:
        return Place(self.columns.source, name, self.done + 1)

    def add(self, batch: pa.RecordBatch) -> None:
        if len(batch) == 0:
            return
        here = slice(self.done, self.done + len(batch))
        self._customers(batch.column(self.columns.customer), here)
        self._times(batch.column(self.columns.ts), here)
        codes = self._codes(batch.column(self.columns.unit), here)
        self._values(batch.column(self.columns.value), codes)
        self.done += len(batch)

    def _customers(self, column: pa.Array, here: slice) -> None:
        column = without_nan(column)
        if column.null_count:
            raise self.place(self.columns.customer).empty(column, _WHO)
        if self.counted:
            self.customers[here] = np.asarray(column)
        else:
            self.named.append(self._named(column))

    def _named(self, column: pa.Array) -> pa.DictionaryArray:
        """Customers known by a text, which may not be empty: that is not one person."""
        place = self.place(self.columns.customer)
        found = encoded(column, place)
        blank = pc.equal(pc.utf8_trim_whitespace(found.dictionary), "").fill_null(True)
        if pc.any(blank).as_py():
            nobody = pc.if_else(blank.take(found.indices), pa.scalar(None, pa.int8()), 0)
            raise place.empty(nobody, _WHO)
        return found

    def _times(self, column: pa.Array, here: slice) -> None:
        place = self.place(self.columns.ts)
        at = times(column, self.ticks, place)
        if is_text(column.type):
            self._zone(str(column[0].as_py()), place)
        self.at[here] = at
        before = self.at[max(self.done - 1, 0)]
        if self.in_order:
            self.in_order = bool(before <= at[0] and (at[1:] >= at[:-1]).all())

    def _zone(self, text: str, place: Place) -> None:
        """Within a piece times are all of one kind; so they are from piece to piece."""
        if self.done == 0:
            self.zoned = has_offset(text)
        elif has_offset(text) != self.zoned:
            raise place.refused(0, *otherwise(zoned=self.zoned), value=text)

    def _codes(self, column: pa.Array, here: slice) -> Codes:
        found = encoded(column, self.place(self.columns.unit))
        table = [self._code(name) for name in found.dictionary.to_pylist()]
        if len(self.known) > _SMALL and self.codes.dtype == np.int16:
            self.codes = self.codes.astype(np.int32)
        codes: Codes = np.array([*table, CONVERSION], self.codes.dtype)[
            np.asarray(found.indices.fill_null(len(table)))
        ]
        self.codes[here] = codes
        return codes

    def _code(self, name: str | None) -> int:
        name = name.strip() if name else ""
        return self.known.setdefault(name, len(self.known)) if name else CONVERSION

    def _values(self, column: pa.Array, codes: Codes) -> None:
        sold = np.flatnonzero(codes < 0)
        found = _quickly(column, sold)
        if found is None:
            found = self._patiently(column, codes, self.place(self.columns.value))[sold]
        self.sold.append(sold + self.done)
        self.worth.append(found)

    def _patiently(self, column: pa.Array, codes: Codes, place: Place) -> Floats:
        """Every value, NaN on a touch; the first row that is both or neither is refused."""
        values = np.asarray(numbers(column, place).fill_null(float("nan")))
        valued, sold = ~np.isnan(values), codes < 0
        if (wrong := valued != sold).any():
            offset = int(np.argmax(wrong))
            if valued[offset]:
                raise place.refused(
                    offset, _("it has both a channel and a value (“{value}”)."),
                    _("A touch has a channel and no value, a conversion a value and no channel."),
                    value=values[offset],
                )  # fmt: skip
            raise place.refused(
                offset, _("it has neither a channel nor a value."),
                _("Write the channel of a touch (“direct” if unknown), or the value of a "
                  "conversion (0 if it has none)."),
            )  # fmt: skip
        return values

    def log(self) -> EventLog:
        nothing: Longs = np.zeros(0, np.int64)
        units = self._sorted()
        return EventLog(
            customers=self.customers if self.counted else self._numbered(),
            at=self.at,
            codes=self.codes,
            sold=np.concatenate([nothing, *self.sold]),
            worth=np.concatenate([np.zeros(0), *self.worth]),
            units=units,
            ticks_per_second=TICKS[self.ticks],
            in_order=self.in_order,
        )

    def _sorted(self) -> list[str]:
        """The units by name, and the codes after them: who comes first in a table says nothing."""
        units = sorted(self.known)
        place = {self.known[name]: code for code, name in enumerate(units)}
        table = np.array([*(place[code] for code in range(len(units))), CONVERSION])
        table = table.astype(self.codes.dtype)
        for begin in range(0, len(self.codes), _BLOCK):
            part = self.codes[begin : begin + _BLOCK]
            part[:] = table[part]
        return units

    def _numbered(self) -> Longs:
        """Customers known by a text, as numbers."""
        if not self.named:
            return self.customers
        whole = pa.chunked_array(self.named).unify_dictionaries()
        done = 0
        for chunk in whole.chunks:
            self.customers[done : done + len(chunk)] = np.asarray(chunk.indices)
            done += len(chunk)
        return self.customers


def _quickly(column: pa.Array, sold: Longs) -> Floats | None:
    """The values of the conversions, where there are as many as that and all are plain numbers."""
    if len(column) - column.null_count != len(sold) or not pa.types.is_floating(column.type):
        return None
    found: Floats = np.asarray(column.take(pa.array(sold)).fill_null(float("nan")), np.float64)
    return found if np.isfinite(found).all() else None
