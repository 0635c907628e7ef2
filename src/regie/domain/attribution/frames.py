"""Whatever frame people have, as an Arrow table: Arrow, pandas, polars, a dict of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say


def as_table(frame: Any) -> pa.Table:
    """``frame`` as an Arrow table, without a copy where that is possible.

    Raises ``WrongUse`` where it is no table.
    """
    if isinstance(frame, pa.Table):
        return frame
    if type(frame).__module__.partition(".")[0] == "polars" and hasattr(frame, "collect"):
        frame = frame.collect()
    try:
        if isinstance(frame, Mapping):
            return pa.table(dict(frame))
        if isinstance(frame, pa.RecordBatch) or hasattr(frame, "__arrow_c_stream__"):
            return pa.table(frame)
        if type(frame).__module__.partition(".")[0] == "pandas":
            return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise WrongUse(
            say(_("This table cannot be read: {problem}."), problem=str(error).strip(".\n")),
            hint=_("Give each column one type: text, number or time."),
        ) from error
    raise WrongUse(
        say(_("A {kind} is no table."), kind=type(frame).__name__),
        hint=_("Give an Arrow table, a pandas or polars frame, or a dict of columns."),
    )
