"""Two campaigns compared at equal budget: which brings a sale for less, whatever was spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.query import Answer
from regie.domain.metrics.versus import COUNTED, RATES, Side, versus
from regie.ui import figures
from regie.web.report import results
from regie.web.report.breakdown import row_name
from regie.web.report.state import MayAnswer, ReportState

MOST = 200


@dataclass(frozen=True)
class Line:
    """A figure of both; ``better`` is 1 or 2, or 0 where neither is."""

    label: str
    first: str
    second: str
    better: int = 0


@dataclass(frozen=True)
class Comparison:
    names: tuple[str, str]
    happened: Sequence[Line]
    at_equal_budget: Sequence[Line]
    budget: str
    verdict: str


def campaigns(state: ReportState, ask: MayAnswer) -> Answer | None:
    return results.answer(replace(state, split="campaign", view="results"), ask)


def choices(answer: Answer) -> list[tuple[str, str]]:
    """Campaigns that cost something, the dearest first: number and name."""
    rows = [row for row in answer.rows if row.get("campaign") and row.get("spend")]
    rows.sort(key=lambda row: row["spend"], reverse=True)
    return [(str(row["campaign"]), row_name(row, "campaign")) for row in rows[:MOST]]


def comparison(state: ReportState, answer: Answer, first: str, second: str) -> Comparison | None:
    """None where one of the two is unknown."""
    rows = {str(row.get("campaign")): row for row in answer.rows}
    if first not in rows or second not in rows or first == second:
        return None
    one, two = rows[first], rows[second]
    names = (row_name(one, "campaign"), row_name(two, "campaign"))
    sides = versus(one, two)
    return Comparison(
        names=names,
        happened=[
            *(_line(name, one.get(name), two.get(name), state) for name in ("spend", *COUNTED)),
            *(_rate(name, sides, state) for name in RATES),
        ],
        at_equal_budget=[
            _line(name, sides[0].at_equal_budget[name], sides[1].at_equal_budget[name], state)
            for name in COUNTED
        ],
        budget=figures.exact(one.get("spend"), "money", state.money),
        verdict=_verdict(names, sides),
    )


def _line(name: str, first: Any, second: Any, state: ReportState, better: int = 0) -> Line:
    unit = metric(name).unit
    shown = [
        figures.exact(None if value is None else Decimal(value), unit, state.money)
        for value in (first, second)
    ]
    return Line(_(metric(name).label), shown[0], shown[1], better)


def _rate(name: str, sides: tuple[Side, Side], state: ReportState) -> Line:
    better = 1 if name in sides[0].better else 2 if name in sides[1].better else 0
    return _line(name, sides[0].rates[name], sides[1].rates[name], state, better)


def _verdict(names: tuple[str, str], sides: tuple[Side, Side]) -> str:
    for name, side in zip(names, sides, strict=True):
        if "cpa" in side.better:
            return _("{name} is better: a sale costs less there.").format(name=name)
    return _("Neither is better on the cost of a sale.")


def asked_for(asked: Mapping[str, str]) -> tuple[str, str]:
    return asked.get("first", ""), asked.get("second", "")
