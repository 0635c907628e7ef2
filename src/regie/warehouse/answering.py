"""Runs a plan: each fact by itself, then the facts side by side, then ratios of their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import compress, repeat
from operator import and_, gt
from typing import Any

from regie.domain.metrics.definitions import Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, FactPlan, Plan
from regie.domain.metrics.ratios import stand_in
from regie.kernel.i18n import Sentence, _, say
from regie.warehouse.caveats import one_sided, told_twice, windows_of
from regie.warehouse.columns import Found
from regie.warehouse.compiling import statement
from regie.warehouse.figures import Figures, Key, Unconverted
from regie.warehouse.fitting import sources_of
from regie.warehouse.views import Session

RATE_HOLDS_DAYS = 10  # a weekend or a holiday has no rate of its own


@dataclass(frozen=True)
class Rates:
    """``(currency, day, rate)`` into the asked currency."""

    to: str
    rates: Sequence[tuple[str, date, Decimal]]

    def table(self, session: Session) -> str:
        """A table (currency, day, until, rate): a rate holds until the next, ten days at most;
        the asked currency is always worth one."""
        name = f"rates_{self.to}_{hash(tuple(self.rates)) & 0xFFFFFFFFFFFF:x}".lower()
        types = {"currency": "VARCHAR", "day": "DATE", "until": "DATE", "rate": "DECIMAL(18,12)"}
        columns = ", ".join(
            f"CAST(unnest(string_split(?, ',')) AS {type_}) AS {name}"
            for name, type_ in types.items()
        )
        # One text for each column: hundreds of bound values, or of rows in SQL, take far longer.
        return session.keep(
            name, f"SELECT {columns}", lambda: list(map(",".join, zip(*self._rows(), strict=True)))
        )

    def _rows(self) -> Iterator[tuple[str, str, str, str]]:
        yield (self.to, "0001-01-01", "9999-12-31", "1")
        by_currency: dict[str, list[tuple[date, Decimal]]] = {}
        for currency, day, rate in self.rates:
            if currency != self.to:
                by_currency.setdefault(currency, []).append((day, rate))
        for currency, days in by_currency.items():
            days.sort()
            for i, (day, rate) in enumerate(days):
                until = day + timedelta(days=RATE_HOLDS_DAYS)
                if i + 1 < len(days):
                    until = min(until, days[i + 1][0])
                yield (currency, day.isoformat(), until.isoformat(), f"{rate:.12f}")


def gather(session: Session, plan: Plan, rates: Rates | None) -> Figures:
    """All sums of the plan, fact by fact. Raises ``Refused`` where two windows would be added."""
    figures = Figures(windows=windows_of(session, plan), one_sided=one_sided(session, plan))
    relation = rates.table(session) if rates is not None else ""
    for fact_plan in plan.facts:
        for part in sources_of(session, plan, fact_plan):
            converts = rates is not None and part.fact in MONEY_FACTS and _has_money(part.sums)
            used = relation if converts else ""
            _gather_one(session, plan, part, figures, used)
            figures.notes += told_twice(session, plan, part)
            if "level" in part.by:
                # Levels stand side by side; their total is that of the one that answers.
                alone = replace(part, by=(), chooses_level=False)
                _gather_one(session, plan, alone, figures, used)
    names = [one.name for part in plan.facts for one in part.sums]
    figures.fill_in(stand_in(names, list(figures.totals.values())))
    return figures


def _has_money(sums: Iterable[Sum]) -> bool:
    return any(one.unit is Unit.MONEY for one in sums)


def _gather_one(
    session: Session, plan: Plan, fact_plan: FactPlan, figures: Figures, rates: str
) -> None:
    made = statement(plan, fact_plan, session, rates=rates)
    found = session.recall(made.sql, made.parameters)
    is_total, currencies, partial, lost = (found.columns[i] for i in (0, made.first - 1, -2, -1))
    columns: Sequence[Sequence[Any]] = found.columns[made.first : -2]
    if any(lost):
        figures.is_lossy = True
        columns = list(_without_lost(made.sums, columns, lost))
    names, values = tuple(one.name for one in made.sums), list(zip(*columns, strict=True))
    counts = _has_values(found.complete[made.first : -2], values)
    if "level" not in fact_plan.by:
        for i in compress(range(len(found)), map(and_, is_total, counts)):
            figures.whole_periods |= fact_plan.table == "period_figures"
            figures.partial |= partial[i]
            figures.add_total(currencies[i], names, values[i])
    # A fact that knows nothing of what is asked has one row all the same: not given.
    is_row = bool(plan.keys) and not any(
        fact_plan.fact in DIMENSIONS[n].facts for n in plan.query.by
    )
    chosen = counts if is_row else map(gt, counts, is_total)
    keys = zip(_keys(plan, fact_plan, found), currencies, strict=True)
    figures.add_rows(names, compress(zip(keys, values, strict=True), chosen))
    if rates and figures.has_lost_amounts():
        figures.notes += _lost_amounts(session, plan, fact_plan, rates)


def _without_lost(
    sums: Iterable[Sum], columns: Iterable[Sequence[Any]], lost: Sequence[bool]
) -> Iterator[Sequence[Any]]:
    """No amount stands where some of it could not be converted."""
    for one, column in zip(sums, columns, strict=True):
        if one.unit is Unit.MONEY:
            column = [Unconverted() if gone else v for v, gone in zip(column, lost, strict=True)]
        yield column


def _has_values(complete: Sequence[bool], rows: Sequence[Sequence[Any]]) -> list[bool]:
    """Of each row whether any of its sums is known."""
    if any(complete):
        return [True] * len(rows)
    return [row.count(None) < len(row) for row in rows]


def _keys(plan: Plan, fact_plan: FactPlan, found: Found) -> Iterator[Key]:
    """What tells each row apart; what the fact does not know is None."""
    known = dict(zip(fact_plan.by, found.columns[1:], strict=False))
    if not plan.keys:
        return repeat((), len(found))
    unknown = [None] * len(found)
    return zip(*(known.get(name, unknown) for name in plan.keys), strict=True)


def _lost_amounts(session: Session, plan: Plan, fact_plan: FactPlan, rates: str) -> list[Sentence]:
    """What could not be converted, currency by currency."""
    apart = replace(plan, query=replace(plan.query, currency="", by=()), splits_currency=True)
    made = statement(apart, replace(fact_plan, by=()), session)
    known = {row[0] for row in session.rows(f"SELECT DISTINCT currency FROM {rates}")}
    notes = []
    found = session.recall(made.sql, made.parameters)
    for _total, currency, *values, _partial, _lost in found.rows():
        for one, value in zip(made.sums, values, strict=True):
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
            elif currency not in known:
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
            elif currency != plan.query.currency:
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
