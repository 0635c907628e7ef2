"""Reads about objectives, in the current context, and where each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from regie.apps.accounts.models import User
from regie.apps.dashboards.markets import share
from regie.apps.dashboards.models import Objective as Record
from regie.apps.organisations.models import Organisation
from regie.domain.markets import MarketSize, is_share
from regie.domain.metrics.query import Answer, Query
from regie.domain.objectives import (
    Against,
    Direction,
    Kind,
    Level,
    Objective,
    Standing,
    compared_days,
    elapsed,
    standing,
)
from regie.kernel.errors import NotFound, RegieError
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import _
from regie.kernel.periods import Period


@dataclass(frozen=True)
class ObjectiveCard:
    id: int
    objective: Objective
    organisation: str
    is_removed: bool
    can_take_back: bool


@dataclass(frozen=True)
class Authors:
    """Who set an objective and who changed it last; a name is empty where the person has left."""

    set_by: str
    set_at: datetime
    changed_by: str = ""
    changed_at: datetime | None = None


def objectives_of(organisation: Organisation) -> list[ObjectiveCard]:
    """Those in force first, then by their end."""
    found = Record.objects.filter(organisation=organisation, removed_at=None)
    return [_card(one) for one in found.select_related("organisation").order_by("-ends_on", "-pk")]


def objective_card(objective_id: int) -> ObjectiveCard:
    """Raises ``NotFound`` where there is none, or none that may be seen."""
    record = Record.objects.filter(pk=objective_id).select_related("organisation").first()
    if record is None:
        raise NotFound(_("There is no such objective."))
    return _card(record)


def authors_of(objective_id: int) -> Authors:
    """Raises ``NotFound`` where there is none, or none that may be seen."""
    record = Record.objects.filter(pk=objective_id).first()
    if record is None:
        raise NotFound(_("There is no such objective."))
    known = {one.pk: str(one) for one in User.objects.filter(
        pk__in=[record.author_id, record.changed_by_id or record.author_id])}  # fmt: skip
    set_by = known.get(record.author_id, "")
    if record.changed_by_id is None:
        return Authors(set_by, record.created_at)
    changed_by = known.get(record.changed_by_id, "")
    return Authors(set_by, record.created_at, changed_by, record.changed_at)


def stand(
    objective: Objective,
    ask: Callable[[Query], Answer],
    today: date,
    calendar: Calendar = PLAIN,
    sizes: Sequence[MarketSize] = (),
) -> Standing:
    """``ask`` answers for the organisation that set it, whose ``calendar`` has its years.

    ``sizes`` are those of its market, for an objective that is a share of it.
    """
    base = based_on(objective, ask, calendar, sizes)
    part = elapsed(objective.period, today)
    actual = None if part is None else _reached(objective, part, ask, sizes)
    return standing(objective, actual, today, base)


def based_on(
    objective: Objective,
    ask: Callable[[Query], Answer],
    calendar: Calendar = PLAIN,
    sizes: Sequence[MarketSize] = (),
) -> Decimal | None:
    """What was reached in the days that growth is reckoned from; None where nobody knows."""
    if not objective.is_growth:
        return None
    return _reached(objective, compared_days(objective, calendar), ask, sizes)


def _reached(
    objective: Objective,
    days: Period,
    ask: Callable[[Query], Answer],
    sizes: Sequence[MarketSize],
) -> Decimal | None:
    if is_share(objective.metric):
        return share(objective.metric, days, sizes, ask).value
    try:
        answer = ask(Query((objective.metric,), period=days, currency=objective.currency or "EUR"))
    except RegieError:
        return None
    value = answer.totals.get(objective.metric)
    return None if value is None else Decimal(value)


def in_force(cards: Sequence[ObjectiveCard], metric: str, period: Period) -> ObjectiveCard | None:
    """The objective of ``metric`` that speaks of these days: of several, the latest to begin."""
    found = [
        one
        for one in cards
        if one.objective.metric == metric and one.objective.period.overlaps(period)
    ]
    return max(found, key=lambda one: (one.objective.period.start, one.id), default=None)


def _card(record: Record) -> ObjectiveCard:
    return ObjectiveCard(
        id=record.pk,
        objective=Objective(
            level=Level(record.level),
            kind=Kind(record.kind),
            metric=record.metric,
            period=Period(record.starts_on, record.ends_on),
            target=record.target,
            direction=Direction(record.direction),
            owner=record.owner,
            currency=record.currency,
            words=record.words,
            serves=record.serves_id,
            growth=record.growth,
            against=Against(record.against) if record.against else None,
        ),
        organisation=record.organisation.name,
        is_removed=record.removed_at is not None,
        can_take_back=record.removed_at is not None or bool(record.before),
    )
