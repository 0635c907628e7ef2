"""Where what is aimed at comes from: who set it, how much of it is due, how it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import Authors, ObjectiveCard
from regie.domain.markets import figure, is_share
from regie.domain.metrics.definitions import Unit
from regie.domain.objectives import (
    DIRECTIONS,
    KINDS,
    LEVELS,
    NEAR,
    STATUSES,
    Direction,
    Objective,
    Standing,
    at_this_pace,
    due,
    elapsed,
    is_cumulative,
    unit_of,
)
from regie.kernel.periods import Period
from regie.ui import figures
from regie.web.objectives.tree import name_of
from regie.web.objectives.words import (
    Badge,
    amount,
    badge,
    due_of,
    growth_of,
    target_of,
    whole,
)


class Of(StrEnum):
    """Which of its figures is asked about; STEP is what is due in days of one's own."""

    TARGET = "target"
    DUE = "due"
    STATUS = "status"
    STEP = "step"


@dataclass(frozen=True)
class Fact:
    """``why`` is the address that explains the value; ``note`` says how it is worked out."""

    label: str
    value: str
    why: str = ""
    note: str = ""


@dataclass(frozen=True)
class Explained:
    title: str
    label: str
    where: str
    value: str
    badge: Badge | None
    definition: str
    reckoned: Sequence[Fact]
    rule: Sequence[str]
    about: Sequence[Fact]
    authors: Sequence[str]


def address(objective_id: int, of: Of = Of.TARGET, step: Period | None = None) -> str:
    said = {"of": of.value}
    said |= {"from": str(step.start), "to": str(step.end)} if step else {}
    return f"{reverse('objectives-explain', args=[objective_id])}?{urlencode(said)}"


def lay_out(
    card: ObjectiveCard,
    stands: Standing,
    authors: Authors,
    *,
    of: Of,
    step: Period | None,
    today: date,
    why: tuple[str, str],
) -> Explained:
    """``why`` are the addresses that explain what was reached, and what growth is from."""
    one = card.objective
    asked = due(_with_target(one, stands), step) if step else None
    label, value = {
        Of.TARGET: (_("Target"), target_of(one, stands)),
        Of.DUE: (_("Due by now"), _written(one, stands.expected)),
        Of.STATUS: (_("Where it stands"), _(STATUSES[stands.status])),
        Of.STEP: (_("Target of these days"),
                  figures.MISSING if asked is None else amount(one, asked)),
    }[of]  # fmt: skip
    days = step or one.period
    return Explained(
        title=name_of(card),
        label=label,
        where=f"{card.organisation}, {figures.days(days.start, days.end)}",
        value=value,
        badge=badge(one, stands),
        definition=_(figure(one.metric).description),
        reckoned=list(_reckoned(one, stands, today, why, step)),
        rule=_rule(one, stands),
        about=_about(card),
        authors=_authors(authors),
    )


def _with_target(objective: Objective, stands: Standing) -> Objective:
    return replace(objective, target=stands.target)


def _written(objective: Objective, value: Decimal | None) -> str:
    return figures.MISSING if not value else whole(objective, value)


