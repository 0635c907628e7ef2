"""Runs a plan: each fact by itself, then the facts side by side, then ratios of their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from regie.domain.metrics.definitions import Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, FactPlan, Plan
from regie.domain.metrics.ratios import stand_in
from regie.kernel.i18n import Sentence, _, say
from regie.warehouse.caveats import one_sided, windows_of
from regie.warehouse.compiling import statement
from regie.warehouse.figures import Figures, Key, Unconverted, added
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
    read, sums = _reading_keys(plan, fact_plan), made.sums
    first, names = 2 + len(fact_plan.by), tuple(one.name for one in sums)
    # A fact that knows nothing of what is asked has one row all the same: not given.
    is_row = bool(plan.keys) and not any(
        fact_plan.fact in DIMENSIONS[n].facts for n in plan.query.by
    )
    rows = figures.parts.setdefault(names, {})
    for row in session.recall(made.sql, made.parameters):
        values, is_total = row[first:-2], row[0]
        if row[-1]:
            figures.is_lossy = True
            values = tuple(Unconverted() if one.unit is Unit.MONEY else value
                           for one, value in zip(sums, values, strict=True))  # fmt: skip
        if values.count(None) == len(values) or (is_total and "level" in fact_plan.by):
            continue
        if is_total:
            figures.whole_periods |= fact_plan.table == "period_figures"
            figures.partial |= row[-2]
            figures.add_total(row[first - 1], names, values)
        if not is_total or is_row:
            key = (read(row), row[first - 1])
            rows[key] = added(rows[key], values) if key in rows else values
    if rates and figures.has_lost_amounts():
        figures.notes += _lost_amounts(session, plan, fact_plan, rates)


def _reading_keys(plan: Plan, fact_plan: FactPlan) -> Callable[[Key], Key]:
    """From a row of a statement to what tells it apart; what the fact does not know is None."""
    end = 1 + len(fact_plan.by)
    if fact_plan.by == plan.keys:
        return lambda row: row[1:end]
    places = {name: place for place, name in enumerate(fact_plan.by, start=1)}
    found = [places.get(name, 0) for name in plan.keys]
    return lambda row: tuple(row[place] if place else None for place in found)


def _lost_amounts(session: Session, plan: Plan, fact_plan: FactPlan, rates: str) -> list[Sentence]:
    """What could not be converted, currency by currency."""
    apart = replace(plan, query=replace(plan.query, currency="", by=()), splits_currency=True)
    made = statement(apart, replace(fact_plan, by=()), session)
    known = {row[0] for row in session.rows(f"SELECT DISTINCT currency FROM {rates}")}
    notes = []
    for _total, currency, *values, _partial, _lost in session.recall(made.sql, made.parameters):
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
