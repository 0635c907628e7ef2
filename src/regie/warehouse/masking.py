"""Takes what names a person out of published files: every version reads the mended file.

Files are immutable; one that names the person is written again under another name, and takes the
place of the former one in every version. Keys of events say nothing by themselves and stay.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.privacy.masking import Mask
from regie.domain.privacy.names import Names, spellings
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn
from regie.warehouse.engine import Engine, failure
from regie.warehouse.lake import Lake

REASON: Final = "personal data"
PERSONAL: Final = ("customer",)  # columns whose whole value names a person, however short
OWNER: Final = "organisation_id"


@dataclass(frozen=True)
class Found:
    """Rows of one table that name the person, over all files that any version reads."""

    table: str
    rows: int
    files: Sequence[int]


@dataclass(frozen=True)
class Looked:
    """Paths of files that were looked into: those that name the person, and those that nobody can
    read, of which nobody knows."""

    naming: Sequence[str]
    unreadable: Sequence[str]


class Unreadable(Exception):
    """A file of the lake that is broken; ``path`` names it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def numbers(connection: Conn) -> list[int]:
    """The numbers of all files that any version reads, the oldest first."""
    return [number for number, _table, _path in _files(connection)]


def find(
    connection: Conn, lake: Lake, engine: Engine, *, organisations: Collection[int], names: Names,
    among: Collection[int],
) -> tuple[list[Found], list[str]]:  # fmt: skip
    """Which files of ``among`` name somebody, in rows of ``organisations``; and the paths of those
    that cannot be read."""
    found: dict[str, tuple[int, list[int]]] = {}
    broken = []
    for number, table, path in _files(connection):
        if number not in among:
            continue
        try:
            rows = len(rows_naming(lake, engine, path, organisations=organisations, names=names))
        except Unreadable:
            broken.append(path)
            continue
        if rows:
            before = found.get(table, (0, []))
            found[table] = (before[0] + rows, [*before[1], number])
    return [Found(table, rows, files) for table, (rows, files) in sorted(found.items())], broken


def rows_naming(
    lake: Lake, engine: Engine, path: str, *, organisations: Collection[int] | None, names: Names
) -> list[dict[str, Any]]:
    """Rows of one file that name the person; of every organisation where that is ``None``.

    Raises ``Unreadable`` for a broken file.
    """
    if not path.endswith(".parquet") or not Path(lake.absolute(path)).is_file():
        return []
    try:
        return _rows_naming(lake, engine, path, organisations, names)
    except failure() as error:
        raise Unreadable(path) from error


def _rows_naming(
    lake: Lake, engine: Engine, path: str, organisations: Collection[int] | None, names: Names
) -> list[dict[str, Any]]:
    source = [lake.absolute(path)]
    columns = engine.execute("DESCRIBE SELECT * FROM read_parquet(?)", source).fetchall()
    texts = [name for name, type_, *_ in columns if type_ == "VARCHAR"]
    if not texts:
        return []
    # The engine passes over nearly all rows; those that may be meant are then read exactly.
    told = f"lower(concat_ws(' ', {', '.join(texts)}))"
    whole = [f"list_contains($all, {name})" for name in PERSONAL if name in texts]
    near = [f"len(list_filter($telling, x -> contains({told}, x))) > 0", *whole]
    here = f" AND list_contains($here, {OWNER})" if organisations is not None else ""
    given = {
        "all": sorted(names.all),
        "telling": sorted({form.lower() for one in names.telling for form in spellings(one)}),
    } | ({"here": sorted(organisations)} if organisations is not None else {})
    bound = {name: one for name, one in given.items() if f"${name}" in here + "".join(near)}
    rows = engine.execute(
        f"SELECT * FROM read_parquet('{_quoted(source[0])}') WHERE ({' OR '.join(near)}){here}",
        bound,
    ).to_arrow_table()
    return [row for row in rows.to_pylist() if _is_named(row, names)]


