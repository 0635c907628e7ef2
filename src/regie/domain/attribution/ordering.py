"""Events in the order of customer and time: one sort of one number per event.

The number holds the customer, as much of the time as fits, and the row. Where rows come in the
order of time, as a log does, the row alone says the time; otherwise the few events that are closer
together than the number can tell are put in order afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regie.domain.attribution.arrays import Flags, Longs
from regie.domain.attribution.log import EventLog

BITS = 63
BLOCK = 1 << 18
CHUNK = 1 << 20


@dataclass(frozen=True)
class Chunk:
    """Whole customers: the rows of their events in order, and which event opens a customer."""

    rows: Longs
    opens: Flags


def in_order(log: EventLog, size: int = CHUNK) -> Iterator[Chunk]:
    """The events of ``log``, about ``size`` at a time. The customers of the log are used up."""
    if len(log) == 0:
        return
    row_bits = len(log).bit_length()
    keys, shift = _keys(log, row_bits)
    keys.sort()
    begin = 0
    while begin < len(keys):
        end = min(begin + size, len(keys))
        if end < len(keys):
            next_customer = ((int(keys[end - 1]) >> shift) + 1) << shift
            end = (
                int(np.searchsorted(keys, next_customer)) if next_customer < 1 << 63 else len(keys)
            )
        yield _chunk(log, keys[begin:end], shift, row_bits)
        begin = end


def _keys(log: EventLog, row_bits: int) -> tuple[Longs, int]:
    """Customer, time, row in one number each; and how far right the customer is."""
    keys = log.customers
    lowest = int(keys.min())
    if (int(keys.max()) - lowest).bit_length() > BITS - row_bits:
        # Ids too far apart: number them by their first appearance.
        keys[:] = np.asarray(pa.array(keys).dictionary_encode().indices)
        lowest = 0
    customer_bits = (int(keys.max()) - lowest).bit_length()
    first, time_bits, coarser = 0, 0, 0
    if not log.in_order:
        first = int(log.at.min())
        span = (int(log.at.max()) - first).bit_length()
        time_bits = min(span, BITS - row_bits - customer_bits)
        coarser = span - time_bits
    for begin in range(0, len(keys), BLOCK):
        part = keys[begin : begin + BLOCK]
        part -= lowest
        if time_bits:
            part <<= time_bits
            part |= (log.at[begin : begin + BLOCK] - first) >> coarser
        part <<= row_bits
        part |= np.arange(begin, begin + len(part), dtype=np.int64)
    return keys, row_bits + time_bits


def _chunk(log: EventLog, keys: Longs, shift: int, row_bits: int) -> Chunk:
    opens = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:] >> shift, keys[:-1] >> shift, out=opens[1:])
    rows = keys & ((1 << row_bits) - 1)
    wrong = _wrong(log, rows, opens)
    if len(wrong):
        _mend(log, rows, opens, wrong)
    return Chunk(rows, opens)


def _wrong(log: EventLog, rows: Longs, opens: Flags) -> Longs:
    """Events that should come after the one that follows them."""
    if log.in_order:
        sold = log.codes[rows] < 0
        found = np.flatnonzero(sold[:-1] & ~sold[1:] & ~opens[1:])
        tied: Flags = log.at[rows[found]] == log.at[rows[found + 1]]
        return found[tied]
    at, sold = log.at[rows], log.codes[rows] < 0
    late = (at[1:] < at[:-1]) | ((at[1:] == at[:-1]) & sold[:-1] & ~sold[1:])
    return np.flatnonzero(late & ~opens[1:])


def _mend(log: EventLog, rows: Longs, opens: Flags, wrong: Longs) -> None:
    """Put the customers of the ``wrong`` events in order, in place."""
    customers = np.cumsum(opens)
    concerned = np.zeros(customers[-1] + 1, np.bool_)
    concerned[customers[wrong]] = True
    there = np.flatnonzero(concerned[customers])
    some = rows[there]
    order = np.lexsort((some, log.codes[some] < 0, log.at[some], customers[there]))
    rows[there] = some[order]
