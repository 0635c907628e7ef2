"""Types a batch of cells: each distinct cell of a column is read once, and its lines take that.

A column of a large file has few distinct cells (names, ids, days, small figures), so that the
patient reading of a cell costs next to nothing, and text stays a dictionary to the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regie.ingestion.staging_sql import StagingSql, value_of
from regie.warehouse.engine import Engine
from regie.warehouse.parquet import ROW_GROUP, open_writer

_MOST = 2**62


def write_typed(
    engine: Engine,
    sql: StagingSql,
    batches: Iterable[pa.Table],
    path: Path,
    check: Callable[[], None],
) -> int:
    """The words of each line of ``batches``, its ``fate`` and ``bad``, as one Parquet file.

    Of a format that counts in the cells themselves, the cells as well. Lines with the same
    texts have the same ``who``, of which one line is ``first``. Returns how many there are.
    """
    writer: pq.ParquetWriter | None = None
    whos = 0
    try:
        for batch in batches:
            check()
            typed = _typed(engine, sql, batch)
            who = _who(typed.select(list(sql.words)))
            typed = typed.append_column("who", pc.add(who, whos))
            typed = typed.append_column("first", _first(who))
            whos += (pc.max(who).as_py() or 0) + 1
            writer = writer or open_writer(path, typed.schema, compression="lz4")
            writer.write_table(typed, row_group_size=ROW_GROUP)
    finally:
        if writer is not None:
            writer.close()
    return whos


def _typed(engine: Engine, sql: StagingSql, batch: pa.Table) -> pa.Table:
    values = {
        name: _each_once(engine, batch, f"c{place}", expression)
        for name, (place, expression) in sql.readings().items()
    }
    lines = batch
    for name, value in values.items():
        lines = lines.append_column(name, value)
    others = _answer(engine, "parsed", lines, sql.select())
    alone = {word: values[value_of(word)] for word in sql.alone}
    found = {name: others[name] for name in others.column_names}
    words = {word: alone.get(word, found.get(word)) for word in sql.words}
    cells = {name: batch[name] for name in batch.column_names if sql.table.format.counts}
    return pa.table({**words, "fate": found["fate"], "bad": found["bad"], **cells})


def _who(words: pa.Table) -> pa.Array:
    """A number for each line, the same where all texts are, counted up as new ones appear."""
    who, many = pa.repeat(pa.scalar(0, pa.int64()), words.num_rows), 1
    for column in words.columns:
        if pa.types.is_dictionary(column.type):
            text = column.chunk(0)
            ways = len(text.dictionary) + 1  # one of them is to be absent
            if many * ways >= _MOST:
                who, many = _counted_up(who), words.num_rows
            code = pc.fill_null(text.indices.cast(pa.int64()), ways - 1)
            who, many = pc.add(pc.multiply(who, ways), code), many * ways
    return _counted_up(who)


def _counted_up(codes: pa.Array) -> pa.Array:
    return codes.dictionary_encode().indices.cast(pa.int64())


def _first(who: pa.Array) -> pa.Array:
    """Whether a line is the first of its ``who``: numbers are given in the order of the lines."""
    highest = pc.cumulative_max(who)
    before = pa.concat_arrays([pa.array([-1], pa.int64()), highest])[: len(highest)]
    return pc.not_equal(highest, before)


def _each_once(engine: Engine, batch: pa.Table, column: str, expression: str) -> pa.Array:
    """``expression`` of each cell of ``column``; text as a dictionary without repeats."""
    cells = batch[column].chunk(0)
    distinct = pa.table({column: cells.dictionary})
    found = _answer(engine, "cells", distinct, f"SELECT {expression} AS found FROM cells")
    values = found["found"].combine_chunks()
    if not pa.types.is_string(values.type):
        return values.take(cells.indices)
    unique = values.dictionary_encode()
    return pa.DictionaryArray.from_arrays(unique.indices.take(cells.indices), unique.dictionary)


def _answer(engine: Engine, name: str, rows: pa.Table, select: str) -> pa.Table:
    engine.register(name, rows)
    try:
        return engine.execute(select).to_arrow_table()
    finally:
        engine.unregister(name)
