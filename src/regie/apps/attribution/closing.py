"""Months are closed some days after their end; what a late event changes then is said.

Figures are always those of all that is known: a closed month is not frozen, it is marked revised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from regie.apps.access.context import operating
from regie.apps.access.selectors import scope_of
from regie.apps.attribution import standing
from regie.apps.attribution.answering import rests_on
from regie.apps.attribution.choosing import USUAL, USUAL_KIND, chosen_by
from regie.apps.attribution.models import ClosedCredits, ClosedMonth
from regie.apps.attribution.naming import own_kinds
from regie.apps.attribution.standing import LEAST, Moved, Stood
from regie.apps.beneficiaries.selectors import opened
from regie.apps.connections import selectors as connections
from regie.apps.identity import selectors as identity
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.domain.attribution.questions import (
    KINDS,
    QUALIFIED,
    UNITS,
    Question,
    read_question,
)
from regie.domain.facts import OWN_EVENTS, TOUCHES
from regie.kernel.periods import Period, month_end, month_start
from regie.kernel.scope import Scope
from regie.warehouse.views import Session

# Servers send orders and refunds again for some days: a month that is over is not yet whole.
AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Held:
    """What a month holds, or by how much that has changed."""

    visits: int = 0
    orders: int = 0
    refunds: int = 0
    leads: int = 0
    calls: int = 0
    own_events: int = 0

    def less(self, other: Held) -> Held:
        return Held(*(getattr(self, n) - getattr(other, n) for n in COUNTED))

    def and_(self, other: Held) -> Held:
        return Held(*(getattr(self, n) + getattr(other, n) for n in COUNTED))


COUNTED = tuple(one.name for one in fields(Held))
OF_TOUCHES = ("orders", "refunds", "leads", "calls")


@dataclass(frozen=True)
class Revised:
    """A closed month and what has come, or gone, since.

    ``moved`` are units of the question with what they had and have, by its visits of ``lookback``
    and ``lag``: not those of the question where nothing was kept for them. ``received`` is the same
    of all conversions of its kind. Without ``is_kept`` nobody knows what models gave then by this
    unit: the month was closed before that was kept. ``of_states``: what counts is how far leads
    have come.
    """

    month: date
    change: Held
    moved: Sequence[Moved] = ()
    received: Sequence[Moved] = ()
    lookback: str = ""
    lag: str = ""
    is_kept: bool = True
    of_states: bool = False

    @property
    def reasons(self) -> tuple[str, ...]:
        """“late” came after the closing, “gone” was erased or withdrawn, “cancelled” and “refunded”
        say so of orders, “states” of leads; “people” is none of these: the same events are of other
        people since."""
        counts = [getattr(self.change, name) for name in COUNTED]
        fewer = any(one.conversions < one.conversions_then for one in self.received)
        less = any(one.value < one.value_then - LEAST for one in self.received)
        is_gone = any(one < 0 for one in counts)
        found = [name for name, is_so in (
            ("late", any(one > 0 for one in counts)), ("gone", is_gone),
            ("cancelled", fewer and not is_gone and not self.of_states),
            ("refunded", less and not fewer and not self.of_states),
            ("states", self.of_states and bool(self.moved or self.received)),
        ) if is_so]  # fmt: skip
        return tuple(found) or ("people",)


def close_months(*, today: date) -> int:
    """Note what the months hold that ended some days before ``today``. Returns how many.

    A month is closed once; the same call again finds nothing to do.
    """
    with operating():
        scope = scope_of(organisations.visible_organisations())
        session = opened(scope)
        if not session.has(TOUCHES.name):
            return 0
        known = set(ClosedMonth.objects.values_list("asset_id", "month"))
        until = month_start(today - AFTER) - timedelta(days=1)
        found = _held(session, Period(date.min, until))
        made = [
            ClosedMonth(organisation_id=organisation, asset_id=asset, month=month, **vars(held))
            for (organisation, asset, month), held in found.items()
            if (asset, month) not in known
        ]
        ClosedMonth.objects.bulk_create(made, ignore_conflicts=True)
        _keep_credits(session, scope, {(one.organisation_id, one.month) for one in made})
    return len(made)


def _keep_credits(session: Session, scope: Scope, closed: set[tuple[int, date]]) -> None:
    """What each model gave then, beside the counts: by every unit, for the windows in use."""
    currencies = dict(Organisation.objects.values_list("pk", "currency"))
    for month in sorted({month for _organisation, month in closed}):
        there = {key for key, when in closed if when == month}
        whole = Period(month, month_end(month))
        kinds = (*KINDS, *own_kinds(session, whole))
        for (kind, lookback, lag), keys in _windows(there, kinds).items():
            question = read_question(period=whole, kind=kind, lookback=lookback, lag=lag)
            own = {key: currencies[key] for key in keys}
            found = standing.stood(session, scope, question, own, tuple(UNITS))
            ClosedCredits.objects.bulk_create(
                [
                    ClosedCredits(
                        organisation_id=key, month=month, currency=own[key], kind=kind, unit=unit,
                        lookback=lookback, lag=lag, given=one.given.get(unit, {}),
                        conversions=one.conversions, value=one.value,
                    )
                    for key, one in found.items() for unit in UNITS
                    if one.conversions or kind == USUAL_KIND
                ],
                ignore_conflicts=True,
            )  # fmt: skip


def _windows(
    organisations_: set[int], kinds: Sequence[str]
) -> dict[tuple[str, str, str], set[int]]:
    """Which organisations use which window for which kind; the usual is everybody's."""
    found: dict[tuple[str, str, str], set[int]] = {}
    for kind in kinds:
        for key in organisations_:
            for one in (USUAL, chosen_by({key}, kind)):
                found.setdefault((kind, one.lookback, one.lag), set()).add(key)
    return found