def mask(
    connection: Conn,
    lake: Lake,
    engine: Engine,
    found: Sequence[Found],
    *,
    organisations: Collection[int],
    names: Names,
    by: str = "",
) -> list[str]:
    """Write the files of ``found`` again, ``by`` in the place of the names.

    Must run inside a transaction that has called ``lock_for_publishing``. Returns the paths of the
    former files, to be removed once it has committed.
    """
    gone = []
    for number in (one for each in found for one in each.files):
        (file,) = catalogue.files_by_id(connection, [number])
        mending = _Mending(names, by, frozenset(organisations))
        written = lake.write(
            engine, file.table, file.month,
            f"SELECT * FROM read_parquet('{_quoted(lake.absolute(file.path))}')",
            complete=mending.batch,
        )  # fmt: skip
        if written is None or written.rows != file.rows:
            raise RuntimeError(f"{file.path} lost rows")
        connection.execute(
            "UPDATE warehouse_file SET path = %s, bytes = %s, digest = %s WHERE id = %s",
            (written.path, written.bytes, written.digest, number),
        )
        gone.append(file.path)
    if gone:
        _announce(connection, {each.table for each in found})
    return gone


def imports_naming(
    connection: Conn,
    lake: Lake,
    engine: Engine,
    found: Sequence[Found],
    organisations: Collection[int],
    names: Names,
) -> set[int]:
    """The imports whose rows name the person."""
    named: set[int] = set()
    for number in (one for each in found for one in each.files):
        (file,) = catalogue.files_by_id(connection, [number])
        rows = rows_naming(lake, engine, file.path, organisations=organisations, names=names)
        named |= {row["import_id"] for row in rows if row.get("import_id")}
    return named


def unread(lake: Lake, engine: Engine, connection: Conn, *, names: Names) -> Looked:
    """Files that no version reads any more, or not yet."""
    named = {path for _number, _table, path in _files(connection)}
    naming, broken = [], []
    for path in sorted(lake.files() - named):
        try:
            rows = rows_naming(lake, engine, path, organisations=None, names=names)
        except Unreadable:
            broken.append(path)
            continue
        naming += [path] if rows else []
    return Looked(naming, broken)


@dataclass
class _Mending:
    names: Names
    by: str
    organisations: frozenset[int]

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        here = pc.is_in(batch[OWNER], pa.array(sorted(self.organisations), batch[OWNER].type))
        columns = [
            self._column(batch[place], here, field.name)
            if pa.types.is_string(field.type) else batch[place]
            for place, field in enumerate(batch.schema)
        ]  # fmt: skip
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)

    def _column(self, values: pa.Array, here: pa.Array, name: str) -> pa.Array:
        """Each distinct text is looked at once."""
        distinct = pc.unique(values.filter(here))
        changed = {
            text: mended or None
            for text in distinct.to_pylist()
            if text is not None and (mended := _mended(text, name, self.names, self.by)) != text
        }
        if not changed:
            return values
        texts = values.to_pylist()
        return pa.array(
            [
                changed.get(text, text) if is_here else text
                for text, is_here in zip(texts, here.to_pylist(), strict=True)
            ],
            values.type,
        )


def _mended(text: str, name: str, names: Names, by: str) -> str:
    if name in PERSONAL and text in names.all:
        return by
    return Mask(names, by).text(text)


def _is_named(row: dict[str, Any], names: Names) -> bool:
    return any(
        isinstance(value, str) and _mended(value, name, names, "") != value
        for name, value in row.items()
    )


def _announce(connection: Conn, tables: set[str]) -> None:
    """Readers remember where the files of a version are: a new version makes them look again."""
    current = catalogue.snapshot(connection)
    catalogue.publish_version(
        connection, {table: current.files(table) for table in sorted(tables)}, reason=REASON
    )


def _files(connection: Conn) -> list[tuple[int, str, str]]:
    rows = connection.execute("SELECT id, table_name, path FROM warehouse_file ORDER BY id")
    return [(number, table, path) for number, table, path in rows.fetchall()]


def _quoted(path: str) -> str:
    return path.replace("'", "''")
