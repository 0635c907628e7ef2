"""Reads the lines under a header as batches of text: a dictionary of its distinct cells per column.

Of a large clean file Arrow's reader makes them; every other file is read line by line. Both give
the same cells, and lines without any text count for neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain, islice, pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from regie.ingestion.files.sheet import Line
from regie.ingestion.labels import repair
from regie.ingestion.recognise import Table
from regie.ingestion.staging_sql import CUT, EXTRA
from regie.ingestion.vocabulary import ALWAYS_THERE, NUMBER_KINDS

BATCH = 50_000  # lines
BLOCK = 4 << 20  # bytes; memory for larger blocks comes new from the system each time
BLOCKS = 16  # of a batch: the more, the fewer distinct cells are read again
CELLS = pa.dictionary(pa.int32(), pa.string())
WHOLE = 0


class NotClean(Exception):
    """Not a plain table of equally long lines: ``patiently`` takes them one by one."""


def quickly(table: Table) -> Iterator[pa.Table] | None:
    """Batches of ``fits, c0, c1, …`` where Arrow may read the file; raises ``NotClean`` later."""
    sheet = table.sheet
    if not sheet.engine_csv or sheet.completes or table.format.blocks or table.garbled:
        return None
    return _quick_batches(table)


def _quick_batches(table: Table) -> Iterator[pa.Table]:
    names = [f"c{i}" for i in range(len(table.labels))]
    try:
        blocks = pyarrow.csv.open_csv(
            table.sheet.text_path,
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=BLOCK,
                skip_rows=table.header_line,
                column_names=names,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=table.sheet.delimiter, newlines_in_values=True
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, CELLS), null_values=[], check_utf8=False
            ),
        )
        begun = False
        for batch in _together(blocks):
            filled = _without_blanks(batch)
            if not filled.num_rows:
                continue
            if not begun:
                _check_begins_as_we_would(table, filled)
            begun = True
            whole = pa.repeat(pa.scalar(WHOLE, pa.int8()), filled.num_rows)
            yield filled.add_column(0, "fits", whole)
        if not begun:
            raise NotClean
    except pa.ArrowInvalid as problem:
        raise NotClean from problem


def _together(blocks: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    while some := list(islice(blocks, BLOCKS)):
        yield pa.Table.from_batches(some).unify_dictionaries().combine_chunks()


def _without_blanks(batch: pa.Table) -> pa.Table:
    """``batch`` less the lines that have no text in any cell."""
    blanks = []
    for column in batch.columns:
        blanks.append(pc.equal(pc.utf8_trim_whitespace(column.chunk(0).dictionary), ""))
        if not pc.any(blanks[-1]).as_py():
            return batch
    of_lines = [
        blank.take(column.chunk(0).indices)
        for blank, column in zip(blanks, batch.columns, strict=True)
    ]
    return batch.filter(pc.invert(reduce(pc.and_, of_lines))).combine_chunks()


def _check_begins_as_we_would(table: Table, batch: pa.Table) -> None:
    first = [column[0].as_py() for column in batch.columns]
    if first != next((cells for _line, _fits, cells in _lines(table)), None):
        raise NotClean


def patiently(table: Table) -> Iterator[pa.Table]:
    """Batches of ``fits, c0, c1, …`` of any table; ``fits`` is ``EXTRA``, ``CUT`` or ``WHOLE``."""
    lines = _lines(table)
    more = True
    while more:
        batch = list(islice(lines, BATCH))
        more = len(batch) == BATCH
        columns = {
            f"c{i}": pa.array([cells[i] for _line, _fits, cells in batch], CELLS)
            for i in range(len(table.labels))
        }
        fits = pa.array([fits for _line, fits, _cells in batch], pa.int8())
        yield pa.table(columns).add_column(0, "fits", fits)


def lines_at(table: Table, places: Sequence[int]) -> dict[int, tuple[int, list[str]]]:
    """Number and cells of the lines at ``places`` among those that batches give.

    The file is read again, as far as the last line that is asked for.
    """
    wanted = set(places)
    numbered = enumerate(islice(_lines(table), max(wanted, default=-1) + 1))
    return {place: (line, cells) for place, (line, _fits, cells) in numbered if place in wanted}


def _lines(table: Table) -> Iterator[tuple[int, int, list[str]]]:
    width, garbled = len(table.labels), table.garbled
    must, may = _last_figures(table)
    before = width  # cells of the line before
    for (line, cells), after in pairwise(chain(_below(table), [None])):  # type: ignore[misc]
        given, fits = len(cells), WHOLE
        if given > width and any(cell.strip() for cell in cells[width:]):
            fits = EXTRA
        elif given <= may and not table.sheet.typed_cells:
            alone = before >= width and (after is None or len(after[1]) >= width)
            fits = CUT if given <= must or alone else WHOLE
        before = given
        cells = (cells + [""] * width)[:width]
        yield line, fits, [repair(cell) for cell in cells] if garbled else cells


def _below(table: Table) -> Iterator[Line]:
    """The lines under the header that hold any text, as far as the table goes."""
    for line, cells in table.sheet.lines():
        if line <= table.header_line:
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells
        elif table.format.blocks:
            return


def _last_figures(table: Table) -> tuple[int, int]:
    """The places of the last figure that a line must have, and of the last that it may have.

    A line that stops before one was cut on its way. Spreadsheets leave empty cells at the end
    out, but never of one line alone.
    """
    kinds = {column.name: column.parsed_as for column in table.format.columns}
    figures = {word: max(places) for word, places in table.cells.items()
               if kinds[word] in NUMBER_KINDS}  # fmt: skip
    must = [place for word, place in figures.items() if word in ALWAYS_THERE]
    return max(must, default=-1), max(figures.values(), default=-1)
