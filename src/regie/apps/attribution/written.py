"""An answer as plain values, the same for the command, the API and files: exact text, ISO days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from regie.apps.attribution.answering import Attribution
from regie.apps.attribution.beside import Beside, Paid
from regie.apps.attribution.both_ways import BothWays
from regie.apps.attribution.closing import Revised
from regie.apps.attribution.standing import Moved
from regie.kernel.money import plain

COLUMNS = (
    "model", "unit", "conversions", "conversion_value", "spend", "roas", "claimed",
    "claimed_value", "removal_effect", "low", "high",
)  # fmt: skip


TRANSITIONS = ("from", "to", "count", "probability")
MOST_TRANSITIONS = 500


def document(
    answer: Attribution,
    beside: Beside,
    names: Mapping[str, str],
    models: tuple[str, ...] = (),
    revised: Sequence[Revised] = (),
    told: Mapping[str, int] | None = None,
    shops: BothWays | None = None,
) -> dict[str, Any]:
    """The whole answer; ``names`` are those of units that are known by number, ``told`` is what
    those who converted say themselves, ``shops`` where they bought."""
    asked, rests = answer.question, answer.rests
    return {
        "period": str(asked.period),
        "unit": asked.unit,
        "conversion": asked.kind,
        "currency": asked.currency,
        "lookback_days": asked.lookback.total_seconds() / 86_400,
        "dated_by": asked.basis,
        "rows": rows(answer, beside, names, models),
        "rests_on": {
            "conversions": rests.conversions,
            "conversions_joined_with_consent": rests.joined,
            "conversions_within_a_day": rests.within_a_day,
            "conversions_without_journey": rests.unattributed,
            "conversions_with_value": rests.valued,
            "conversion_value": exact(rests.value) if rests.valued else None,
            "conversion_value_without_journey": (
                exact(rests.unattributed_value) if rests.valued else None
            ),
            "visits": rests.visits,
            "visits_with_consent": rests.consented,
            "journeys_without_conversion": rests.not_converted,
            "conversions_without_rate": rests.without_rate,
        },
        "received_by_report": _text(beside.real),
        "received_value_by_report": _text(beside.real_value),
        "median_days_to_conversion": answer.median_days,
        "transitions": transitions(answer, names)[:MOST_TRANSITIONS],
        "declared": [{"heard": heard, "conversions": n} for heard, n in (told or {}).items()],
        "shops": shops
        and {
            name: {"conversions": sold.count, "conversion_value": exact(sold.value)}
            for name, sold in vars(shops).items()
        },
        "revised_months": [
            {
                "month": f"{one.month:%Y-%m}",
                **vars(one.change),
                "because_of": list(one.reasons),
                "credits_kept": one.is_kept,
                "lookback": one.lookback,
                "credits": [_moved(move) for move in one.moved if _is_asked(move.model, models)],
            }
            for one in revised
        ],
    }


def transitions(answer: Attribution, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The moves between steps that Markov learns from, the most frequent first."""
    rows = answer.transitions.to_pylist()
    rows.sort(key=lambda row: (-row["count"], row["from"], row["to"]))
    return [
        {
            "from": names.get(row["from"], row["from"]), "to": names.get(row["to"], row["to"]),
            "count": exact(row["count"]), "probability": exact(row["probability"]),
        }
        for row in rows
    ]  # fmt: skip


def _is_asked(model: str, models: tuple[str, ...]) -> bool:
    return not models or model in models


def _moved(one: Moved) -> dict[str, Any]:
    return {
        "model": one.model, "unit": one.unit, "currency": one.currency,
        "conversions_then": exact(one.conversions_then), "conversions": exact(one.conversions),
        "value_then": exact(one.value_then), "value": exact(one.value),
    }  # fmt: skip


def rows(
    answer: Attribution, beside: Beside, names: Mapping[str, str], models: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """One row a model and unit, with what the unit cost and what its platforms claim."""
    found = []
    for model, credit in answer.credits.items():
        if models and model not in models:
            continue
        for place, unit in enumerate(answer.units):
            paid = beside.units.get(unit, Paid())
            value = float(credit.value[place]) if answer.has_value else None
            found.append({
                "model": model,
                "unit": names.get(unit, unit),
                "conversions": exact(credit.conversions[place]),
                "conversion_value": None if value is None else exact(value),
                "spend": _text(paid.spend),
                "roas": _over(value, paid.spend),
                "claimed": _text(paid.claimed),
                "claimed_value": _text(paid.claimed_value),
                "removal_effect": _at(credit.removal_effect, place),
                "low": _at(credit.low, place),
                "high": _at(credit.high, place),
            })  # fmt: skip
    return found


def exact(value: Any) -> str:
    """A float as the shortest text that is that float again."""
    return plain(Decimal(repr(float(value))))


def _over(value: float | None, spend: Decimal | None) -> str | None:
    return exact(value / float(spend)) if spend and value is not None else None


def _at(figures: Any, place: int) -> str | None:
    return None if figures is None else exact(figures[place])


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(Decimal(value))
