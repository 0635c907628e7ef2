"""An answer as plain values, the same for the command, the API and Python: exact text, ISO days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from regie.domain.metrics.query import Answer
from regie.kernel.money import plain


def document(answer: Answer) -> dict[str, Any]:
    """The whole answer: rows, totals, freshness, notes."""
    return {
        "metrics": list(answer.metrics),
        "by": list(answer.by),
        "rows": rows(answer),
        "totals": as_text(answer.totals),
        "currency": answer.currency or None,
        "freshness": [
            {key: as_text(value) for key, value in source.items()} for source in answer.freshness
        ],
        "notes": [str(note) for note in answer.notes],
        "provisional_from": as_text(answer.provisional_from),
        "compared_with": str(answer.compared_with) if answer.compared_with else None,
    }


def rows(answer: Answer) -> list[dict[str, Any]]:
    """Rows for people: names in place of ids, ids beside them, decimals as text."""
    found = []
    for row in answer.rows:
        out: dict[str, Any] = {}
        for name in [*answer.by, *(["currency"] if "currency" in row else [])]:
            if f"{name}_label" in row:
                out[name] = row[f"{name}_label"]
                out[f"{name}_id"] = row.get(f"{name}_id", row[name])
            else:
                out[name] = as_text(row[name], name)
        found.append(out | {name: as_text(row[name]) for name in answer.columns})
    return found


def names(answer: Answer) -> list[str]:
    """The columns of ``rows``, the same where there is none."""
    found = []
    for name in dict.fromkeys([*answer.by, *(["currency"] if "currency" in answer.heads else [])]):
        found += [name, f"{name}_id"] if f"{name}_label" in answer.heads else [name]
    return [*found, *answer.columns]


def as_text(value: Any, dimension: str = "") -> Any:
    """A figure as exact text, a day as ISO; None stays None."""
    if isinstance(value, dict):
        return {key: as_text(one) for key, one in value.items()}
    if isinstance(value, date):
        return value.strftime("%Y-%m") if dimension == "month" else value.isoformat()
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return plain(Decimal(value))
    return value
