"""From the site to the shop and from the shop to the site: sales, and where their buyers had been.

Where an order was placed is known where whoever sends it says so; the others are taken as placed
outside shops. A buyer is followed as far as the look-back window of the question.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from regie.apps.attribution.answering import rests_on
from regie.apps.attribution.kept.laying import is_kept, read_kept
from regie.apps.attribution.reading import AD, SHOP, SITE, WHERE, Read, read
from regie.apps.beneficiaries.selectors import opened
from regie.apps.connections import selectors as connections
from regie.apps.identity import selectors as identity
from regie.domain.attribution.arrays import Flags, Longs
from regie.domain.attribution.log import CONVERSION
from regie.domain.attribution.questions import Question
from regie.domain.facts import TOUCHES
from regie.kernel.scope import Scope
from regie.warehouse.views import Session

MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Sold:
    """How many sales, and what they are worth in the currency of the question."""

    count: int
    value: float


@dataclass(frozen=True)
class BothWays:
    """Sales of the period: ``in_shops`` and those of them by people who had been on the site, or
    had come to it by an ad; ``outside``, and those of them by people who had been in a shop."""

    in_shops: Sold
    after_the_site: Sold
    after_an_ad: Sold
    outside: Sold
    after_a_shop: Sold


def both_ways(question: Question, scope: Scope) -> BothWays | None:
    """None where orders are not asked for, or nothing of the days read is told of a shop."""
    session = opened(scope)
    if question.kind != "order" or not _tells_of_shops(session, question):
        return None
    stamps = identity.stamp(sorted(scope.organisations)), connections.rates_stamp()
    asked = asked_of(question)
    return session.remember_while(
        rests_on(asked), ("both_ways", asked, stamps), lambda: _counted(session, scope, asked)
    )


def _tells_of_shops(session: Session, question: Question) -> bool:
    if not session.has(TOUCHES.name):
        return False
    span = question.read
    return session.remember_while((TOUCHES.name,), ("shops", span), lambda: bool(session.rows(
        f"SELECT 1 FROM {session.table(TOUCHES.name, span)} WHERE place = '{SHOP}' "
        "AND date BETWEEN ? AND ? LIMIT 1", [span.start, span.end],
    )))  # fmt: skip


def asked_of(question: Question) -> Question:
    """Where buyers had been, of the orders that ``question`` asks for."""
    return Question(
        question.period, WHERE, "order", question.currency, question.lookback,
        probable=question.probable,
    )  # fmt: skip


def _counted(session: Session, scope: Scope, asked: Question) -> BothWays:
    found = (read_kept if is_kept(scope, asked) else read)(session, scope, asked)
    return counted(found, asked)


@dataclass(frozen=True)
class Way:
    """Rows: sales that went this way, and where their buyers had been that makes them do."""

    sales: Flags
    been: Flags


def counted(found: Read, question: Question) -> BothWays:
    """The same of what was ``read`` by the unit ``WHERE``."""

    def of(name: str) -> Sold:
        marks = ways[name].sales
        return Sold(int(marks.sum()), float(found.rows.worth[marks].sum()))

    ways = ways_of(found, question)
    return BothWays(**{one.name: of(one.name) for one in fields(BothWays)})


def ways_of(found: Read, question: Question) -> dict[str, Way]:
    """The rows behind each figure of ``BothWays``, by its name."""
    was = {name: found.rows.codes == code for code, name in enumerate(found.names)}
    nowhere = np.zeros(len(found.rows.codes), np.bool_)
    by_ad = was.get(AD, nowhere)
    on_site = by_ad | was.get(SITE, nowhere)
    in_shop = was.get(SHOP, nowhere) | found.sold_at(SHOP)
    sales = (found.rows.codes == CONVERSION) & found.rows.counts
    reach = reach_of(question)

    def way(where: Flags, been: Flags) -> Way:
        return Way(sales & where & _after(found, been, reach), been)

    return {
        "in_shops": Way(sales & in_shop, nowhere),
        "after_the_site": way(in_shop, on_site),
        "after_an_ad": way(in_shop, by_ad),
        "outside": Way(sales & ~in_shop, nowhere),
        "after_a_shop": way(~in_shop, in_shop),
    }


def reach_of(question: Question) -> int:
    """The look-back window in microseconds."""
    return round(question.lookback.total_seconds() * MICROSECONDS)


def _after(found: Read, marks: Flags, reach: int) -> Flags:
    """Rows before which the same person has one of ``marks``, at most ``reach`` microseconds."""
    who, at = found.rows.who, found.rows.at
    order: Longs = np.lexsort((at, who))
    places = np.arange(len(order))
    latest = np.maximum.accumulate(np.where(marks[order], places, -1))
    before = np.concatenate(([-1], latest[:-1])) if len(order) else latest
    there, here = order[before], order
    fits = (before >= 0) & (who[there] == who[here]) & (at[here] - at[there] <= reach)
    after = np.zeros(len(order), np.bool_)
    after[order] = fits
    return after
