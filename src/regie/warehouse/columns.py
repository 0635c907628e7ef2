"""What a statement found, column by column.

The engine's own way to rows writes each amount as a text for Python to read again: of two thousand
rows that takes longer than finding them. Arrow gives amounts as they lie in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import compress, repeat
from typing import Any

import pyarrow as pa

ONE = Decimal(1)
_EXACT = Context(prec=39)  # an amount has 38 digits at most


@dataclass(frozen=True)
class Found:
    """Columns of the same length, which nobody may change."""

    columns: Sequence[Sequence[Any]]
    complete: Sequence[bool]  # whether a column has a value in every row
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return zip(*self.columns, strict=True)


NOTHING = Found([], [], 0)


@dataclass(frozen=True)
class Sides:
    """What was found for one fact: its rows, and beside them the totals, one of each currency.

    Columns of both: dimensions …, currency, sums …, partial, unconverted. In totals dimensions are
    None.
    """

    rows: Found
    totals: Found


def sides_of(found: Found) -> Sides:
    """Of what a statement found, whose first column tells totals from rows."""
    is_total, *columns = found.columns
    if not any(is_total):
        return Sides(Found(columns, found.complete[1:], len(found)), NOTHING)
    is_row = [not one for one in is_total]
    complete = found.complete[1:]
    return Sides(_those(columns, complete, is_row), _those(columns, complete, is_total))


def _those(
    columns: Sequence[Sequence[Any]], complete: Sequence[bool], chosen: Sequence[Any]
) -> Found:
    count = sum(map(bool, chosen))
    at_head = all(chosen[:count])

    def of(column: Sequence[Any]) -> Sequence[Any]:
        return column[:count] if at_head else list(compress(column, chosen))

    return Found([*map(of, columns)], complete, count)


def found_in(table: pa.Table) -> Found:
    """Exact amounts as ``Decimal`` with their decimals, whole numbers as ``int``."""
    columns = [_read(column) for column in table.columns]
    return Found(columns, [column.null_count == 0 for column in table.columns], table.num_rows)


def _read(column: pa.ChunkedArray) -> list[Any]:
    if not pa.types.is_decimal128(column.type):
        values: list[Any] = column.to_pylist()
        return values
    found = amounts([one for chunk in column.chunks for one in _wholes(chunk)], column.type.scale)
    return where(column.is_valid().to_pylist(), found) if column.null_count else found


def amounts(wholes: list[int], scale: int, *, times: Decimal = ONE) -> list[Any]:
    """Whole numbers of the smallest unit as amounts with ``scale`` decimals; as they are with 0."""
    if not scale:
        return wholes
    shift = times.scaleb(-scale)
    return list(map(_EXACT.multiply, map(Decimal, wholes), repeat(shift)))


def where(known: Sequence[bool], values: Sequence[Any]) -> list[Any]:
    """``values`` with None for those that are not known."""
    return [value if is_known else None for value, is_known in zip(values, known, strict=True)]


def _wholes(chunk: pa.Array) -> list[int]:
    """The digits of decimals as whole numbers: each lies there as two halves, the low one first."""
    if not len(chunk):
        return []
    halves = memoryview(chunk.buffers()[1]).cast("q")[2 * chunk.offset :][: 2 * len(chunk)]
    low, high = halves[::2].tolist(), halves[1::2].tolist()
    if not any(high) and min(low) >= 0:
        return low
    return [up << 64 | one & 0xFFFF_FFFF_FFFF_FFFF for one, up in zip(low, high, strict=True)]
