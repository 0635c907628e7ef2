"""Files of people's own events or paths, Parquet or CSV, read for attribution without any store."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from regie.domain.attribution.columns import Columns, check_columns
from regie.domain.attribution.log import EventLog, read_log
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _, say

BATCH = 1 << 17
DELIMITERS = ",;\t|"
_FIRST_LINE = 1 << 16
_PIECE = 1 << 20
# What no text holds, whatever it is written in.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def columns_of(path: Path) -> list[str]:
    """The names of the columns of a file.

    Raises ``WrongUse`` where there is no such file, ``Refused`` where it cannot be read.
    """
    with _readable(path):
        if _is_parquet(path):
            with pyarrow.parquet.ParquetFile(path) as file:
                return list(file.schema_arrow.names)
        return _header(path, _encoding(path))[0]


def read_events(path: Path, columns: Columns) -> EventLog:
    """The log of events in ``path``. Raises as `regie.domain.attribution.log.read_log` does."""
    if not _is_parquet(path):
        table = _csv(path, columns.names(), columns.source)
        return read_log(table.schema, table.to_batches(max_chunksize=BATCH), len(table), columns)
    # Before the unit is asked for by its name: Parquet has no sentence for a name it lacks.
    check_columns(columns.names(), columns_of(path), columns.source)
    with _readable(path):
        # Nothing is read ahead: the log itself is what memory is for.
        options: dict[str, Any] = {"read_dictionary": [columns.unit], "pre_buffer": False}
        with pyarrow.parquet.ParquetFile(path, **options) as file:
            schema = file.schema_arrow
            batches = file.iter_batches(BATCH, columns=list(columns.names()), use_threads=False)
            return read_log(schema, batches, file.metadata.num_rows, columns)


def read_table(path: Path, names: Sequence[str]) -> pa.Table:
    """Those of the columns ``names`` that a file has."""
    present = [name for name in columns_of(path) if name in names]
    if not _is_parquet(path):
        return _csv(path, present, path.name)
    with _readable(path):
        return pyarrow.parquet.read_table(path, columns=present)


def write_table(table: pa.Table, path: Path) -> None:
    """``table`` as Parquet, CSV or Arrow, by the ending of ``path``; whole, or not at all.

    Raises ``WrongUse`` for another ending or a folder that is not there.
    """
    check_destination(path)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        _WRITERS[path.suffix.lower()](table, unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise WrongUse(
            say(_("“{name}” cannot be written: {problem}."), name=path.name,
                problem=os.strerror(error.errno) if error.errno else str(error)),
            hint=_("Choose a folder that you may write to, with room for it."),
        ) from error  # fmt: skip
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def check_destination(path: Path) -> None:
    """Raises ``WrongUse`` where no table can be written to ``path``, as `write_table` says."""
    if path.suffix.lower() not in _WRITERS:
        raise WrongUse(
            say(_("“{name}” says no known kind of file."), name=path.name),
            hint=say(_("End it with {endings}."), endings=", ".join(_WRITERS)),
        )
    if not path.parent.is_dir():
        raise WrongUse(say(_("There is no folder “{name}”."), name=str(path.parent)))
    if path.is_dir():
        raise WrongUse(
            say(_("“{name}” is a folder."), name=str(path)),
            hint=_("Name the file to write in it."),
        )


def _write_arrow(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


_WRITERS: dict[str, Any] = {
    ".parquet": pyarrow.parquet.write_table,
    ".csv": pyarrow.csv.write_csv,
    ".arrow": _write_arrow,
}


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    if path.is_dir():
        raise WrongUse(
            say(_("“{name}” is a folder."), name=str(path)), hint=_("Name one of its files.")
        )
    if not path.is_file():
        raise WrongUse(say(_("There is no file “{name}”."), name=str(path)))
    try:
        yield
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise Refused(
            say(_("{name} cannot be read: {problem}."), name=path.name,
                problem=str(error).strip(".\n")[:300]),
            hint=_("Give a Parquet file, or a CSV with a header."),
        ) from error  # fmt: skip


def _is_parquet(path: Path) -> bool:
    """By content: a Parquet file begins with its mark, whatever its name."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError:
        return False


def _encoding(path: Path) -> str:
    """What a CSV is written in: UTF-8, else what spreadsheets write where it is not."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _header(path: Path, encoding: str) -> tuple[list[str], str]:
    """The names in the first line of a CSV, and what separates them."""
    marked = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open(encoding=marked, errors="replace") as file:
        line = file.readline(_FIRST_LINE).rstrip("\r\n")
    if not line.strip() or _NO_TEXT.search(line):
        raise Refused(
            say(
                _("{name} does not begin with the names of columns.")
                if line.strip() else _("{name} is empty, or begins with an empty line."),
                name=path.name,
            ),
            hint=_("Give a Parquet file, or a CSV with a header."),
        )  # fmt: skip
    delimiter = max(DELIMITERS, key=line.count)
    return [name.strip().strip('"') for name in line.split(delimiter)], delimiter


def _csv(path: Path, wanted: Sequence[str], source: str) -> pa.Table:
    """Columns as text; empty cells are null."""
    with _readable(path):
        encoding = _encoding(path)
        names, delimiter = _header(path, encoding)
        check_columns(tuple(wanted), names, source)
        return pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                column_names=names, skip_rows=1, encoding=encoding
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in wanted},
                include_columns=list(wanted),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
