"""Runs a plan: each fact by itself, then the facts side by side, then ratios of their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import compress
from typing import Any

from regie.domain.metrics.definitions import Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, FactPlan, Plan
from regie.domain.metrics.ratios import stand_in
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.money import plain
from regie.warehouse import daily, running
from regie.warehouse.caveats import in_no_step, one_sided, told_twice, windows_of
from regie.warehouse.columns import Found, Sides, sides_of
from regie.warehouse.compiling import statement
from regie.warehouse.figures import Figures, Rows, Unconverted
from regie.warehouse.fitting import in_steps_of, sources_of
from regie.warehouse.rates import Rates
from regie.warehouse.views import Session


def gather(session: Session, plan: Plan, rates: Rates | None) -> Figures:
    """All sums of the plan, fact by fact. Raises ``Refused`` where two windows would be added."""
    figures = Figures(windows=windows_of(session, plan), one_sided=one_sided(session, plan))
    for fact_plan in plan.facts:
        parts = sources_of(session, plan, fact_plan)
        for part in [_cut(plan, parts[0])] if len(parts) == 1 else parts:
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


def _cut(plan: Plan, part: FactPlan) -> FactPlan:
    """Nothing else adds to the rows of ``part``: those that come first by one of its sums will do.

    A sum that may be withheld is no guide to what comes first.
    """
    name = plan.query.order_by.lstrip("-")
    is_cut = bool(plan.query.limit and plan.query.by and not plan.nonadditive) and any(
        one.name == name and not one.least for one in part.sums
    )
    return replace(part, is_cut=True) if is_cut else part


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
    names = tuple(one.name for one in fact_plan.sums)
    found = _found(session, plan, fact_plan, rates)
    if "level" not in fact_plan.by and not fact_plan.in_steps:
        totals, partial = _known(fact_plan, found.totals, figures)
        for i, currency in enumerate(totals.currencies):
            figures.whole_periods |= fact_plan.table == "period_figures"
            figures.partial |= partial[i]
            figures.add_total(currency, names, [column[i] for column in totals.sums])
    # A fact that knows nothing of what is asked has one row all the same: not given.
    is_row = bool(plan.keys) and not any(
        fact_plan.fact in DIMENSIONS[n].facts for n in plan.query.by
    )
    rows, _partial = _known(fact_plan, found.totals if is_row else found.rows, figures)
    figures.add_rows(names, replace(rows, keys=_keys(plan, fact_plan, rows)))
    if rates is not None and figures.has_lost_amounts():
        figures.notes += _lost_amounts(session, plan, fact_plan, rates)


def _known(fact_plan: FactPlan, found: Found, figures: Figures) -> tuple[Rows, Sequence[bool]]:
    """The rows of which any sum is known, and which of them are partial."""
    if not len(found):
        return Rows([], [], [()] * len(fact_plan.sums)), []
    first = 1 + len(fact_plan.by)
    *keys, currencies = found.columns[:first]
    partial, lost = found.columns[-2:]
    sums: Sequence[Sequence[Any]] = found.columns[first:-2]
    if any(lost):
        figures.is_lossy = True
        sums = list(_without_lost(fact_plan.sums, sums, lost))
    rows = Rows(keys, currencies, sums)
    if any(found.complete[first:-2]):
        return rows, partial
    chosen = [any(value is not None for value in row) for row in zip(*sums, strict=True)]
    return rows.only(chosen), list(compress(partial, chosen))


def _found(session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates | None) -> Sides:
    if daily.is_for(plan, fact_plan):
        return sides_of(daily.added_up(session, plan, fact_plan, rates))
    known = running.added_up(session, plan, fact_plan, rates)
    if known is not None:
        return known
    relation = rates.table(session) if rates is not None else ""
    made = statement(plan, fact_plan, session, rates=relation)
    return sides_of(session.recall(made.sql, made.parameters))


def _without_lost(
    sums: Iterable[Sum], columns: Iterable[Sequence[Any]], lost: Sequence[bool]
) -> Iterator[Sequence[Any]]:
    """No amount stands where some of it could not be converted."""
    for one, column in zip(sums, columns, strict=True):
        if one.unit is Unit.MONEY:
            column = [Unconverted() if gone else v for v, gone in zip(column, lost, strict=True)]
        yield column


def _keys(plan: Plan, fact_plan: FactPlan, rows: Rows) -> list[Sequence[Any]]:
    """What tells each row apart; what the fact does not know is None."""
    known = dict(zip(fact_plan.by, rows.keys, strict=False))
    unknown = [None] * len(rows)
    return [known.get(name, unknown) for name in plan.keys]


def _lost_amounts(
    session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates
) -> list[Sentence]:
    """What could not be converted, currency by currency."""
    apart = replace(plan, query=replace(plan.query, currency="", by=()), splits_currency=True)
    notes = []
    unrated = _unrated(session, apart, fact_plan, rates)
    found = _found(session, apart, replace(fact_plan, by=()), None)
    for currency, *values, _partial, _lost in found.totals:
        for one, value in zip(fact_plan.sums, values, strict=True):
            if one.unit is not Unit.MONEY or not value:
                continue
            if currency == "":
                notes.append(
                    say(
                        _("{amount} of {metric} wait for their currency: they are in no total."),
                        amount=Decimal(plain(Decimal(value))),
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
                        amount=Decimal(plain(Decimal(value))),
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
        for day, currency, *values, _partial, _lost in by_day.rows
        if rates.worth(currency, day) is None
        for one, value in zip(fact_plan.sums, values, strict=True)
        if value
    }