def revised(session: Session, scope: Scope, asked: Question) -> list[Revised]:
    """The closed months of ``asked`` that are no longer what they were, the latest first."""
    period = asked.period
    closed = ClosedMonth.objects.filter(
        asset_id__in=sorted(scope.assets),
        month__gte=month_start(period.start),
        month__lte=period.end,
    )
    then = {(one.asset_id, one.month): one for one in closed}
    if not then:
        return []
    moved, before = _moved(session, scope, asked), _kept_little(scope)
    months = [month for _asset, month in then]
    reach = Period(min(months), max(max(months), period.end))
    now = {(asset, month): held for (_owner, asset, month), held in _held(session, reach).items()}
    changes: dict[date, Held] = {}
    for (asset, month), held in then.items():
        if (asset, month) not in now:
            continue  # its events have had their time
        change = now[asset, month].less(_as_known(held, now[asset, month]))
        changes[month] = changes.get(month, Held()).and_(change)
    found = []
    for month, change in sorted(changes.items(), reverse=True):
        known = moved.get(month, Revised(month, change, is_kept=month not in before))
        one = replace(known, change=change, of_states=asked.kind in QUALIFIED)
        if change != Held() or one.moved or one.received:
            found.append(one)
    return found


def closed_without_own_events(scope: Scope, asked: Question) -> list[date]:
    """Months of ``asked`` that were closed before events of people's own were counted: what came
    of them since, nobody can say. None where it is not asked for such events."""
    if not asked.is_own_event:
        return []
    found = ClosedMonth.objects.filter(
        asset_id__in=sorted(scope.assets), own_events__isnull=True,
        month__gte=month_start(asked.period.start), month__lte=asked.period.end,
    )  # fmt: skip
    return sorted({*found.values_list("month", flat=True)})


def _moved(session: Session, scope: Scope, asked: Question) -> dict[date, Revised]:
    """Of organisations that are seen whole, what each model gave and gives, where it differs."""
    kept = ClosedCredits.objects.filter(
        organisation_id__in=sorted(_seen_whole(scope)), kind=asked.kind, unit=asked.unit,
        month__gte=month_start(asked.period.start), month__lte=asked.period.end,
    )  # fmt: skip
    by_month: dict[date, list[ClosedCredits]] = {}
    for one in kept:
        by_month.setdefault(one.month, []).append(one)
    return {month: _since(session, scope, asked, month, all_)
            for month, all_ in by_month.items()}  # fmt: skip