def _reckoned(
    one: Objective, stands: Standing, today: date, why: tuple[str, str], step: Period | None
) -> Sequence[Fact]:
    rows = []
    if one.is_growth:
        known = stands.base is not None
        rows.append(
            Fact(_("Reached then"), amount(one, stands.base), why[1] if known else "",
                 growth_of(one))
        )  # fmt: skip
    rows.append(
        Fact(_("Target"), target_of(one, stands), "", _("What was reached then, and its growth.")
             if one.is_growth else _("As it was set."))
    )  # fmt: skip
    if step is not None and is_cumulative(one.metric):
        note = _("{days} of the {all} days of the objective.").format(
            days=step.days, all=one.period.days
        )
        aimed = due(_with_target(one, stands), step)
        shown = figures.MISSING if aimed is None else amount(one, aimed)
        rows.append(Fact(_("Target of these days"), shown, "", note))
    rows.append(Fact(_("Due by now"), _written(one, stands.expected), "", due_of(one, stands)))
    past = elapsed(one.period, today)
    until = _("Over {days}.").format(days=figures.days(past.start, past.end)) if past else ""
    reached = figures.MISSING if stands.actual is None else amount(one, stands.actual)
    rows.append(Fact(_("So far"), reached, why[0] if stands.actual is not None else "", until))
    if stands.actual is not None and stands.expected is not None:
        rows.append(
            Fact(_("Beyond what is due"), _signed(one, stands.actual - stands.expected), "",
                 _("What was reached so far, less what is due."))
        )  # fmt: skip
    pace = at_this_pace(one, stands.actual, today)
    if pace is not None:
        rows.append(
            Fact(_("At this pace"), _counted(one, pace, ROUND_HALF_UP), "",
                 _("On {day}, if each day goes on as those that are over.").format(
                     day=figures.day(one.period.end)))
        )  # fmt: skip
    return rows


def _signed(objective: Objective, value: Decimal) -> str:
    return figures.signed(value, lambda size: amount(objective, Decimal(size)))


def _rule(one: Objective, stands: Standing) -> list[str]:
    """Which amounts mean which status."""
    if not stands.expected:
        return [_("It is judged once a first day is over and figures are known.")]
    wants_more = one.direction is Direction.AT_LEAST
    edge = stands.expected * (1 - NEAR if wants_more else 1 + NEAR)
    way = ROUND_CEILING if wants_more else ROUND_FLOOR
    said = {"due": _counted(one, stands.expected, way), "edge": _counted(one, edge, way)}
    if wants_more:
        return [
            _("On target: {due} or more so far.").format(**said),
            _("To watch: down to {edge}, ten percent less.").format(**said),
            _("Behind: less than {edge}.").format(**said),
        ]
    return [
        _("On target: {due} or less so far.").format(**said),
        _("To watch: up to {edge}, ten percent more.").format(**said),
        _("Behind: more than {edge}.").format(**said),
    ]


def _counted(one: Objective, value: Decimal, way: str) -> str:
    """Whole things are told in whole numbers."""
    return amount(one, value.to_integral_value(way) if unit_of(one.metric) is Unit.COUNT else value)


def _about(card: ObjectiveCard) -> list[Fact]:
    one = card.objective
    return [
        Fact(_("Measured by"), _(figure(one.metric).label)),
        Fact(_("Days"), figures.days(one.period.start, one.period.end)),
        Fact(_("Direction"), _(DIRECTIONS[one.direction])),
        Fact(_("Kind of objective"), f"{_(LEVELS[one.level])} · {_(KINDS[one.kind])}"),
        Fact(_("Accounts"), _("All that you see of {organisation} and of what is below it").format(
            organisation=card.organisation)),
        Fact(_("Owner"), one.owner),
    ]  # fmt: skip


def _authors(found: Authors) -> list[str]:
    left = _("somebody who has left")
    said = [_("Set by {person} on {moment}.").format(
        person=found.set_by or left, moment=_moment(found.set_at))]  # fmt: skip
    if found.changed_at is not None:
        said.append(
            _("Changed last by {person} on {moment}.").format(
                person=found.changed_by or left, moment=_moment(found.changed_at)
            )
        )
    return said


def _moment(at: datetime) -> str:
    return figures.moment(at, "short")


def why_of(card: ObjectiveCard, addresses: tuple[str, str]) -> tuple[str, str]:
    """Whole addresses of what explains the sums; a share of the market has a page of its own."""
    if is_share(card.objective.metric):
        there = reverse("objectives-market", args=[card.id])
        return there, f"{there}?of=base"
    explain = reverse("report-explain")
    reached, base = (explain + one if one else "" for one in addresses)
    return reached, base
