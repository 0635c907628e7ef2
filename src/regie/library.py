"""Régie from Python: ``regie.open(home).query(metrics=["spend"], by=["platform"])``.

The same answer as the page, the command and the export, as an Arrow table of exact decimals.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from regie.kernel.periods import Period, parse_day

if TYPE_CHECKING:
    import pyarrow as pa

    from regie.domain.metrics.query import Answer

Day = date | str
Names = str | Sequence[str]  # "spend,clicks" as on the command line, or a list


class Regie:
    """An open installation. One process can open one home."""

    def __init__(self, home: str | os.PathLike[str] | None = None) -> None:
        if home is not None:
            os.environ["REGIE_HOME"] = os.fspath(home)
        from regie.config.boot import start

        start()

    def answer(
        self,
        *,
        metrics: Names,
        by: Names = (),
        start: Day | None = None,
        end: Day | None = None,
        where: Names = (),
        currency: str = "",
        order_by: str = "",
        limit: int = 0,
        compare: str = "",
        organisation: str = "",
        person: str = "",
        as_of: datetime | None = None,
        model: str = "",
        lookback: str = "",
        lag: str = "",
    ) -> Answer:
        """Rows, totals, freshness and notes. ``where`` holds ``"platform=google_ads"``.

        ``compare`` (``previous``, ``year``, ``weekdays``, ``fiscal_year`` or ``A..B``) adds
        ``<metric>_before``, ``<metric>_difference`` in its own unit (of a rate 0.01 is one point)
        and ``<metric>_change``, the part of what it was: 0.1 is ten percent more. Both are None
        where either period has no figure, the change also where it was zero.
        ``model``, ``lookback`` and ``lag`` are of attributed figures; empty is what was chosen.
        """
        from regie.apps.dashboards.services import ask
        from regie.domain.metrics.planning import parse

        query = parse(
            metrics=_listed(metrics), by=_listed(by), period=_period(start, end),
            where=[where] if isinstance(where, str) else where, currency=currency,
            order_by=order_by, limit=limit, model=model, lookback=lookback, lag=lag,
        )  # fmt: skip
        return ask(query, organisation=organisation, person=person, as_of=as_of, compare=compare)

    def query(
        self,
        *,
        metrics: Names,
        by: Names = (),
        start: Day | None = None,
        end: Day | None = None,
        where: Names = (),
        currency: str = "",
        order_by: str = "",
        limit: int = 0,
        compare: str = "",
        organisation: str = "",
        person: str = "",
        as_of: datetime | None = None,
        model: str = "",
        lookback: str = "",
        lag: str = "",
    ) -> pa.Table:
        """The rows of the answer as an Arrow table (names in place of ids).

        Days are ``date32``, names ``string``, counts ``int64``, other figures decimals of the
        digits that they need; one without any value is ``decimal128(38, 9)``.
        """
        import pyarrow as pa

        from regie.domain.metrics.written import names

        found = self.answer(
            metrics=metrics, by=by, start=start, end=end, where=where, currency=currency,
            order_by=order_by, limit=limit, compare=compare,
            organisation=organisation, person=person, as_of=as_of,
            model=model, lookback=lookback, lag=lag,
        )  # fmt: skip
        rows = [
            dict(_named(row, found.by)) | {name: row[name] for name in found.columns}
            for row in found.rows
        ]
        columns = {name: pa.array([row[name] for row in rows]) for name in names(found)}
        return pa.table(
            {
                name: column.cast(_type(name, found)) if pa.types.is_null(column.type) else column
                for name, column in columns.items()
            }
        )


def _type(name: str, found: Answer) -> pa.DataType:
    """Of a column in which nothing is known."""
    import pyarrow as pa

    from regie.domain.metrics.catalog import metric
    from regie.domain.metrics.definitions import Unit
    from regie.domain.metrics.dimensions import DIMENSIONS
    from regie.domain.metrics.query import CHANGE, end_of

    if name in found.columns:
        one, end = end_of(name)
        is_count = metric(one).unit is Unit.COUNT and end != CHANGE
        return pa.int64() if is_count else pa.decimal128(38, 9)
    dimension = DIMENSIONS.get(name)
    return pa.date32() if dimension is not None and dimension.time else pa.string()


def _named(row: Mapping[str, Any], by: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Names in place of ids, and the ids beside them."""
    for name in (*by, *(["currency"] if "currency" in row else [])):
        yield name, row.get(f"{name}_label", row[name])
        if f"{name}_label" in row:
            yield f"{name}_id", row.get(f"{name}_id", row[name])


def _listed(names: Names) -> Sequence[str]:
    return names.split(",") if isinstance(names, str) else names


def _period(start: Day | None, end: Day | None) -> Period | None:
    if start is None and end is None:
        return None
    return Period(_day(start) or date(1, 1, 1), _day(end) or date(9999, 12, 31))


def _day(day: Day | None) -> date | None:
    return parse_day(day) if isinstance(day, str) else day
