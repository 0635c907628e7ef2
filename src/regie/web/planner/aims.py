"""From an objective to the plan that is to reach it, and back from the plan to its objective."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.apps.dashboards import selectors as dashboards
from regie.domain.markets import figure
from regie.domain.metrics.query import Answer, Query
from regie.domain.objectives import Direction as Aim
from regie.domain.objectives import Objective, aimed, unit_of
from regie.kernel.errors import NotFound
from regie.kernel.fiscal import Calendar
from regie.kernel.periods import Period
from regie.ui import figures
from regie.web.planner.words import typed

Ask = Callable[[Query], Answer]
# What a plan can be made for: so many sales, money that sales bring, or money that may be spent.
SALES, REVENUE, SPEND = ("orders", "returning_orders", "new_customers"), "revenue", "spend"
LONGEST = 120


def can_be_planned(objective: Objective) -> bool:
    if objective.metric == SPEND:
        return objective.direction is Aim.AT_MOST
    return objective.metric in {*SALES, REVENUE} and objective.direction is Aim.AT_LEAST


@dataclass(frozen=True)
class Start:
    """What the form of a plan begins with, and a sentence that says how its goal was found."""

    said: dict[str, Any]
    sentence: str


def start(
    number: int, objective: Objective, ask: Ask, *, lately: Period, calendar: Calendar
) -> Start | None:
    """None where no plan can be made of it: its target is unknown, or no sale tells its worth."""
    objective = aimed(objective, dashboards.based_on(objective, ask, calendar))
    if not can_be_planned(objective) or objective.target is None:
        return None
    found = _amounts(objective, objective.target, ask, lately)
    if found is None:
        return None
    said, sentence = found
    return Start(
        {
            **said,
            "name": title_of(objective)[:LONGEST],
            "starts_on": objective.period.start,
            "ends_on": objective.period.end,
            "objective": number,
        },
        sentence,
    )


def _amounts(
    objective: Objective, target: Decimal, ask: Ask, lately: Period
) -> tuple[dict[str, Any], str] | None:
    shown = figures.exact(target, unit_of(objective.metric), objective.currency)
    if objective.metric == SPEND:
        said = {"direction": "budget", "budget": typed("budget", _cents(target))}
        return said | {"currency": objective.currency}, _(
            "The budget is the limit of the objective: {target}."
        ).format(target=shown)
    if objective.metric in SALES:
        return _goal(target), _("The goal is the target of the objective: {target}.").format(
            target=shown
        )
    worth = ask(Query(("aov",), period=lately, currency=objective.currency)).totals.get("aov")
    if not worth:
        return None
    return _goal(target / worth) | {"currency": objective.currency}, _(
        "The objective is {target}. At {worth} an order, as measured over {days}, it takes "
        "{goal} sales."
    ).format(
        target=shown, worth=figures.money(worth, objective.currency),
        days=figures.days(lately.start, lately.end),
        goal=figures.decimal(_whole(target / worth), digits=0),
    )  # fmt: skip


def _goal(sales: Decimal) -> dict[str, Any]:
    return {"direction": "goal", "goal": typed("goal", _whole(sales))}


def _whole(sales: Decimal) -> Decimal:
    return max(Decimal(1), sales.to_integral_value(ROUND_CEILING))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def title_of(objective: Objective) -> str:
    return objective.words or _("{figure}, {days}").format(
        figure=_(figure(objective.metric).label),
        days=figures.days(objective.period.start, objective.period.end),
    )


@dataclass(frozen=True)
class Served:
    """The objective that a plan is to reach, for its page."""

    id: int
    title: str


def served(number: int | None) -> Served | None:
    """None where there is none, none that may be seen, or where it was removed."""
    if number is None:
        return None
    try:
        card = dashboards.objective_card(number)
    except NotFound:
        return None
    return None if card.is_removed else Served(card.id, title_of(card.objective))
