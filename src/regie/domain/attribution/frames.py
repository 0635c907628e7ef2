"""Whatever frame people have, as an Arrow table: Arrow, pandas, polars, a dict of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say


def as_table(frame: Any, wanted: Iterable[str] = ()) -> pa.Table:
    """``frame`` as an Arrow table, without a copy where that is possible.

    Where a column has no one type, only those that are ``wanted`` are looked at. Raises
    ``WrongUse`` where it is no table.
    """
    if isinstance(frame, pa.Table):
        return frame
    if _library(frame) == "polars" and hasattr(frame, "collect"):
        frame = frame.collect()
    try:
        return _read(frame)
    except WrongUse:
        fewer = _only(frame, set(wanted))
        if fewer is None:
            raise
    return _read(fewer)


def _library(frame: Any) -> str:
    return type(frame).__module__.partition(".")[0]


def _only(frame: Any, wanted: set[str]) -> Any:
    """Those columns of ``frame`` that are ``wanted``; None where they are all of them, or none."""
    if isinstance(frame, Mapping):
        fewer: Any = {name: column for name, column in frame.items() if name in wanted}
        return fewer if 0 < len(fewer) < len(frame) else None
    if _library(frame) not in ("pandas", "polars") or not hasattr(frame, "columns"):
        return None
    names = [name for name in frame.columns if name in wanted]
    # A name that is there twice would take both columns.
    return frame[names] if 0 < len(names) < len(frame.columns) else None


def _read(frame: Any) -> pa.Table:
    try:
        if isinstance(frame, Mapping):
            return pa.table(dict(frame))
        if isinstance(frame, pa.RecordBatch) or hasattr(frame, "__arrow_c_stream__"):
            return pa.table(frame)
        if _library(frame) == "pandas":
            return pa.Table.from_pandas(frame, preserve_index=False)
    except (ValueError, TypeError, pa.ArrowNotImplementedError) as error:
        problem = ": ".join(str(one).strip(".\n") for one in reversed(error.args))
        raise WrongUse(
            say(_("This table cannot be read: {problem}."), problem=problem),
            hint=_("Give each column one type: text, number or time."),
        ) from error
    raise WrongUse(
        say(_("A {kind} is no table."), kind=type(frame).__name__),
        hint=_("Give an Arrow table, a pandas or polars frame, or a dict of columns."),
    )
