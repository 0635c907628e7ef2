"""Types a batch of cells: each distinct cell of a column is read once, and its lines take that.

A column of a large file has few distinct cells (names, ids, days, small figures), so that the
patient reading of a cell costs next to nothing, and text stays a dictionary to the disk. Where all
of them read well, no line is looked at to know that it is data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from regie.ingestion.staging_sql import DATA, EARLIEST, LATEST, StagingSql, value_of
from regie.ingestion.typed_rows import TypedRows
from regie.warehouse.engine import Engine


@dataclass(frozen=True)
class _Read:
    """The distinct cells of a column, what each of them says, and what each line says."""

    cells: pa.StringArray
    values: pa.Array
    lines: pa.Array


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
    read: dict[str, _Read] = {}
    for expression, names in alike.items():
        found = _each_once(engine, [cells[name] for name in names], expression)
        read |= dict(zip(names, found, strict=True))
    words = {word: read[value_of(word)].lines for word in sql.alone}
    if not sql.may_share_texts:  # the engine cannot compare figures that lie in dictionaries
        words = {word: _plain_figures(lines) for word, lines in words.items()}
    if _all_are_data(engine, sql, batch, read):
        judged = _data(batch.num_rows)
    else:
        judged = _judged(engine, sql, batch, read)
    words = {word: words[word] if word in words else judged.pop(word) for word in sql.words}
    kept = batch.column_names if sql.table.format.counts else []
    told = {name: batch[name].combine_chunks() for name in kept}
    return pa.record_batch({**words, **judged, **told})


def _all_are_data(
    engine: Engine, sql: StagingSql, batch: pa.Table, read: Mapping[str, _Read]
) -> bool:
    """Whether the distinct cells tell that ``_judged`` would find nothing but good data."""
    if not sql.judged_by_cells or pc.min_max(batch["fits"]).as_py() != {"min": 0, "max": 0}:
        return False
    days = read[value_of("date")].values
    between = pc.min_max(days).as_py()
    if days.null_count or not EARLIEST <= between["min"] <= between["max"] <= LATEST:
        return False
    if any(one.values.null_count < len(one.values) for one in (read[n] for n in sql.coded)):
        return False
    return all(
        _nothing_unread(engine, sql, word, read[value_of(word)])
        for word, kind in sql.words.items()
        if kind != "text"
    )


def _nothing_unread(engine: Engine, sql: StagingSql, word: str, read: _Read) -> bool:
    """Whether the cells that give no value say so themselves."""
    if not read.values.null_count:
        return True
    without = pa.table({"cell": read.cells.filter(read.values.is_null())})
    found = _answer(engine, "cells", without, f"SELECT bool_and({sql.absent(word, 'cell')}) "
                    "AS absent FROM cells")  # fmt: skip
    return bool(found["absent"][0].as_py())


def _data(lines: int) -> dict[str, pa.Array]:
    """``fate`` and ``bad`` of lines that are data."""
    return {
        "fate": pa.repeat(pa.scalar(DATA, pa.int16()), lines), "bad": pa.nulls(lines, pa.int16()),
    }  # fmt: skip


def _judged(
    engine: Engine, sql: StagingSql, batch: pa.Table, read: Mapping[str, _Read]
) -> dict[str, pa.Array]:
    """``fate``, ``bad`` and the words that come of several cells, line by line."""
    for name, one in read.items():
        batch = batch.append_column(name, _plain_figures(one.lines))
    found = _answer(engine, "parsed", batch, sql.select())
    return {name: found[name].combine_chunks() for name in found.column_names}


def _each_once(
    engine: Engine, columns: Sequence[pa.DictionaryArray], expression: str
) -> Iterator[_Read]:
    """``expression`` of each cell of ``columns``; text as dictionaries without repeats."""
    distinct = pa.table({"cell": pa.chunked_array([column.dictionary for column in columns])})
    found = _answer(engine, "cells", distinct, f"SELECT {expression} AS found FROM cells")
    values, start = found["found"].combine_chunks(), 0
    for column in columns:
        own = values.slice(start, len(column.dictionary))
        start += len(own)
        if pa.types.is_decimal(own.type) or pa.types.is_int64(own.type):
            yield _Read(column.dictionary, own, _as_dictionary(own, column.indices))
            continue
        if not pa.types.is_string(own.type):
            yield _Read(column.dictionary, own, own.take(column.indices))
            continue
        unique = own.dictionary_encode()
        codes = unique.indices.take(column.indices)
        lines = pa.DictionaryArray.from_arrays(codes, unique.dictionary)
        yield _Read(column.dictionary, own, lines)


def _as_dictionary(values: pa.Array, places: pa.Array) -> pa.DictionaryArray:
    """The value at each of ``places``, with four bytes for each; none is a place that is null."""
    if values.null_count:
        numbers = pa.array(range(len(values)), pa.int32())
        places = pc.if_else(values.is_valid(), numbers, None).take(places)
        values = values.fill_null(0)
    return pa.DictionaryArray.from_arrays(places, values)


def _plain_figures(lines: pa.Array) -> pa.Array:
    is_figure = pa.types.is_dictionary(lines.type) and not pa.types.is_string(lines.type.value_type)
    return lines.dictionary_decode() if is_figure else lines


def _answer(engine: Engine, name: str, rows: pa.Table, select: str) -> pa.Table:
    engine.register(name, rows)
    try:
        return engine.execute(select).to_arrow_table()
    finally:
        engine.unregister(name)
