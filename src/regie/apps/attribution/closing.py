"""Months are closed some days after their end; what a late event changes then is said.

Figures are always those of all that is known: a closed month is not frozen, it is marked revised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial
from typing import Any

from regie.apps.access.context import operating
from regie.apps.access.selectors import scope_of
from regie.apps.attribution import standing
from regie.apps.attribution.models import ClosedCredits, ClosedMonth
from regie.apps.attribution.reading import opened
from regie.apps.attribution.standing import Moved
from regie.apps.identity import selectors as identity
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.domain.facts import TOUCHES
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

    def less(self, other: Held) -> Held:
        return Held(*(getattr(self, n) - getattr(other, n) for n in COUNTED))

    def and_(self, other: Held) -> Held:
        return Held(*(getattr(self, n) + getattr(other, n) for n in COUNTED))


COUNTED = tuple(one.name for one in fields(Held))


@dataclass(frozen=True)
class Revised:
    """A closed month and what has come, or gone, since."""

    month: date
    change: Held
    moved: Sequence[Moved] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """“late” came after the closing, “gone” was erased or withdrawn, “people” is neither: the
        same events are of other people since."""
        counts = [getattr(self.change, name) for name in COUNTED]
        found = [name for name, is_so in (
            ("late", any(one > 0 for one in counts)), ("gone", any(one < 0 for one in counts)),
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
    """What each model gave then, beside the counts."""
    currencies = dict(Organisation.objects.values_list("pk", "currency"))
    for month in sorted({month for _organisation, month in closed}):
        there = {key: currencies[key] for key, when in closed if when == month}
        given = standing.given(session, scope, Period(month, month_end(month)), there)
        ClosedCredits.objects.bulk_create(
            [ClosedCredits(organisation_id=key, month=month, currency=currency,
                           given=given.get(key, {})) for key, currency in there.items()],
            ignore_conflicts=True,
        )  # fmt: skip


def revised(session: Session, scope: Scope, period: Period) -> list[Revised]:
    """The closed months of ``period`` that are no longer what they were, the latest first."""
    closed = ClosedMonth.objects.filter(
        asset_id__in=sorted(scope.assets),
        month__gte=month_start(period.start),
        month__lte=period.end,
    )
    then = {(one.asset_id, one.month): _counts(one) for one in closed}
    if not then:
        return []
    moved = _moved(session, scope, period)
    months = [month for _asset, month in then]
    reach = Period(min(months), max(max(months), period.end))
    now = {(asset, month): held for (_owner, asset, month), held in _held(session, reach).items()}
    changes: dict[date, Held] = {}
    for (asset, month), held in then.items():
        if (asset, month) not in now:
            continue  # its events have had their time
        change = now[asset, month].less(held)
        changes[month] = changes.get(month, Held()).and_(change)
    return [
        Revised(month, change, moved.get(month, ()))
        for month, change in sorted(changes.items(), reverse=True)
        if change != Held() or moved.get(month)
    ]


def _moved(session: Session, scope: Scope, period: Period) -> dict[date, list[Moved]]:
    """Of organisations that are seen whole, what each model gave and gives, where it differs."""
    kept = ClosedCredits.objects.filter(
        organisation_id__in=sorted(_seen_whole(scope)),
        month__gte=month_start(period.start), month__lte=period.end,
    )  # fmt: skip
    stamp = identity.stamp(sorted(scope.organisations))
    found: dict[date, list[Moved]] = {}
    by_month: dict[date, dict[int, ClosedCredits]] = {}
    for one in kept:
        by_month.setdefault(one.month, {})[one.organisation_id] = one
    for month, closed in by_month.items():
        currencies = {key: one.currency for key, one in closed.items()}
        now = session.remember(
            ("standing", month, tuple(sorted(currencies.items())), stamp),
            partial(standing.given, session, scope, Period(month, month_end(month)), currencies),
        )
        found[month] = standing.added([
            move for key, one in closed.items()
            for move in standing.moved(one.given, now.get(key, {}), one.currency)
        ])  # fmt: skip
    return found


def _seen_whole(scope: Scope) -> set[int]:
    """Organisations of which every measured account may be read."""
    accounts: dict[int, set[int]] = {}
    for organisation, asset in ClosedMonth.objects.values_list("organisation_id", "asset_id"):
        accounts.setdefault(organisation, set()).add(asset)
    return {one for one, assets in accounts.items()
            if one in scope.organisations and assets <= scope.assets}  # fmt: skip


def _counts(one: ClosedMonth) -> Held:
    return Held(*(getattr(one, name) for name in COUNTED))


def _held(session: Session, period: Period) -> dict[tuple[int, int, date], Held]:
    """Of whole months that ``period`` touches, by organisation, account and month."""
    kinds = ", ".join(
        f"count(*) FILTER (WHERE kind = '{name.removesuffix('s')}')" for name in COUNTED[1:]
    )
    rows: Sequence[tuple[Any, ...]] = session.rows(
        "SELECT organisation_id, asset_key, CAST(date_trunc('month', date) AS DATE), "
        f"CAST(coalesce(sum(visits), 0) AS BIGINT), {kinds} "
        f"FROM {session.table(TOUCHES.name)} "
        "WHERE date_trunc('month', date) >= ? AND date_trunc('month', date) <= ? GROUP BY ALL",
        [month_start(period.start), period.end],
    )
    return {(row[0], row[1], row[2]): Held(*row[3:]) for row in rows}