def _kept_little(scope: Scope) -> set[date]:
    """Closed months of which at most what channels earned of orders was kept, by one window."""
    seen = sorted(_seen_whole(scope))
    closed = ClosedMonth.objects.filter(organisation_id__in=seen)
    kept = ClosedCredits.objects.filter(organisation_id__in=seen, conversions__isnull=False)
    return {*closed.values_list("month", flat=True)} - {*kept.values_list("month", flat=True)}


def _since(
    session: Session, scope: Scope, asked: Question, month: date, kept: Sequence[ClosedCredits]
) -> Revised:
    windows = {(one.lookback, one.lag): read_question(
        period=Period(month, month_end(month)), kind=asked.kind, unit=asked.unit,
        lookback=one.lookback, lag=one.lag,
    ) for one in kept}  # fmt: skip
    wanted = {name for name, one in windows.items()
              if (one.lookback, one.lag) == (asked.lookback, asked.lag)}  # fmt: skip
    window = min(wanted or {(USUAL.lookback, USUAL.lag)} & windows.keys() or windows.keys())
    then = {one.organisation_id: one for one in kept if (one.lookback, one.lag) == window}
    currencies = {key: one.currency for key, one in then.items()}
    stamp = identity.stamp(sorted(scope.organisations))
    now = session.remember_while(
        rests_on(asked),
        (
            "standing",
            windows[window],
            tuple(sorted(currencies.items())),
            stamp,
            connections.rates_stamp(),
        ),
        lambda: standing.stood(session, scope, windows[window], currencies, (asked.unit,)),
    )
    nothing = Stood(0.0, 0.0, {})
    units, received = [], []
    for key, one in then.items():
        own = now.get(key, nothing)
        units += standing.moved(one.given, own.given.get(asked.unit, {}), one.currency)
        if one.conversions is not None and one.value is not None:
            received.append(Moved("", "", one.currency, one.conversions, own.conversions,
                                  one.value, own.value))  # fmt: skip
    return Revised(month, Held(), standing.added(units), standing.added(received), *window)


def _seen_whole(scope: Scope) -> set[int]:
    """Organisations of which every measured account may be read."""
    accounts: dict[int, set[int]] = {}
    for organisation, asset in ClosedMonth.objects.values_list("organisation_id", "asset_id"):
        accounts.setdefault(organisation, set()).add(asset)
    return {one for one, assets in accounts.items()
            if one in scope.organisations and assets <= scope.assets}  # fmt: skip


def _as_known(one: ClosedMonth, now: Held) -> Held:
    """What was counted at the closing; what was not counted then is not said to have moved."""
    then = {name: getattr(one, name) for name in COUNTED}
    return Held(**{name: getattr(now, name) if n is None else n for name, n in then.items()})


def _held(session: Session, period: Period) -> dict[tuple[int, int, date], Held]:
    """Of whole months that ``period`` touches, by organisation, account and month."""
    kinds = ", ".join(
        f"count(*) FILTER (WHERE kind = '{name.removesuffix('s')}')" for name in OF_TOUCHES
    )
    rows: Sequence[tuple[Any, ...]] = session.rows(
        "SELECT organisation_id, asset_key, CAST(date_trunc('month', date) AS DATE), "
        f"CAST(coalesce(sum(visits), 0) AS BIGINT), {kinds} "
        f"FROM {session.table(TOUCHES.name)} "
        "WHERE date_trunc('month', date) >= ? AND date_trunc('month', date) <= ? GROUP BY ALL",
        [month_start(period.start), period.end],
    )
    own = _own_events(session, period)
    return {(row[0], row[1], row[2]): Held(*(*row[3:], own.get(row[:3], 0))) for row in rows}


def _own_events(session: Session, period: Period) -> dict[tuple[Any, ...], int]:
    if not session.has(OWN_EVENTS.name):
        return {}
    rows: Sequence[tuple[Any, ...]] = session.rows(
        "SELECT organisation_id, asset_key, CAST(date_trunc('month', date) AS DATE), "
        f"CAST(sum(events) AS BIGINT) FROM {session.table(OWN_EVENTS.name)} "
        "WHERE date_trunc('month', date) >= ? AND date_trunc('month', date) <= ? GROUP BY ALL",
        [month_start(period.start), period.end],
    )
    return {row[:3]: row[3] for row in rows}
