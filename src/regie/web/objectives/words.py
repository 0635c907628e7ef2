"""An objective in the words of a page; its status is an icon and a word before it is a colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import ObjectiveCard
from regie.domain.markets import figure
from regie.domain.metrics.definitions import Unit
from regie.domain.objectives import (
    AGAINST,
    DIRECTIONS,
    KINDS,
    LEVELS,
    STATUSES,
    Objective,
    Standing,
    Status,
    is_cumulative,
    unit_of,
)
from regie.ui import figures
from regie.ui.figures import MISSING

TONES = {Status.REACHED: "good", Status.WATCH: "warning", Status.BEHIND: "bad"}
ICONS = {Status.REACHED: "check", Status.WATCH: "warning", Status.BEHIND: "cross"}


@dataclass(frozen=True)
class Badge:
    """Where an objective stands, short enough for a card."""

    word: str
    tone: str
    icon: str
    text: str
    hint: str
    why: str = ""  # the address that explains it


def badge(objective: Objective, stands: Standing) -> Badge:
    target = target_of(objective, stands)
    if stands.share is None:
        text = target
    elif is_cumulative(objective.metric):
        text = _("{share} of {target}").format(
            share=figures.percent(stands.share, digits=0), target=target
        )
    else:
        text = _("target {target}").format(target=target)
    return Badge(
        word=_(STATUSES[stands.status]),
        tone=TONES.get(stands.status, ""),
        icon=ICONS.get(stands.status, "info"),
        text=text,
        hint=_("{direction} {target}, {days}. Owner: {owner}.").format(
            direction=_(DIRECTIONS[objective.direction]),
            target=target,
            days=figures.days(objective.period.start, objective.period.end),
            owner=objective.owner,
        ),
    )


def target_of(objective: Objective, stands: Standing) -> str:
    """The amount to reach; of growth whose base is unknown, the growth alone."""
    if stands.target is None and objective.growth is not None:
        return growth_of(objective)
    return MISSING if stands.target is None else whole(objective, stands.target)


def growth_of(objective: Objective) -> str:
    """As in “+10% on the same days a year before”; empty where an amount is aimed at."""
    if objective.growth is None or objective.against is None:
        return ""
    return _("{growth} on {days}").format(
        growth=signed_percent(objective.growth), days=_(AGAINST[objective.against])
    )


def signed_percent(growth: Decimal) -> str:
    digits = 0 if growth * 100 == int(growth * 100) else 1
    return figures.signed(growth, lambda size: figures.percent(size, digits=digits))


def amount(objective: Objective, value: Any) -> str:
    return figures.exact(value, unit_of(objective.metric), objective.currency)


def due_of(objective: Objective, stands: Standing) -> str:
    """How much of the target is due, in words."""
    if not stands.expected or not stands.target:
        return ""
    if not is_cumulative(objective.metric):
        return _("A rate is due whole on every day.")
    days = objective.period.days
    return _("{past} days of {days} are over: so much of the target is due.").format(
        past=round(stands.expected / stands.target * days), days=days
    )


def whole(objective: Objective, value: Decimal) -> str:
    """Nobody sells half an order: what is aimed at of whole things is the next whole number."""
    is_count = unit_of(objective.metric) is Unit.COUNT
    return amount(objective, value.to_integral_value(ROUND_CEILING) if is_count else value)


def listed(
    card: ObjectiveCard,
    stands: Standing,
    why: tuple[str, str],
    asks: Mapping[str, str],
    depth: int = 0,
) -> dict[str, Any]:
    """``why`` are the addresses that explain what was reached, and what growth is from; ``asks``
    those of its target, what is due of it and its status."""
    one = card.objective
    return {
        "id": card.id,
        "depth": depth,
        "words": one.words,
        "metric": _(figure(one.metric).label),
        "definition": _(figure(one.metric).description),
        "kind": _(KINDS[one.kind]),
        "level": _(LEVELS[one.level]),
        "direction": _(DIRECTIONS[one.direction]),
        "target": target_of(one, stands) if stands.target else MISSING,
        "growth": growth_of(one),
        "base": amount(one, stands.base) if one.is_growth else "",
        "why_actual": why[0] if stands.actual is not None else "",
        "why_base": why[1] if stands.base is not None else "",
        **{f"why_{name}": one_why for name, one_why in asks.items()},
        "days": figures.days(one.period.start, one.period.end),
        "owner": one.owner,
        "actual": MISSING if stands.actual is None else amount(one, stands.actual),
        "expected": whole(one, stands.expected) if stands.expected else MISSING,
        "due_of": due_of(one, stands),
        "badge": badge(one, stands),
        "can_take_back": card.can_take_back,
    }
