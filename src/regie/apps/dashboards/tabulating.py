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
from regie.warehouse.answering import Figures, present
from regie.warehouse.views import Session


def rows_of(plan: Plan, figures: Figures) -> list[dict[str, Any]]:
    query = plan.query
    joined = _joined(plan, figures)
    if not query.by and not plan.splits_currency:
        # Without anything to split by, the totals are the one row.
        values = figures.totals.get("", {})
        return [present(values, _additive(plan))] if figures.totals else []
    rows = []
    names = _additive(plan)
    for (key, currency), values in joined.items():
        row = dict(zip(plan.keys, key, strict=True))
        if plan.splits_currency and "currency" not in query.by:
            row["currency"] = currency
        rows.append(row | present(values, names))
    return rows


def _additive(plan: Plan) -> list[str]:
    refused = {one.name for one in plan.nonadditive}
    return [name for name in plan.query.metrics if name not in refused]


def _joined(plan: Plan, figures: Figures) -> dict[tuple[Any, str], dict[str, Any]]:
    """Rows side by side. With one currency in all, facts without one belong to it."""
    source = (
        figures.rows
        if plan.query.by
        else {((), currency): values for currency, values in figures.totals.items()}
    )
    only = only_currency(figures)
    if not plan.splits_currency or only is None:
        return source
    joined: dict[tuple[Any, str], dict[str, Any]] = {}
    for (key, currency), values in source.items():
        _fold(joined.setdefault((key, currency or only), {}), values)
    return joined


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
    for values in figures.totals.values():
        _fold(everything, values)
    only = only_currency(figures)
    for name in _additive(plan):
        if plan.splits_currency and metric(name).unit is Unit.MONEY:
            if only is not None:
                value = present(everything, [name])[name]
                totals[name] = {} if value is None else {only: value}
                continue
            by_currency = {
                currency: present(values, [name])[name]
                for currency, values in sorted(figures.totals.items())
            }
            totals[name] = {c: v for c, v in by_currency.items() if v is not None}
        elif _mixes_money(name) and plan.splits_currency and only is None:
            totals[name] = None
        else:
            totals[name] = present(everything, [name])[name]
    for one in plan.nonadditive:
        values_ = [row[one.name] for row in rows if row.get(one.name) is not None]
        totals[one.name] = values_[0] if len(values_) == 1 else None
    return totals


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
    rows.sort(
        key=lambda row: [
            *(_order(_read(row, name)) for name in query.by),
            _by_currency(row),
            _order(row.get(planning.OWNER)),
            # Two accounts may have one name, or none: their keys settle it, always the same way.
            *(_order(row[name]) for name in query.by),
        ]
    )
    name = query.order_by.lstrip("-")
    if name:
        known = [row for row in rows if row[name] is not None]
        unknown = [row for row in rows if row[name] is None]
        descending = query.order_by.startswith("-")
        known.sort(key=lambda row: _order(_read(row, name)), reverse=descending)
        rows = known + unknown
    return rows[: query.limit] if query.limit else rows


def _read(row: dict[str, Any], name: str) -> Any:
    """A cell as people read it: names in place of ids."""
    return None if row[name] is None else row.get(f"{name}_label", row[name])


def _by_currency(row: dict[str, Any]) -> tuple[bool, str]:
    code = str(row.get("currency") or "")
    return (not code, code)


def _order(value: Any) -> tuple[int, Any]:
    if value is None:
        return (2, "")
    if isinstance(value, int | float | Decimal):
        return (0, value)
    return (1, value.isoformat() if isinstance(value, date) else str(value))
