"""Runs a plan: each fact by itself, then the facts side by side, then ratios of their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress
from operator import and_, gt
from typing import Any

from regie.domain.metrics.definitions import Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, FactPlan, Plan
from regie.domain.metrics.ratios import stand_in
from regie.kernel.i18n import Sentence, _, say
from regie.warehouse import daily, running
from regie.warehouse.caveats import in_no_step, one_sided, told_twice, windows_of
from regie.warehouse.columns import Found
from regie.warehouse.compiling import statement
from regie.warehouse.figures import Figures, Rows, Unconverted
from regie.warehouse.fitting import in_steps_of, sources_of
from regie.warehouse.rates import Rates
from regie.warehouse.views import Session


def gather(session: Session, plan: Plan, rates: Rates | None) -> Figures:
    """All sums of the plan, fact by fact. Raises ``Refused`` where two windows would be added."""
    figures = Figures(windows=windows_of(session, plan), one_sided=one_sided(session, plan))
    for fact_plan in plan.facts:
        for part in sources_of(session, plan, fact_plan):
            used = rates if part.fact in MONEY_FACTS and _has_money(part.sums) else None
            _gather_one(session, plan, part, figures, used)
            figures.notes += told_twice(session, plan, part)
            if rows := in_steps_of(part, fact_plan):
                _gather_one(session, plan, rows, figures, used)
                figures.notes += in_no_step(session, plan, rows)
            if "level" in part.by:
                # Levels stand side by side; their total is that of the one that answers.
                alone = replace(part, by=(), chooses_level=False)
                _gather_one(session, plan, alone, figures, used)
    sums = [one for part in plan.facts for one in part.sums]
    for one in sums:
        if one.least and figures.withhold(one.name, one.among, one.least):
            figures.notes.append(_too_few(one))
    names = [one.name for one in sums]
    figures.fill_in(stand_in(names, list(figures.totals.values())))
    return figures


def _too_few(one: Sum) -> Sentence:
    return say(
        _("{metric}: hidden where fewer than {least} are known; so few would point at somebody."),
        metric=Sentence(one.label), least=one.least,
    )  # fmt: skip


def _has_money(sums: Iterable[Sum]) -> bool:
    return any(one.unit is Unit.MONEY for one in sums)


def _gather_one(
    session: Session, plan: Plan, fact_plan: FactPlan, figures: Figures, rates: Rates | None
) -> None:
    sums, first = fact_plan.sums, 2 + len(fact_plan.by)
    found = _found(session, plan, fact_plan, rates)
    is_total, currencies, partial, lost = (found.columns[i] for i in (0, first - 1, -2, -1))
    columns: Sequence[Sequence[Any]] = found.columns[first:-2]
    if any(lost):
        figures.is_lossy = True
        columns = list(_without_lost(sums, columns, lost))
    names = tuple(one.name for one in sums)
    counts = _has_values(found.complete[first:-2], columns, len(found))
    if "level" not in fact_plan.by and not fact_plan.in_steps:
        for i in compress(range(len(found)), map(and_, is_total, counts)):
            figures.whole_periods |= fact_plan.table == "period_figures"
            figures.partial |= partial[i]
            figures.add_total(currencies[i], names, [column[i] for column in columns])
    # A fact that knows nothing of what is asked has one row all the same: not given.
    is_row = bool(plan.keys) and not any(
        fact_plan.fact in DIMENSIONS[n].facts for n in plan.query.by
    )
    chosen = list(counts if is_row else map(gt, counts, is_total))
    keys = _keys(plan, fact_plan, found)
    figures.add_rows(names, Rows(keys, currencies, columns).only(chosen))
    if rates is not None and figures.has_lost_amounts():
        figures.notes += _lost_amounts(session, plan, fact_plan, rates)


def _found(session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates | None) -> Found:
    """Columns: is_total, dimensions …, currency, sums …, partial, unconverted."""
    if daily.is_for(plan, fact_plan):
        return daily.added_up(session, plan, fact_plan, rates)
    known = running.added_up(session, plan, fact_plan, rates)
    if known is not None:
        return known
    relation = rates.table(session) if rates is not None else ""
    made = statement(plan, fact_plan, session, rates=relation)
    return session.recall(made.sql, made.parameters)


def _without_lost(
    sums: Iterable[Sum], columns: Iterable[Sequence[Any]], lost: Sequence[bool]
) -> Iterator[Sequence[Any]]:
    """No amount stands where some of it could not be converted."""
    for one, column in zip(sums, columns, strict=True):
        if one.unit is Unit.MONEY:
            column = [Unconverted() if gone else v for v, gone in zip(column, lost, strict=True)]
        yield column


def _has_values(
    complete: Sequence[bool], columns: Sequence[Sequence[Any]], rows: int
) -> Sequence[bool]:
    """Of each row whether any of its sums is known."""
    if any(complete):
        return [True] * rows
    return [row.count(None) < len(row) for row in zip(*columns, strict=True)]


def _keys(plan: Plan, fact_plan: FactPlan, found: Found) -> list[Sequence[Any]]:
    """What tells each row apart; what the fact does not know is None."""
    known = dict(zip(fact_plan.by, found.columns[1:], strict=False))
    unknown = [None] * len(found)
    return [known.get(name, unknown) for name in plan.keys]


def _lost_amounts(
    session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates
) -> list[Sentence]:
    """What could not be converted, currency by currency."""
    apart = replace(plan, query=replace(plan.query, currency="", by=()), splits_currency=True)
    notes = []
    unrated = _unrated(session, apart, fact_plan, rates)
    found = _found(session, apart, replace(fact_plan, by=()), None)
    for _total, currency, *values, _partial, _lost in found:
        for one, value in zip(fact_plan.sums, values, strict=True):
            if one.unit is not Unit.MONEY or not value:
                continue
            if currency == "":
                notes.append(
                    say(
                        _("{amount} of {metric} wait for their currency: they are in no total."),
                        amount=f"{value.normalize():f}",
                        metric=Sentence(one.label),
                    )
                )
            elif currency not in rates.currencies:
                notes.append(
                    say(
                        _(
                            "There is no rate from {currency} to {to}: {amount} {currency} "
                            "of {metric} could not be converted."
                        ),
                        currency=currency,
                        to=plan.query.currency,
                        amount=f"{value.normalize():f}",
                        metric=Sentence(one.label),
                    )
                )
            elif (currency, one.name) in unrated:
                notes.append(
                    say(
                        _(
                            "Some days have no rate from {currency} to {to}: {metric} of "
                            "these days could not be converted."
                        ),
                        currency=currency,
                        to=plan.query.currency,
                        metric=Sentence(one.label),
                    )
                )
    return notes


def _unrated(
    session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates
) -> set[tuple[str, str]]:
    """Currencies and sums that are something on a day on which the currency has no rate."""
    by_day = _found(session, plan, replace(fact_plan, by=("date",), by_month=""), None)
    return {
        (currency, one.name)
        for total, day, currency, *values, _partial, _lost in by_day
        if not total and rates.worth(currency, day) is None
        for one, value in zip(fact_plan.sums, values, strict=True)
        if value
    }
