"""From sums to the rows and totals of an answer: side by side, named, in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from heapq import nlargest, nsmallest
from itertools import compress, repeat
from typing import Any

from django.utils.translation import gettext

from regie.apps.assets.selectors import AssetCard
from regie.apps.dashboards import labels
from regie.apps.dashboards.notes import only_currency
from regie.domain.metrics import planning
from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Ratio, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import Plan
from regie.domain.metrics.query import Query, Rows
from regie.domain.metrics.ratios import value_of, values_of
from regie.kernel.i18n import _
from regie.warehouse.figures import Figures, Unconverted
from regie.warehouse.shared_columns import worked_out
from regie.warehouse.views import Session

Columns = dict[str, Sequence[Any]]  # of the same length, by name
NOBODY = _("Nobody yet")  # for whom no rule says that it works
_SORTED = {str, date, int, Decimal}


def columns_of(plan: Plan, figures: Figures) -> Columns:
    """What is asked by, the owner where it tells rows apart, the currency where money is split,
    and the metrics."""
    query = plan.query
    only = only_currency(figures) if plan.splits_currency else None
    # Without anything to split by, the totals are the rows.
    rows, sums = figures.by_row(only) if query.by else figures.by_total(only)
    if query.limit and query.order_by.lstrip("-") in sums and not plan.nonadditive:
        may_be = _may_be_first(sums[query.order_by.lstrip("-")], query)
        rows = rows.only(may_be)
        sums = {name: [*compress(cells, may_be)] for name, cells in sums.items()}
    columns: Columns = dict(zip(plan.keys, rows.keys or repeat(()), strict=False))
    if plan.splits_currency and "currency" not in query.by:
        columns["currency"] = rows.currencies
    return columns | {n: values_of(metric(n), sums, len(rows)) for n in _additive(plan)}


def _may_be_first(cells: Sequence[Any], query: Query) -> list[bool]:
    """Which rows may be among those asked for, by the figure that sorts them.

    The names of the others need not be looked up, and nothing of theirs be divided.
    """
    known = [cell for cell in cells if cell is not None]
    if len(known) < query.limit:
        return [True] * len(cells)
    if query.order_by.startswith("-"):
        least = nlargest(query.limit, known)[-1]
        return [cell is not None and cell >= least for cell in cells]
    most = nsmallest(query.limit, known)[-1]
    return [cell is not None and cell <= most for cell in cells]


def _additive(plan: Plan) -> list[str]:
    refused = {one.name for one in plan.nonadditive}
    return [name for name in plan.query.metrics if name not in refused]


def _fold(into: dict[str, Any], values: dict[str, Any]) -> None:
    for name, value in values.items():
        if into.get(name) is None:
            into[name] = value
        elif value is not None:
            into[name] += value


def merged(columns: Columns, found: dict[tuple[Any, ...], dict[str, Any]], plan: Plan) -> Columns:
    """With the figures that are not added up, in rows of their own where no other is of the key."""
    by = plan.keys
    names = [one.name for one in plan.nonadditive]
    rows = list(Rows(columns, range(_count(columns))))
    seen = set()
    for row in rows:
        key = tuple(row[name] for name in by)
        seen.add(key)
        row.update({name: found.get(key, {}).get(name) for name in names})
    empty = dict.fromkeys(_additive(plan))
    for key, values in found.items():
        if key not in seen:
            rows.append(
                dict(zip(by, key, strict=True)) | empty | {name: values.get(name) for name in names}
            )
    heads = [name for name in columns if name not in empty]
    return {name: [row.get(name) for row in rows] for name in (*heads, *empty, *names)}


def with_figures(columns: Columns, plan: Plan, figures: Figures) -> Columns:
    """Without rows in which no metric that was asked for has a value.

    They come from parts of ratios: whoever has orders and no spend has no cost per order. A moment
    of a curve stays, and so does what is known and only not shown.
    """
    by, names = plan.query.by, plan.query.metrics
    is_curve = all(DIMENSIONS[name].time for name in by)
    # Each row has a sum: where all of them were asked for, it has a value.
    sums = {one.name for part in plan.facts for one in part.sums}
    if is_curve or figures.keeps_back or sums <= set(names):
        return columns
    cells = zip(*(columns[name] for name in names), strict=True)
    chosen = [any(value is not None for value in row) for row in cells]
    return {name: list(compress(column, chosen)) for name, column in columns.items()}


def _count(columns: Columns) -> int:
    return len(next(iter(columns.values()), ()))


def totals_of(plan: Plan, figures: Figures, columns: Columns) -> dict[str, Any]:
    """Totals from sums: by currency for money when it is split, else one value."""
    totals: dict[str, Any] = {}
    everything: dict[str, Any] = {}
    by_currency = _known_totals(figures)
    for values in by_currency.values():
        _fold(everything, values)
    only = only_currency(figures)
    for name in _additive(plan):
        if plan.splits_currency and metric(name).unit is Unit.MONEY:
            if only is not None:
                value = value_of(metric(name), everything)
                totals[name] = {} if value is None else {only: value}
                continue
            found = {c: value_of(metric(name), v) for c, v in sorted(by_currency.items())}
            totals[name] = {c: v for c, v in found.items() if v is not None}
        elif _mixes_money(name) and plan.splits_currency and only is None:
            totals[name] = None
        else:
            totals[name] = value_of(metric(name), everything)
    for one in plan.nonadditive:
        values_ = [value for value in columns[one.name] if value is not None]
        totals[one.name] = values_[0] if len(values_) == 1 else None
    return totals


def _known_totals(figures: Figures) -> dict[str, dict[str, Any]]:
    return {
        currency: {n: None if isinstance(v, Unconverted) else v for n, v in values.items()}
        for currency, values in figures.totals.items()
    }


def _mixes_money(name: str) -> bool:
    ratio = metric(name)
    return isinstance(ratio, Ratio) and Unit.MONEY in {
        metric(ratio.numerator).unit, metric(ratio.denominator).unit,
    }  # fmt: skip


def named(
    columns: Columns, query: Query, session: Session, cards: Mapping[int, AssetCard],
    beneficiaries: Mapping[str, str],
) -> Columns:  # fmt: skip
    """With ``<dimension>_label`` beside the ids; ``cards`` are those of the accounts in them."""
    labelled = dict(columns)
    for name in query.by:
        if name == "account":
            found = [cards.get(key) for key in columns[name]]
            labelled["account_label"] = [labels.account_label(one) if one else "" for one in found]
            labelled["account_id"] = [one.external_id if one else "" for one in found]
        elif name == planning.BENEFICIARY:
            nobody = gettext(NOBODY)
            labelled["beneficiary_label"] = [
                beneficiaries.get(one, one) if one else nobody for one in columns[name]
            ]
        elif labels.is_entity(name):
            owners = columns[planning.OWNER]
            labelled[f"{name}_label"] = labels.named(session, name, owners, columns[name])
    return labelled


def in_order(columns: Columns, query: Query, *, without: Collection[str] = ()) -> Rows:
    """Rows by the asked dimensions, then by what was asked for; what is missing goes last."""
    order = _by_dimensions(columns, query)
    name = query.order_by.lstrip("-")
    if name:
        cells = _as_read(columns, name)
        unknown = [place for place in order if columns[name][place] is None]
        known = [place for place in order if columns[name][place] is not None]
        sorts = _order_all(cells)
        known.sort(key=sorts.__getitem__, reverse=query.order_by.startswith("-"))
        order = known + unknown
    kept = {name: cells for name, cells in columns.items() if name not in without}
    return Rows(kept, order[: query.limit] if query.limit else order)


def _by_dimensions(columns: Columns, query: Query) -> Sequence[int]:
    """The places of all rows in the order of the asked dimensions: of the same, found once."""
    heads = (*query.by, *(f"{name}_label" for name in query.by), planning.OWNER, "currency")
    of = [columns[name] for name in heads if name in columns] if query.by else []
    return worked_out(("order", query.by), of, lambda: _places(columns, query))


def _places(columns: Columns, query: Query) -> list[int]:
    count = _count(columns)
    if count < 2:
        return list(range(count))
    sorts = [_order_all(_as_read(columns, name)) for name in query.by]
    if len(set(columns.get("currency", ()))) > 1:
        sorts.append([_by_currency(code) for code in columns["currency"]])
    places = _side_by_side(sorts)
    if len(set(places)) < count:
        # Two accounts may have one name, or none: their keys settle it, always the same way.
        settled = [name for name in (planning.OWNER, *query.by) if name in columns]
        places = _side_by_side([*sorts, *(_order_all(columns[name]) for name in settled)])
    return sorted(range(count), key=places.__getitem__)


def _side_by_side(sorts: list[Sequence[Any]]) -> Sequence[Any]:
    return sorts[0] if len(sorts) == 1 else list(zip(*sorts, strict=True))


def _as_read(columns: Columns, name: str) -> Sequence[Any]:
    """Cells as people read them: names in place of ids."""
    ids, names = columns[name], columns.get(f"{name}_label")
    if names is None:
        return ids
    return [None if one is None else label for one, label in zip(ids, names, strict=True)]


def _by_currency(code: str | None) -> tuple[bool, str]:
    return (not code, code or "")


def _order_all(values: Sequence[Any]) -> Sequence[Any]:
    """What to sort ``values`` by: themselves, where they are of one kind."""
    kinds = set(map(type, values))
    return values if len(kinds) == 1 and kinds <= _SORTED else [_order(one) for one in values]


def _order(value: Any) -> tuple[int, Any]:
    if value is None:
        return (2, "")
    if isinstance(value, int | float | Decimal):
        return (0, value)
    return (1, value.isoformat() if isinstance(value, date) else str(value))
