"""The typed lines of a table on their way to the facts: those that are data, and all others."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from regie.ingestion.common_texts import CommonTexts
from regie.ingestion.staging_sql import DATA, StagingSql
from regie.ingestion.vocabulary import TEXT_KINDS
from regie.kernel.periods import Period
from regie.warehouse.engine import Engine
from regie.warehouse.parquet import ROW_GROUP
from regie.warehouse.spool import Spool

_MOST = 2**62
_NO_TEXT = pa.array([None], pa.string()).dictionary_encode()


class TypedRows:
    """``data`` has the lines that are data, in their order; ``others`` has the other lines, with
    ``place`` (a line's number among all), ``fate`` and ``bad`` (position of the cell refused).

    Lines of data with the same texts have the same ``who``, counted from 0; ``named`` has these
    texts once, and ``data`` does without them where ``texts_apart``. Events that have a number of
    their own keep their ``place``, and lines of a format that counts in the cells themselves keep
    these.
    """

    def __init__(self, engine: Engine, sql: StagingSql, folder: Path) -> None:
        self._spool = partial(Spool, engine, folder)
        self.data, self.named, self.others = self._spool(), self._spool(), self._spool()
        self.texts_apart: bool | None = None  # not known before the first lines
        self.fates: Counter[tuple[int, bool]] = Counter()  # lines, by fate and whether refused
        self.in_order = "date" in sql.words  # by day, as far as readers of the facts need it
        self._days: tuple[date, date] | None = None
        self._texts = [word for word, kind in sql.words.items() if kind in TEXT_KINDS]
        self._common = CommonTexts(len(self._texts) or 1)
        self._may_part = sql.may_share_texts
        self._keeps_place = bool(sql.number)
        self._lines = 0

    @property
    def whos(self) -> int:
        return self._common.count

    @property
    def relation(self) -> str:
        """The data with all of its words, as an SQL relation."""
        if not self.texts_apart:
            return self.data.relation
        return f"(SELECT * FROM {self.data.relation} JOIN {self.named.relation} USING (who))"

    @property
    def period(self) -> Period | None:
        """The days of the data."""
        return Period(*self._days) if self._days else None

    def add(self, lines: pa.RecordBatch) -> None:
        """The next lines: words, ``fate``, ``bad`` and perhaps cells."""
        is_data = _is_data(lines)
        is_first, all_data = not self._lines, pc.all(is_data, min_count=0).as_py()
        if is_first or not all_data or self._keeps_place:
            ones = pa.repeat(pa.scalar(1, pa.int64()), lines.num_rows)
            places = pc.add(pc.cumulative_sum(ones), self._lines - 1)
            lines = lines.append_column("place", places)
        self._lines += lines.num_rows
        if is_first or not all_data:  # the first time for its columns
            self._set_aside(lines.filter(pc.invert(is_data)))
            lines = lines.filter(is_data)
        without = ("fate", "bad") if self._keeps_place else ("fate", "bad", "place")
        data = lines.select([name for name in lines.schema.names if name not in without])
        self._keep(self._number(data))

    def sort_again(self, lines: pa.RecordBatchReader) -> None:
        """Put ``lines`` in the place of ``data``; they have got a ``fate`` and ``bad`` anew."""
        self.fates[DATA, False] = 0
        self.data, self._days = self._spool(), None
        for batch in lines:
            is_data = _is_data(batch)
            self._set_aside(batch.filter(pc.invert(is_data)))
            self._keep(batch.filter(is_data).drop_columns(["fate", "bad"]))
        self.data.close()

    def _number(self, data: pa.RecordBatch) -> pa.RecordBatch:
        """``data`` with its ``who``; texts that are new go to ``named``."""
        texts = [data[word] for word in self._texts] or [_NO_TEXT.take(_zeros(data.num_rows))]
        who = _who(texts, data.num_rows)
        first = _first(who)
        once = [text.filter(first) for text in texts]
        shares = len(once[0]) * 2 <= data.num_rows
        if self.texts_apart is None:
            self.texts_apart = self._may_part and shares
        known = self.whos
        numbers = self._common.numbers(once) if shares else self._common.new(len(once[0]))
        numbers = numbers.cast(pa.int32())
        named = pa.record_batch({"who": numbers, **dict(zip(self._texts, once, strict=False))})
        self.named.write(named.filter(pc.greater_equal(numbers, known)))
        data = data.append_column("who", numbers.take(who))
        return data.drop_columns(self._texts) if self.texts_apart else data

    def _keep(self, data: pa.RecordBatch) -> None:
        self.data.write(data)
        self.fates[DATA, False] += data.num_rows
        if "date" not in data.schema.names:
            return
        for start in range(0, data.num_rows, ROW_GROUP):
            seen = pc.min_max(data["date"].slice(start, ROW_GROUP)).as_py()
            first, last = seen["min"], seen["max"]
            if first is None:
                continue
            before = self._days or (first, first)
            self.in_order = self.in_order and first >= before[1]
            self._days = min(before[0], first), max(before[1], last)

    def _set_aside(self, lines: pa.RecordBatch) -> None:
        names = sorted(set(lines.schema.names) - {"who"})
        plain = [_plain(lines[name]) for name in names]
        self.others.write(pa.RecordBatch.from_arrays(plain, names))
        found = zip(lines["fate"].to_pylist(), pc.is_valid(lines["bad"]).to_pylist(), strict=True)
        self.fates.update(found)


def _is_data(lines: pa.RecordBatch) -> pa.Array:
    return pc.and_(pc.equal(lines["fate"], DATA), pc.is_null(lines["bad"]))


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _who(texts: list[pa.Array], lines: int) -> pa.Array:
    """A number for each line, the same where all texts are, counted up as new ones appear."""
    who, many = _zeros(lines), 1
    for text in texts:
        ways = len(text.dictionary) + 1  # one of them is to be absent
        if many * ways >= _MOST:
            who, many = _counted_up(who), lines
        code = pc.fill_null(text.indices.cast(pa.int64()), ways - 1)
        who, many = pc.add(pc.multiply(who, ways), code), many * ways
    return _counted_up(who)


def _zeros(lines: int) -> pa.Array:
    return pa.repeat(pa.scalar(0, pa.int64()), lines)


def _counted_up(codes: pa.Array) -> pa.Array:
    return codes.dictionary_encode().indices.cast(pa.int64())


def _first(who: pa.Array) -> pa.Array:
    """Whether a line is the first of its ``who``: numbers are given in the order of the lines."""
    highest = pc.cumulative_max(who)
    before = pa.concat_arrays([pa.array([-1], pa.int64()), highest])[: len(highest)]
    return pc.not_equal(highest, before)
