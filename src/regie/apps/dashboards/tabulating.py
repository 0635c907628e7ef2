"""From sums to the rows and totals of an answer: side by side, named, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from regie.apps.assets.selectors import AssetCard
from regie.apps.dashboards import labels
from regie.apps.dashboards.notes import only_currency
from regie.domain.metrics import planning
from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Ratio, Unit
from regie.domain.metrics.planning import Plan
from regie.domain.metrics.query import Query
from regie.domain.metrics.ratios import value_of, values_of
from regie.warehouse.figures import Figures, Unconverted
from regie.warehouse.views import Session


def rows_of(plan: Plan, figures: Figures) -> list[dict[str, Any]]:
    """Built column by column: thousands of rows share one look at each metric."""
    query = plan.query
    only = only_currency(figures) if plan.splits_currency else None
    # Without anything to split by, the totals are the rows.
    keys, sums = figures.by_row(only) if query.by else figures.by_total(only)
    heads = list(plan.keys)
    cells: list[Sequence[Any]] = list(zip(*(key for key, _currency in keys), strict=True))
    if plan.splits_currency and "currency" not in query.by:
        heads.append("currency")
        cells.append([currency for _key, currency in keys])
    names = _additive(plan)
    cells += [values_of(metric(name), sums, len(keys)) for name in names]
    all_names = [*heads, *names]
    return [dict(zip(all_names, row, strict=True)) for row in zip(*cells, strict=True)]


def _additive(plan: Plan) -> list[str]:
    refused = {one.name for one in plan.nonadditive}
    return [name for name in plan.query.metrics if name not in refused]


def _fold(into: dict[str, Any], values: dict[str, Any]) -> None:
    for name, value in values.items():
        if into.get(name) is None:
            into[name] = value
        elif value is not None:
            into[name] += value


def merge(
    rows: list[dict[str, Any]], found: dict[tuple[Any, ...], dict[str, Any]], plan: Plan
) -> None:
    by = plan.keys
    names = [one.name for one in plan.nonadditive]
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


def totals_of(plan: Plan, figures: Figures, rows: list[dict[str, Any]]) -> dict[str, Any]:
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
        values_ = [row[one.name] for row in rows if row.get(one.name) is not None]
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
    rows: list[dict[str, Any]], query: Query, session: Session, cards: Sequence[AssetCard]
) -> list[dict[str, Any]]:
    """Add ``<dimension>_label`` beside the ids."""
    by_key = {card.key: card for card in cards}
    for name in query.by:
        if name == "account":
            for row in rows:
                card = by_key.get(row[name])
                row["account_label"] = labels.account_label(card) if card else ""
                row["account_id"] = card.external_id if card else ""
        elif labels.is_entity(name):
            _name(rows, name, session)
    return rows


def _name(rows: list[dict[str, Any]], kind: str, session: Session) -> None:
    wanted = {(row[planning.OWNER], row[kind]) for row in rows if row[kind] is not None}
    names = labels.names_of(session, kind, wanted)
    for row in rows:
        row[f"{kind}_label"] = names.get((row[planning.OWNER], row[kind]), "")


def in_order(rows: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    """By the asked dimensions, then by what was asked for; what is missing goes last."""
    columns = [_order_all(_read_all(rows, name)) for name in query.by]
    if any(row.get("currency") for row in rows):
        columns.append([_by_currency(row) for row in rows])
    places: list[Any] = list(zip(*columns, strict=True))
    if len(set(places)) < len(rows):
        # Two accounts may have one name, or none: their keys settle it, always the same way.
        settled = (planning.OWNER, *query.by)
        columns += [_order_all([row.get(name) for row in rows]) for name in settled]
        places = list(zip(*columns, strict=True))
    rows = [rows[place] for place in sorted(range(len(rows)), key=places.__getitem__)]
    name = query.order_by.lstrip("-")
    if name:
        known = [row for row in rows if row[name] is not None]
        unknown = [row for row in rows if row[name] is None]
        sorts = _order_all(_read_all(known, name))
        descending = query.order_by.startswith("-")
        order = sorted(range(len(known)), key=sorts.__getitem__, reverse=descending)
        known = [known[place] for place in order]
        rows = known + unknown
    return rows[: query.limit] if query.limit else rows


def _read_all(rows: list[dict[str, Any]], name: str) -> list[Any]:
    """Cells as people read them: names in place of ids."""
    label = f"{name}_label"
    return [None if row[name] is None else row.get(label, row[name]) for row in rows]


def _by_currency(row: dict[str, Any]) -> tuple[bool, str]:
    code = str(row.get("currency") or "")
    return (not code, code)


def _order_all(values: list[Any]) -> list[tuple[int, Any]]:
    return [(1, one) if type(one) is str else _order(one) for one in values]


def _order(value: Any) -> tuple[int, Any]:
    if value is None:
        return (2, "")
    if isinstance(value, int | float | Decimal):
        return (0, value)
    return (1, value.isoformat() if isinstance(value, date) else str(value))
