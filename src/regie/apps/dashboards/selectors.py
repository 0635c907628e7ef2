"""The one place that answers a question about figures, for pages, API, command and Python alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from regie.apps.access import services as access
from regie.apps.access.selectors import OpenNetwork
from regie.apps.assets.selectors import AssetCard
from regie.apps.beneficiaries.selectors import opened, portions_of
from regie.apps.connections import selectors as connections
from regie.apps.dashboards import explaining, labels, tabulating
from regie.apps.dashboards import network as network_sums
from regie.apps.dashboards.accounts import Accounts
from regie.apps.dashboards.allocating import CEILING_COLUMNS as CEILING_COLUMNS
from regie.apps.dashboards.allocating import MEASURES as MEASURES
from regie.apps.dashboards.allocating import VALUED as VALUED
from regie.apps.dashboards.allocating import Allocated as Allocated
from regie.apps.dashboards.allocating import allocated as allocated
from regie.apps.dashboards.allocating import check_by as check_by
from regie.apps.dashboards.allocating import written_allocation as written_allocation
from regie.apps.dashboards.annotations import EventCard as EventCard
from regie.apps.dashboards.annotations import event_card as event_card
from regie.apps.dashboards.annotations import events_of as events_of
from regie.apps.dashboards.crediting import FACT as CREDITS
from regie.apps.dashboards.crediting import credited
from regie.apps.dashboards.explaining import Explanation as Explanation
from regie.apps.dashboards.explaining import FactRow as FactRow
from regie.apps.dashboards.explaining import Rows as Rows
from regie.apps.dashboards.markets import MarketCard as MarketCard
from regie.apps.dashboards.markets import Share as Share
from regie.apps.dashboards.markets import market_card as market_card
from regie.apps.dashboards.markets import market_steps as market_steps
from regie.apps.dashboards.markets import markets_of as markets_of
from regie.apps.dashboards.markets import share as share
from regie.apps.dashboards.markets import shares as shares
from regie.apps.dashboards.markets import shares_by as shares_by
from regie.apps.dashboards.markets import sizes_of as sizes_of
from regie.apps.dashboards.markets import written_share as written_share
from regie.apps.dashboards.notes import notes_of
from regie.apps.dashboards.objectives import Authors as Authors
from regie.apps.dashboards.objectives import ObjectiveCard as ObjectiveCard
from regie.apps.dashboards.objectives import authors_of as authors_of
from regie.apps.dashboards.objectives import based_on as based_on
from regie.apps.dashboards.objectives import in_force as in_force
from regie.apps.dashboards.objectives import objective_card as objective_card
from regie.apps.dashboards.objectives import objectives_of as objectives_of
from regie.apps.dashboards.objectives import stand as stand
from regie.apps.dashboards.spenders import Spender as Spender
from regie.apps.dashboards.spending import Spending as Spending
from regie.apps.dashboards.views_kept import ViewCard as ViewCard
from regie.apps.dashboards.views_kept import saved_view as saved_view
from regie.apps.dashboards.views_kept import saved_views as saved_views
from regie.apps.identity import selectors as identity
from regie.domain.metrics import comparison, planning
from regie.domain.metrics.planning import Plan
from regie.domain.metrics.query import Answer, Filter, Query
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period
from regie.kernel.scope import Scope
from regie.ui.platforms import account_name
from regie.warehouse import catalogue
from regie.warehouse.answering import gather
from regie.warehouse.caveats import provisional_from
from regie.warehouse.fitting import fitted, last_days
from regie.warehouse.rates import Rates
from regie.warehouse.sources import sources
from regie.warehouse.standing_alone import nonadditive_rows, sparing
from regie.warehouse.twice import Counted
from regie.warehouse.views import Session


@dataclass(frozen=True)
class Source:
    """An account and what it tells of as it came; ``is_ours`` where we measured it."""

    card: AssetCard
    is_ours: bool
    first: date
    last: date
    count: int

    @property
    def key(self) -> int:
        return self.card.key

    @property
    def label(self) -> str:
        return account_name(self.card)


@dataclass(frozen=True)
class Compared:
    """What counts of an account now, and what would; None where it tells nothing that counts."""

    card: AssetCard
    now: int | None
    then: int | None

    @property
    def label(self) -> str:
        return account_name(self.card)


def lately(today: date) -> Period:
    """The days of which a network shows its totals: 30, the last of them yesterday."""
    return Period(today - timedelta(days=30), today - timedelta(days=1))


def looked_at(today: date) -> Period:
    """The days of which it is shown what would count: 90, the last of them today."""
    return Period(today - timedelta(days=89), today)


def network_totals(network: OpenNetwork, period: Period) -> dict[str, Any]:
    """As ``network.totals``: sums of a network for whoever is in it."""
    return network_sums.totals(network, period, answer)


def asker(scope: Scope) -> Callable[[Query], Answer]:
    """Answers of one request: all of them from what is published at its beginning."""
    reading = _open(scope, None)

    def ask(query: Query) -> Answer:
        planning.check(query)
        return _asked(query, reading)

    return ask


def answer(
    query: Query,
    scope: Scope,
    *,
    as_of: datetime | None = None,
) -> Answer:
    """Answer ``query`` from what ``scope`` may read, as published now or at ``as_of``.

    Raises ``WrongUse`` for what cannot be understood and ``Refused`` for what cannot be added up.
    """
    planning.check(query)
    return _asked(query, _open(scope, as_of))


def answer_if(query: Query, scope: Scope, counting: tuple[Counted, ...]) -> Answer:
    """What ``query`` would give if ``counting`` said which source counts."""
    planning.check(query)
    return _answered(query, _open(scope, None, counting))


def sources_of(scope: Scope, fact: str) -> list[Source]:
    """Every account that tells of visits, orders, leads or calls, whether it counts or not."""
    reading = _open(scope, None)
    session, accounts = reading.session, reading.accounts
    found = []
    rows = sources(session, fact)
    by_key = accounts.cards(row[0] for row in rows)
    for key, ours, first, last, count in rows:
        found.append(Source(by_key[key], ours, first, last, count))
    return sorted(found, key=lambda one: (one.label, one.key))


def what_would_count(
    scope: Scope, fact: str, counting: tuple[Counted, ...], today: date
) -> tuple[list[Compared], tuple[int | None, int | None]]:
    """By account, and in all, what counts now and what would if ``counting`` had been said.

    Of the days that ``looked_at`` names.
    """
    metric = METRIC_OF[fact]
    query = planning.parse(metrics=[metric], by=["account"], period=looked_at(today))
    both = answer(query, scope), answer_if(query, scope, counting)
    now, then = ({int(row["account"]): row[metric] for row in one.rows} for one in both)
    cards = Accounts(scope).cards({*now, *then})
    rows = [Compared(card, now.get(key), then.get(key)) for key, card in cards.items()]
    rows.sort(key=lambda one: (one.label, one.card.key))
    return rows, (both[0].totals[metric], both[1].totals[metric])


METRIC_OF: Final = {
    "visits": "visits", "orders": "orders", "leads": "leads_received", "calls": "calls",
}  # fmt: skip


def compared(query: Query, scope: Scope, mode: str, *, as_of: datetime | None = None) -> Answer:
    """``answer`` beside that of the previous period, the previous year or any period, with what
    changed between the two.

    Both are read from what is published at one moment.
    """
    planning.check(query)
    there = comparison.other_period(query.period, mode, query.calendar)
    return comparison.with_changes(_asked(replace(query, beside=there), _open(scope, as_of)))


def _asked(query: Query, reading: _Reading) -> Answer:
    """The answer, beside that of another period where one is asked for."""
    there = query.beside
    if there is None:
        return _answered(query, reading, by_owner=query.spares)
    # What the limit leaves out is not gone: rows are cut once both periods are side by side.
    whole = replace(query, beside=None, limit=0)
    now = _answered(whole, reading, by_owner=True)
    before = _answered(whole.during(there), reading, by_owner=True)
    both = comparison.beside(
        now, before, here=query.period or there, there=there, owner=planning.OWNER,
        calendar=query.calendar,
    )  # fmt: skip
    for row in both.rows if not query.spares else ():
        row.pop(planning.OWNER, None)
    return replace(both, rows=both.rows[: query.limit]) if query.limit else both


def _answered(query: Query, reading: _Reading, *, by_owner: bool = False) -> Answer:
    """With ``by_owner`` rows keep what tells two campaigns of one id apart."""
    scope, session, accounts = reading.scope, reading.session, reading.accounts
    whom = _divided(query, scope, session)
    query = _resolve(query, session, accounts, whom)
    plan = _planned(session, scope, query, whom)
    rates = reading.rates(query.currency) if query.currency else None
    figures = gather(session, plan, rates)
    columns = tabulating.columns_of(plan, figures)
    withheld: dict[str, Sentence] = {}
    if plan.nonadditive and query.spares:
        alone, withheld = sparing(session, plan)
        columns = tabulating.merged(columns, alone, plan)
    elif plan.nonadditive:
        columns = tabulating.merged(columns, nonadditive_rows(session, plan), plan)
    columns = tabulating.with_figures(columns, plan, figures)
    shown = accounts.cards(columns["account"]) if "account" in query.by else {}
    named = tabulating.named(columns, query, session, shown, whom.names)
    freshness = _freshness(session, plan, accounts, query)
    return Answer(
        metrics=query.metrics,
        by=query.by,
        rows=tabulating.in_order(named, query, without=() if by_owner else (planning.OWNER,)),
        totals=tabulating.totals_of(plan, figures, columns),
        currency=query.currency,
        freshness=freshness,
        notes=notes_of(plan, figures, freshness),
        provisional_from=provisional_from(session, plan),
        withheld=withheld,
        unconverted=figures.lost_amounts(),
    )


def _planned(session: Session, scope: Scope, query: Query, whom: _Whom) -> Plan:
    """What to read; what is worked out of people as they stand now is laid there to be read."""
    plan = credited(session, scope, fitted(session, planning.plan(query), whom=whom.digest))
    return identity.with_purchases(session, scope, plan)


def _open(
    scope: Scope, as_of: datetime | None, counting: tuple[Counted, ...] | None = None
) -> _Reading:
    access.note_read(scope)  # the one trace that a question leaves: whose roles are in use
    session = opened(scope, as_of=as_of, counting=counting)
    return _Reading(scope, session, Accounts(scope))


@dataclass(frozen=True)
class _Reading:
    """What questions are put to: all of them see the same facts and the same rates."""

    scope: Scope
    session: Session
    accounts: Accounts
    known: dict[str, Rates] = field(default_factory=dict)

    def rates(self, currency: str) -> Rates:
        if currency not in self.known:
            organisations = sorted(self.scope.organisations)
            self.known[currency] = self.session.remember(
                ("rates", currency, connections.rates_stamp()),
                lambda: Rates(currency, connections.rates(organisations, currency)),
            )
        return self.known[currency]


@dataclass(frozen=True)
class _Whom:
    """What tables end with that tell for whom rows work, and what beneficiaries are called."""

    digest: str
    names: Mapping[str, str]


def _divided(query: Query, scope: Scope, session: Session) -> _Whom:
    """The rules are read only where it is asked for whom figures work."""
    if planning.BENEFICIARY not in (*query.by, *(one.dimension for one in query.where)):
        return _Whom("", {})
    found = portions_of(scope)
    return _Whom(session.divide(found.parts, found.own), found.names)


def _resolve(query: Query, session: Session, accounts: Accounts, whom: _Whom) -> Query:
    """Filters by name become filters by id."""
    where = []
    for one in query.where:
        if one.dimension == "account":
            keys = accounts.named(one.values)
            where.append(Filter("account", tuple(keys) or ("-1",)))
        elif one.dimension == planning.BENEFICIARY:
            keys = [key for key, name in whom.names.items() if {key, name} & {*one.values}]
            where.append(Filter(one.dimension, (*one.values, *keys)))
        elif one.dimension in labels.ENTITY_KINDS:
            known = labels.ids_named(session, one.dimension, [v for v in one.values if v])
            ids = [i for ids in known.values() for i in ids]
            missing = [""] if "" in one.values else []
            where.append(replace(one, values=(*ids, *missing)))
        else:
            where.append(one)
    return replace(query, where=tuple(where))


def _filtered(found: list[AssetCard], query: Query) -> list[AssetCard]:
    """The accounts that can have answered."""
    for one in query.where:
        of: dict[str, Callable[[AssetCard], str]] = {
            "platform": lambda card: card.platform,
            "organisation": lambda card: card.organisation_slug,
            "account": lambda card: str(card.key),
        }
        if one.dimension in of:
            found = [card for card in found if of[one.dimension](card) in one.values]
    return found


def _freshness(
    session: Session, plan: Plan, accounts: Accounts, query: Query
) -> list[dict[str, Any]]:
    """Per source: its last day, and in which time zone its days are."""
    facts = {part.fact for part in plan.facts} or {"nonadditive"}
    last: dict[int, date] = {}
    for fact in sorted(facts):
        for key, day in last_days(session, "touches" if fact == CREDITS else fact).items():
            last[key] = max(day, last.get(key, day))
    cards = accounts.cards(last)
    return [
        {
            "platform": card.platform,
            "account": labels.account_label(card),
            "organisation": card.organisation_slug,
            "last_day": last[card.key],
            "time_zone": card.time_zone,
        }
        for card in _filtered([cards[key] for key in sorted(cards)], query)
    ]


def explain(query: Query, scope: Scope, *, pages: Mapping[str, int]) -> Explanation:
    """The sources of the totals of ``query`` and the rows beneath them, a page of each fact."""
    planning.check(query)
    reading = _open(scope, None)
    session, accounts = reading.session, reading.accounts
    whom = _divided(query, scope, session)
    plan = _planned(session, scope, _resolve(query, session, accounts, whom), whom)
    return explaining.explain(session, plan, accounts, pages)


def was_shown(query: Query, scope: Scope, as_of: datetime) -> Answer | None:
    """What ``query`` gave at ``as_of``; None where nothing was published yet.

    Raises ``NotFound`` where that version is no longer kept.
    """
    connection.ensure_connection()
    if not catalogue.snapshot(connection.connection, as_of=as_of).version:
        return None
    return answer(query, scope, as_of=as_of)
