"""Questions put from outside the pages: by the local operator, or in the name of a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.selectors import person_by_email
from regie.apps.audit import services as audit
from regie.apps.dashboards import selectors as reads
from regie.apps.dashboards.aiming import change_objective as change_objective
from regie.apps.dashboards.aiming import remove_objective as remove_objective
from regie.apps.dashboards.aiming import set_objective as set_objective
from regie.apps.dashboards.aiming import take_back as take_back
from regie.apps.dashboards.annotating import change_event as change_event
from regie.apps.dashboards.annotating import note_event as note_event
from regie.apps.dashboards.annotating import remove_event as remove_event
from regie.apps.dashboards.annotating import take_event_back as take_event_back
from regie.apps.dashboards.selectors import VALUED, Allocated, allocated, answer, asker, compared
from regie.apps.dashboards.sizing import change_market as change_market
from regie.apps.dashboards.sizing import note_market as note_market
from regie.apps.dashboards.sizing import remove_market as remove_market
from regie.apps.dashboards.sizing import take_market_back as take_market_back
from regie.apps.dashboards.views_kept import remove_view as remove_view
from regie.apps.dashboards.views_kept import save_view as save_view
from regie.apps.organisations import selectors
from regie.apps.organisations.models import Organisation
from regie.domain.markets import SHARES
from regie.domain.metrics.query import Answer, Query
from regie.kernel.errors import NotFound
from regie.kernel.fiscal import PLAIN
from regie.kernel.i18n import _, say
from regie.kernel.periods import Period


def _tops(chosen: Sequence[Organisation]) -> list[Organisation]:
    """Those that stand under none of the others: the journal of each is read apart."""
    inside = {one.pk for one in chosen}
    return [one for one in chosen if one.parent_id not in inside]


def ask(
    query: Query, *, organisation: str, person: str, as_of: datetime | None, compare: str = ""
) -> Answer:
    """The answer for the local operator or for the person called ``person``.

    What the operator reads is told once in the journal of each network that it is read of.

    Raises ``NotFound`` for a person or an organisation that is absent, or hidden from the person.
    """
    with _reading(organisation, person, query.metrics) as chosen:
        for one in chosen[:1]:
            query = replace(query, calendar=one.calendar)
        if compare:
            return compared(query, scope_of(chosen), compare, as_of=as_of)
        return answer(query, scope_of(chosen), as_of=as_of)


def allocate(
    period: Period,
    *,
    organisation: str,
    person: str,
    currency: str,
    measure: str,
    cap: Decimal,
    margin: Decimal,
    by: str = "platform",
) -> Allocated:
    """How the budgets of ``period`` would be shared out, and which could grow, as ``ask`` answers;
    without a currency, in the organisation's."""
    read = ("spend", *filter(None, [measure]), *(("revenue",) if measure in {"", VALUED} else ()))
    with _reading(organisation, person, read) as chosen:
        first = chosen[0] if chosen else None
        return allocated(
            asker(scope_of(chosen)), period=period, by=by, measure=measure, cap=cap, margin=margin,
            currency=currency.upper() or (first.currency if first else "EUR"),
            calendar=first.calendar if first else PLAIN,
        )  # fmt: skip


def market_shares(
    period: Period, *, organisation: str, person: str, grain: str = ""
) -> list[dict[str, Any]]:
    """The shares of the market of the organisation in ``period``, written, as ``ask`` answers;
    with a ``grain``, those of each of its steps."""
    with _reading(organisation, person, tuple(SHARES)) as chosen:
        sizes = reads.sizes_of(chosen[0]) if chosen else []
        calendar = chosen[0].calendar if chosen else PLAIN
        found = reads.shares_by(period, grain, sizes, asker(scope_of(chosen)), calendar)
        return [reads.written_share(*one) for one in found]


@contextmanager
def _reading(
    organisation: str, person: str, metrics: Sequence[str]
) -> Iterator[list[Organisation]]:
    """The organisations that are read, by whom they may be."""
    user = person_by_email(person) if person else None
    if person and user is None:
        raise NotFound(say(_("There is no person {email}."), email=person))
    with acting_as(user) if user else operating():
        visible = selectors.visible_organisations()
        root = next((one for one in visible if one.slug == organisation), None)
        if organisation and root is None:
            raise NotFound(say(_("There is no organisation “{slug}”."), slug=organisation))
        chosen = [one for one in visible if root is None or one.path.startswith(root.path)]
        for one in _tops(chosen) if user is None else []:
            audit.record(organisation_id=one.pk, action="dashboards.queried", metrics=list(metrics))
        yield chosen
