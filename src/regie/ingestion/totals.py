"""Sums of the accepted rows of a file, by currency: what a person compares with the platform."""

from __future__ import annotations

from decimal import Decimal

from regie.domain.facts import EARNED_KINDS
from regie.ingestion.earned import metric_of
from regie.ingestion.names_in_rows import words_of
from regie.ingestion.staging import Staged
from regie.ingestion.vocabulary import ADDITIVE
from regie.warehouse.engine import Engine

MONEY = ("spend", "conversion_value", "revenue")


def totals_of(staged: Staged, engine: Engine, view: str) -> dict[str, dict[str, Decimal]]:
    """``{metric: {currency or "": value}}``; absent where the file has no such figure."""
    words = words_of(staged)
    if staged.table.format.lifetime:
        view = _latest(view)
    measures = [
        word
        for word in (*ADDITIVE, "revenue")
        if word in words and word != "earned"  # lines of one's own files are of several kinds
    ]
    totals: dict[str, dict[str, Decimal]] = {}
    if measures:
        sums = ", ".join(f"sum({word})" for word in measures)
        rows = engine.execute(
            f"SELECT coalesce(currency, ''), {sums} FROM {view} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for currency, *values in rows:
            for word, value in zip(measures, values, strict=True):
                _add(totals, metric_of(word), currency if word in MONEY else "", value)
    events = {"orders": "count(*) FILTER (coalesce(order_kind, 'order') = 'order')",
              "leads": "count(*)", "calls": "count(*)"}.get(staged.table.format.fact)  # fmt: skip
    if "earned" in words:
        totals |= _by_kind(engine, view)
    if events:
        value = engine.execute(f"SELECT {events} FROM {view}").fetchall()[0][0]
        totals[staged.table.format.fact] = {"": Decimal(value)}
    return totals


def _by_kind(engine: Engine, view: str) -> dict[str, dict[str, Decimal]]:
    """Of a file of earned media, the sum of each kind by the metric that it is."""
    rows = engine.execute(f"SELECT earned_kind, sum(earned) FROM {view} GROUP BY 1").fetchall()
    found = dict(rows)
    return {
        name: {"": Decimal(found[kind])} for name, kind in EARNED_KINDS.items() if kind in found
    }


def _add(
    totals: dict[str, dict[str, Decimal]], word: str, currency: str, value: Decimal | int | None
) -> None:
    if value is None:
        return
    by_currency = totals.setdefault(word, {})
    by_currency[currency] = by_currency.get(currency, Decimal(0)) + Decimal(value)


def _latest(view: str) -> str:
    """Cumulative figures: the last snapshot of each entity."""
    return (
        f"(SELECT * FROM {view} QUALIFY row_number() OVER (PARTITION BY account_ref, campaign_id, "
        "ad_group_id, ad_id, location ORDER BY date DESC) = 1)"
    )
