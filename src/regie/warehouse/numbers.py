"""Whole numbers to and from PostgreSQL by the million, as its own binary arrays.

As a list of parameters ten million would take gigabytes; here each number takes twelve bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.adapt import Dumper
from psycopg.pq import Format

from regie.warehouse.catalogue import Conn

_BIGINT, _BIGINTS = 20, 1016  # PostgreSQL's numbers of the types bigint and bigint[]
_ELEMENT: Final = np.dtype([("length", ">i4"), ("value", ">i8")])


@dataclass(frozen=True)
class Numbers:
    """A parameter of type ``bigint[]``."""

    values: NDArray[np.int64]


class _Binary(Dumper):
    format = Format.BINARY
    oid = _BIGINTS

    def dump(self, obj: Numbers) -> bytes:
        count = len(obj.values)
        head = np.array([1 if count else 0, 0, _BIGINT, *([count, 1] if count else [])], ">i4")
        elements = np.empty(count, _ELEMENT)
        elements["length"], elements["value"] = 8, obj.values
        return head.tobytes() + elements.tobytes()


def columns(
    connection: Conn,
    names: Sequence[str],
    rows: str,
    parameters: Sequence[Any] = (),
    *,
    before: str = "",
) -> list[NDArray[np.int64]]:
    """Whole numbers of ``rows`` (SQL, from FROM on), an array for each name; none may be empty.

    ``before`` stands before the statement: a WITH. All arrays are in one order, whatever it is:
    putting them in order is cheaper here than there.
    """
    said = ", ".join(f"string_agg(int8send({name}), ''::bytea)" for name in names)
    (row,) = run(connection, f"{before} SELECT {said} {rows}", parameters)
    return [np.frombuffer(bytes(one or b""), ">i8").astype(np.int64) for one in row]


def run(connection: Conn, sql: str, parameters: Sequence[Any]) -> list[Any]:
    """The rows of ``sql``, whose parameters may be ``Numbers``."""
    with psycopg.Cursor(connection) as cursor:
        cursor.adapters.register_dumper(Numbers, _Binary)
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []
