"""Objectives set before the figures come: what is aimed at, by when, and where one stands today.

Business objectives and operational ones are kept apart: what a platform says of itself never
stands for the business, and displays that were bought are not awareness.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from regie.domain import vanity
from regie.domain.markets import figure, is_share
from regie.domain.metrics.definitions import NonAdditive, Sum, Unit
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import _, say
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


class Against(StrEnum):
    """With what days growth is reckoned from."""

    YEAR = "year"
    PREVIOUS = "previous"


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
AGAINST = {
    Against.YEAR: _("the same days a year before"),
    Against.PREVIOUS: _("the days before"),
}
STATUSES = {
    Status.REACHED: _("On target"),
    Status.WATCH: _("To watch"),
    Status.BEHIND: _("Behind"),
    Status.WAITING: _("Not begun"),
    Status.UNKNOWN: _("No figure yet"),
}
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Objective:
    """``currency`` is that of the target where it is money. ``owner`` answers for it.

    ``words`` say it so that everybody understands. ``serves`` is the number of the business
    objective under which an operational one stands.

    A growth objective says by how much to be above ``against`` (0.1 is ten percent more); its
    target is worked out of what was reached then, and None until that is known.
    """

    level: Level
    kind: Kind
    metric: str
    period: Period
    target: Decimal | None
    direction: Direction
    owner: str
    currency: str = ""
    words: str = ""
    serves: int | None = None
    growth: Decimal | None = None
    against: Against | None = None

    @property
    def is_growth(self) -> bool:
        return self.growth is not None


@dataclass(frozen=True)
class Standing:
    """``expected`` is the part of the target that is due by now; ``base`` what growth is from."""

    status: Status
    actual: Decimal | None
    expected: Decimal | None
    share: Decimal | None  # of the whole target
    target: Decimal | None = None
    base: Decimal | None = None


def check(objective: Objective) -> Objective:
    """Refuse what would flatter, with the sentence that says what to aim at instead."""
    if objective.growth is not None:
        _check_growth(objective)
    elif objective.target is None or objective.target <= 0:
        raise WrongUse(_("A target is above zero."), hint=_("Say how much is to be reached."))
    if not objective.owner.strip():
        raise WrongUse(
            _("An objective needs an owner."), hint=_("Name the person who answers for it.")
        )
    if len(objective.words) > LONGEST_WORDS:
        raise WrongUse(_("Say it in 200 letters at most."), code="words")
    _check_vanity(objective)
    if objective.level is Level.BUSINESS and objective.serves is not None:
        raise WrongUse(_("A business objective serves no other."), code="serves")
    return objective


def _check_growth(objective: Objective) -> None:
    if objective.against is None:
        raise WrongUse(_("Growth is reckoned from other days: say from which."), code="said_as")
    if objective.growth is None or objective.growth <= -1 or objective.growth == 0:
        raise WrongUse(_("Growth is above −100% and at most 1,000%, and not zero."))


def compared_days(objective: Objective, calendar: Calendar = PLAIN) -> Period:
    """The days from which growth is reckoned."""
    if objective.against is Against.PREVIOUS:
        return calendar.previous(objective.period)
    return calendar.previous_year(objective.period)


def aimed(objective: Objective, base: Decimal | None) -> Objective:
    """With the target that ``base``, what was reached then, makes of its growth."""
    if objective.growth is None:
        return objective
    if not base or base < 0:
        return replace(objective, target=None)
    return replace(objective, target=base * (1 + objective.growth))


def _check_vanity(objective: Objective) -> None:
    is_business = objective.level is Level.BUSINESS
    is_aware = objective.kind is Kind.AWARENESS
    if is_aware and objective.metric in vanity.BOUGHT:
        raise Refused(
            _("Impressions that were bought are not awareness."),
            hint=vanity.instead(vanity.AWARE),
            code="vanity",
        )
    if is_business and not _is_business(objective.metric):
        raise Refused(
            _("What platforms count is no business objective."),
            hint=say(
                _("{why} {instead} Or make it an operational objective."),
                why=vanity.why(objective.metric),
                instead=vanity.instead(vanity.better(objective.metric)),
            ),
            code="not_business",
        )
    vain = vanity.of_words(objective.words, is_business=is_business, is_aware=is_aware)
    if vain is not None:
        raise Refused(
            vain, hint=_("Say what it brings: customers, contacts, sales, visits."), code="words"
        )


def _is_business(name: str) -> bool:
    return is_share(name) or vanity.is_business(name)


def proposals(objective: Objective) -> tuple[str, ...]:
    """Metrics to aim at in the place of one that was refused; empty where it was not."""
    try:
        check(objective)
    except Refused as refusal:
        if refusal.code == "vanity":
            return vanity.AWARE
        return vanity.better(objective.metric) if refusal.code == "not_business" else ()
    except WrongUse:
        pass
    return ()


def is_cumulative(name: str) -> bool:
    """Whether the figure grows day by day, so that a part of its target is due each day."""
    return isinstance(figure(name), Sum)


def elapsed(period: Period, today: date) -> Period | None:
    """The whole days of the period that are over; None before its second day."""
    if today <= period.start:
        return None
    last = min(period.end, date.fromordinal(today.toordinal() - 1))
    return Period(period.start, last)


def due(objective: Objective, part: Period) -> Decimal | None:
    """What is due over ``part`` of the period: its share of the days, or the rate itself."""
    if objective.target is None or not is_cumulative(objective.metric):
        return objective.target
    return objective.target * part.days / objective.period.days


def at_this_pace(objective: Objective, actual: Decimal | None, today: date) -> Decimal | None:
    """What a sum comes to by the end, if each day goes on as those that are over; a rate: None."""
    part = elapsed(objective.period, today)
    if actual is None or part is None or not is_cumulative(objective.metric):
        return None
    return Decimal(actual) * objective.period.days / part.days


def standing(
    objective: Objective, actual: Decimal | None, today: date, base: Decimal | None = None
) -> Standing:
    """Where the objective stands; exactly on the limit is on target.

    ``base`` is what a growth objective is reckoned from.
    """
    objective = aimed(objective, base)
    target, part = objective.target, elapsed(objective.period, today)
    if part is None:
        return Standing(Status.WAITING, None, None, None, target, base)
    expected = due(objective, part)
    if actual is None or target is None or expected is None:
        return Standing(Status.UNKNOWN, actual, expected, None, target, base)
    value = Decimal(actual)
    status = _status(objective, value, expected)
    return Standing(status, value, expected, value / target, target, base)


def _status(objective: Objective, actual: Decimal, expected: Decimal) -> Status:
    wants_more = objective.direction is Direction.AT_LEAST
    missing = expected - actual if wants_more else actual - expected
    if missing <= 0:
        return Status.REACHED
    return Status.WATCH if missing <= expected * NEAR else Status.BEHIND


def can_be_aimed_at(name: str) -> bool:
    """People reached are not added up over days: nothing says where one stands in between."""
    return not isinstance(figure(name), NonAdditive)


def unit_of(name: str) -> Unit:
    return figure(name).unit
