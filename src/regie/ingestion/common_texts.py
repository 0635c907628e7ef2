"""Numbers what lines have in common: the same texts have the same number in all of a file."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

# Each batch is looked up among all that is known: beyond so many numbers that would cost more than
# it saves, and the same texts may get another number.
MOST_KNOWN = 1 << 18
_RADIX = 1 << 31


class CommonTexts:
    """Numbers are counted up from 0 as texts appear that were not there before."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._before = 0  # numbers given before what is known now
        self._forget()

    @property
    def count(self) -> int:
        """How many numbers have been given."""
        return self._before + len(self._met[-1])

    def numbers(self, texts: Sequence[pa.DictionaryArray]) -> pa.Array:
        """The number of each row of ``texts``, one array for each column."""
        if len(self._met[-1]) > MOST_KNOWN:
            self.new(0)
        found = pa.repeat(pa.scalar(0, pa.int64()), len(texts[0]))
        for column, text in enumerate(texts):
            self._texts[column], codes = _coded(self._texts[column], text)
            met = pc.add(pc.multiply(found, _RADIX), codes)
            self._met[column], found = _numbered(self._met[column], met)
        return pc.add(found, self._before)

    def new(self, rows: int) -> pa.Array:
        """A new number for each of so many rows, without a look at their texts."""
        start = self.count
        self._before = start + rows
        self._forget()
        return pa.array(range(start, self._before), pa.int64())

    def _forget(self) -> None:
        self._texts = [pa.array([], pa.string())] * self._columns
        # What stands to the left of a column, by its number, and the text in it.
        self._met = [pa.array([], pa.int64())] * self._columns


def _coded(known: pa.Array, text: pa.DictionaryArray) -> tuple[pa.Array, pa.Array]:
    """``known`` with the texts that are new, and the code of each row: 0 for no text."""
    known, codes = _numbered(known, text.dictionary)
    return known, pc.fill_null(pc.add(codes, 1).take(text.indices), 0)


def _numbered(known: pa.Array, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """``known`` with the ``values`` that are new, and the place of each value in it."""
    places = pc.index_in(values, value_set=known, skip_nulls=True)
    if places.null_count:
        new = values.filter(places.is_null()).drop_null().unique()
        known = pa.concat_arrays([known, new])
        places = pc.index_in(values, value_set=known, skip_nulls=True)
    return known, places.cast(pa.int64())
