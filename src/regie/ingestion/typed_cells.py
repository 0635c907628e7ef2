"""Types a batch of cells: each distinct cell of a column is read once, and its lines take that.

A column of a large file has few distinct cells (names, ids, days, small figures), so that the
patient reading of a cell costs next to nothing, and text stays a dictionary to the disk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from regie.ingestion.staging_sql import StagingSql, value_of
from regie.ingestion.typed_rows import TypedRows
from regie.warehouse.engine import Engine


def typed_rows(
    engine: Engine,
    sql: StagingSql,
    batches: Iterable[pa.Table],
    folder: Path,
    check: Callable[[], None],
) -> TypedRows:
    """The words of each line of ``batches``; ``others`` is still open."""
    rows = TypedRows(engine, sql, folder)
    for batch in batches:
        check()
        rows.add(_typed(engine, sql, batch))
    rows.data.close()
    rows.named.close()
    return rows


def _typed(engine: Engine, sql: StagingSql, batch: pa.Table) -> pa.RecordBatch:
    alike: dict[str, list[str]] = defaultdict(list)
    cells = {}
    for name, (place, expression) in sql.readings().items():
        alike[expression].append(name)
        cells[name] = batch[f"c{place}"].chunk(0)
    values: dict[str, pa.Array] = {}
    for expression, names in alike.items():
        found = _each_once(engine, [cells[name] for name in names], expression)
        values |= dict(zip(names, found, strict=True))
    lines = batch
    for name, value in values.items():
        lines = lines.append_column(name, value)
    others = _answer(engine, "parsed", lines, sql.select())
    alone = {word: values[value_of(word)] for word in sql.alone}
    added = {name: others[name].combine_chunks() for name in others.column_names}
    words = {word: alone.get(word, added.get(word)) for word in sql.words}
    kept = batch.column_names if sql.table.format.counts else []
    told = {name: batch[name].combine_chunks() for name in kept}
    return pa.record_batch({**words, "fate": added["fate"], "bad": added["bad"], **told})


def _each_once(
    engine: Engine, columns: Sequence[pa.DictionaryArray], expression: str
) -> Iterator[pa.Array]:
    """``expression`` of each cell of ``columns``; text as dictionaries without repeats."""
    distinct = pa.table({"cell": pa.chunked_array([column.dictionary for column in columns])})
    found = _answer(engine, "cells", distinct, f"SELECT {expression} AS found FROM cells")
    values, start = found["found"].combine_chunks(), 0
    for column in columns:
        own = values.slice(start, len(column.dictionary))
        start += len(own)
        if not pa.types.is_string(own.type):
            yield own.take(column.indices)
            continue
        unique = own.dictionary_encode()
        codes = unique.indices.take(column.indices)
        yield pa.DictionaryArray.from_arrays(codes, unique.dictionary)


def _answer(engine: Engine, name: str, rows: pa.Table, select: str) -> pa.Table:
    engine.register(name, rows)
    try:
        return engine.execute(select).to_arrow_table()
    finally:
        engine.unregister(name)
