"""Runs a plan: each fact by itself, then the facts side by side, then ratios of their sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, FactPlan, Plan
from regie.domain.metrics.ratios import stand_in, value_of
from regie.kernel.i18n import Sentence, _, say
from regie.warehouse.caveats import one_sided, windows_of
from regie.warehouse.compiling import statement
from regie.warehouse.fitting import sources_of
from regie.warehouse.views import Session

Key = tuple[Any, ...]
RATE_HOLDS_DAYS = 10  # a weekend or a holiday has no rate of its own


@dataclass
class Figures:
    """Sums by dimension values and currency, and their totals by currency."""

    rows: dict[tuple[Key, str], dict[str, Any]] = field(default_factory=dict)
    totals: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[Sentence] = field(default_factory=list)
    whole_periods: bool = False
    partial: bool = False  # keywords or search terms answer for their account
    windows: Sequence[str] = ()  # attribution windows of the claims
    one_sided: Mapping[str, Sequence[str]] = field(default_factory=dict)  # ratio to platforms

    def add(self, key: Key, currency: str, names: Sequence[str], values: Sequence[Any]) -> None:
        _add(self.rows.setdefault((key, currency), {}), names, values)

    def add_total(self, currency: str, names: Sequence[str], values: Sequence[Any]) -> None:
        _add(self.totals.setdefault(currency, {}), names, values)

    def has_lost_amounts(self) -> bool:
        return any(isinstance(v, Unconverted) for t in self.totals.values() for v in t.values())

    def fill_in(self, stand_ins: Mapping[str, str]) -> None:
        for values in (*self.rows.values(), *self.totals.values()):
            values |= {name: values.get(other) for name, other in stand_ins.items()}


def _add(into: dict[str, Any], names: Sequence[str], values: Sequence[Any]) -> None:
    if not into:
        into.update(zip(names, values, strict=True))
        return
    for name, value in zip(names, values, strict=True):
        _add_one(into, name, value)


def _add_one(into: dict[str, Any], name: str, value: Any) -> None:
    if value is None or isinstance(into.get(name), Unconverted):
        into.setdefault(name, None)
        return
    if isinstance(value, Unconverted):
        into[name] = value
        return
    before = into.get(name)
    into[name] = value if before is None else before + value


class Unconverted:
    """Stands for an amount of which some could not be converted."""


@dataclass(frozen=True)
class Rates:
    """``(currency, day, rate)`` into the asked currency."""

    to: str
    rates: Sequence[tuple[str, date, Decimal]]

    def table(self, session: Session) -> str:
        """A table (currency, day, until, rate): a rate holds until the next, ten days at most;
        the asked currency is always worth one."""
        name = f"rates_{self.to}_{hash(tuple(self.rates)) & 0xFFFFFFFFFFFF:x}".lower()
        return session.keep(name, self._select)

    def _select(self) -> str:
        rows = [f"({_quoted(self.to)}, DATE '0001-01-01', DATE '9999-12-31', 1::DECIMAL(18,12))"]
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
                days_ = f"DATE '{day}', DATE '{until}'"
                rows.append(f"({_quoted(currency)}, {days_}, {rate:.12f}::DECIMAL(18,12))")
        return f"SELECT * FROM (VALUES {', '.join(rows)}) v(currency, day, until, rate)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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
    asked = plan.keys
    names = [one.name for one in made.sums]
    places = {name: i for i, name in enumerate(fact_plan.by)}
    width = len(fact_plan.by)
    # A fact that knows nothing of what is asked has one row all the same: not given.
    is_row = bool(asked) and not any(fact_plan.fact in DIMENSIONS[n].facts for n in plan.query.by)
    for is_total, *cells in session.rows(made.sql, made.parameters):
        currency, values, partial, lost = cells[width], cells[width + 1 : -2], *cells[-2:]
        if is_total and "level" in fact_plan.by:
            continue
        key = tuple(cells[places[name]] if name in places else None for name in asked)
        if not lost and not any(value is not None for value in values):
            continue
        if fact_plan.table == "period_figures":
            figures.whole_periods = True
        figures.partial = figures.partial or partial
        known = [
            Unconverted() if lost and one.unit is Unit.MONEY else value
            for one, value in zip(made.sums, values, strict=True)
        ]
        if is_total:
            figures.add_total(currency, names, known)
        if not is_total or is_row:
            figures.add(key, currency, names, known)
    if rates and figures.has_lost_amounts():
        figures.notes += _lost_amounts(session, plan, fact_plan, rates)


def _lost_amounts(session: Session, plan: Plan, fact_plan: FactPlan, rates: str) -> list[Sentence]:
    """What could not be converted, currency by currency."""
    apart = replace(plan, query=replace(plan.query, currency="", by=()), splits_currency=True)
    made = statement(apart, replace(fact_plan, by=()), session)
    known = {row[0] for row in session.rows(f"SELECT DISTINCT currency FROM {rates}")}
    notes = []
    for _total, currency, *values, _partial, _lost in session.rows(made.sql, made.parameters):
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


def present(values: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The asked metrics of one row, ratios computed from its sums."""
    plain = {name: None if isinstance(v, Unconverted) else v for name, v in values.items()}
    return {name: value_of(metric(name), plain) for name in names}
