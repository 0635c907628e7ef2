"""Events beside a chart: those that people noted, and the days on which objectives begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import EventCard, ObjectiveCard
from regie.apps.organisations.models import Organisation
from regie.domain.annotations import KINDS
from regie.domain.markets import figure
from regie.kernel.periods import Period
from regie.ui.charts import Mark
from regie.web.report.page import Report

MOST = 20  # beyond these a chart says nothing any more: the page of events has all


def with_marks(report: Report, marks: Sequence[Mark]) -> Report:
    chart = report.chart
    if chart is None or chart.is_empty:
        return report
    return replace(report, chart=replace(chart, marks=marks[:MOST]))


def in_order(
    period: Period,
    events: Sequence[EventCard],
    aims: Sequence[ObjectiveCard],
    names: Mapping[int, str],
    here: Organisation,
) -> list[Mark]:
    """``names`` are of the organisations that are seen, by id."""
    noted = [mark(one, names, here) for one in events]
    return sorted([*noted, *beginnings(aims, period)], key=lambda one: (one.start, one.title))


def mark(card: EventCard, names: Mapping[int, str], here: Organisation) -> Mark:
    event, is_seen = card.event, card.organisation_id in names
    whose = names.get(card.organisation_id, _("from the organisation above"))
    return Mark(
        title=event.title,
        kind=_(KINDS[event.kind]),
        start=event.period.start,
        end=event.period.end,
        under="" if card.organisation_id == here.pk else whose,
        note=event.note,
        address=reverse("report-event", args=[card.id]) if is_seen else "",
    )


def beginnings(aims: Sequence[ObjectiveCard], period: Period) -> list[Mark]:
    """Objectives that begin inside ``period``, one mark a day; its first day begins anyway."""
    by_day: dict[date, list[ObjectiveCard]] = {}
    for one in aims:
        if period.start < one.objective.period.start <= period.end:
            by_day.setdefault(one.objective.period.start, []).append(one)
    return [_beginning(day, cards) for day, cards in by_day.items()]


def _beginning(day: date, cards: Sequence[ObjectiveCard]) -> Mark:
    labels = sorted(_(figure(one.objective.metric).label) for one in cards)
    is_one = len(cards) == 1
    title = _("Objective: {metric}") if is_one else _("Objectives: {metric}")
    page = reverse("objectives-change", args=[cards[0].id]) if is_one else reverse("objectives")
    kind = _("Objective begins") if is_one else _("Objectives begin")
    return Mark(title.format(metric=", ".join(labels)), kind, day, day, address=page)
