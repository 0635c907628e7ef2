"""Objectives set before the figures come: what is aimed at, by when, and where one stands today.

Business objectives and operational ones are kept apart: what a platform says of itself never
stands for the business, and displays that were bought are not awareness.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import NonAdditive, Sum, Unit
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _
from regie.kernel.periods import Period

NEAR = Decimal("0.1")  # as far as this from the target one still only watches


class Level(StrEnum):
    BUSINESS = "business"
    OPERATIONAL = "operational"


class Kind(StrEnum):
    AWARENESS = "awareness"
    ACQUISITION = "acquisition"
    CONVERSION = "conversion"
    RETENTION = "retention"
    ENGAGEMENT = "engagement"
    SOCIAL_VISITS = "social_visits"
    SOCIAL_SALES = "social_sales"


class Direction(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Status(StrEnum):
    REACHED = "reached"
    WATCH = "watch"
    BEHIND = "behind"
    WAITING = "waiting"  # it has not begun
    UNKNOWN = "unknown"  # no figure yet


LEVELS = {
    Level.BUSINESS: _("Business objective"),
    Level.OPERATIONAL: _("Operational objective"),
}
KINDS = {
    Kind.AWARENESS: _("Awareness"),
    Kind.ACQUISITION: _("Prospect acquisition"),
    Kind.CONVERSION: _("From prospect to customer"),
    Kind.RETENTION: _("Retention"),
    Kind.ENGAGEMENT: _("Engagement"),
    Kind.SOCIAL_VISITS: _("Site visits from social networks"),
    Kind.SOCIAL_SALES: _("Sales from social networks"),
}
DIRECTIONS = {Direction.AT_LEAST: _("At least"), Direction.AT_MOST: _("At most")}
STATUSES = {
    Status.REACHED: _("On target"),
    Status.WATCH: _("To watch"),
    Status.BEHIND: _("Behind"),
    Status.WAITING: _("Not begun"),
    Status.UNKNOWN: _("No figure yet"),
}
# Bought, not earned: more of it says that more was paid.
BOUGHT = ("spend", "impressions", "cpm")


@dataclass(frozen=True)
class Objective:
    """``currency`` is that of the target where it is money. ``owner`` answers for it."""

    level: Level
    kind: Kind
    metric: str
    period: Period
    target: Decimal
    direction: Direction
    owner: str
    currency: str = ""


@dataclass(frozen=True)
class Standing:
    """``expected`` is the part of the target that is due by now."""

    status: Status
    actual: Decimal | None
    expected: Decimal
    share: Decimal | None  # of the whole target


def check(objective: Objective) -> Objective:
    """Refuse what would flatter, with the sentence that says what to aim at instead."""
    if objective.target <= 0:
        raise WrongUse(_("A target is above zero."), hint=_("Say how much is to be reached."))
    if not objective.owner.strip():
        raise WrongUse(
            _("An objective needs an owner."), hint=_("Name the person who answers for it.")
        )
    if objective.kind is Kind.AWARENESS and objective.metric in BOUGHT:
        raise Refused(
            _("Impressions that were bought are not awareness."),
            hint=_("Aim at visits or engagements."),
            code="vanity",
        )
    wanted = metric(objective.metric)
    if objective.level is Level.BUSINESS and isinstance(wanted, Sum) and not _is_business(wanted):
        raise Refused(
            _("What platforms count is no business objective."),
            hint=_("Aim at revenue, orders, leads received or a cost per order; or make it an "
                   "operational objective."),
            code="not_business",
        )  # fmt: skip
    return objective


def _is_business(one: Sum) -> bool:
    return one.fact in {"orders", "leads", "calls"} and not one.claimed


def is_cumulative(name: str) -> bool:
    """Whether the figure grows day by day, so that a part of its target is due each day."""
    return isinstance(metric(name), Sum)


def elapsed(period: Period, today: date) -> Period | None:
    """The whole days of the period that are over; None before its second day."""
    if today <= period.start:
        return None
    last = min(period.end, date.fromordinal(today.toordinal() - 1))
    return Period(period.start, last)


def due(objective: Objective, part: Period) -> Decimal:
    """What is due over ``part`` of the period: its share of the days, or the rate itself."""
    if not is_cumulative(objective.metric):
        return objective.target
    return objective.target * part.days / objective.period.days


def standing(objective: Objective, actual: Decimal | None, today: date) -> Standing:
    """Where the objective stands; exactly on the limit is on target."""
    part = elapsed(objective.period, today)
    if part is None:
        return Standing(Status.WAITING, None, Decimal(0), None)
    expected = due(objective, part)
    if actual is None:
        return Standing(Status.UNKNOWN, None, expected, None)
    value = Decimal(actual)
    return Standing(_status(objective, value, expected), value, expected, value / objective.target)


def _status(objective: Objective, actual: Decimal, expected: Decimal) -> Status:
    wants_more = objective.direction is Direction.AT_LEAST
    missing = expected - actual if wants_more else actual - expected
    if missing <= 0:
        return Status.REACHED
    return Status.WATCH if missing <= expected * NEAR else Status.BEHIND


def can_be_aimed_at(name: str) -> bool:
    """People reached are not added up over days: nothing says where one stands in between."""
    return not isinstance(metric(name), NonAdditive)


def unit_of(name: str) -> Unit:
    return metric(name).unit
