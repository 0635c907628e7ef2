"""Questions about days and platforms, added up from daily sums that are kept month by month.

The parts of a page ask for nearly the same: figures, their curve, what was before, the funnel, the
table. Each fact is read once for whole months, and the few rows of each day are added up here as
the engine would: the sums are the same to the last decimal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from functools import partial
from typing import Any

from regie.domain.metrics.catalog import all_metrics
from regie.domain.metrics.definitions import Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, FactPlan, Plan
from regie.kernel.periods import Period
from regie.warehouse import monthly
from regie.warehouse.columns import Found
from regie.warehouse.compiling import conditions, partial_of, sum_of
from regie.warehouse.rates import Rates
from regie.warehouse.views import Session

GRAIN = ("date", "platform")
_EXACT = Context(prec=76)


def is_for(plan: Plan, fact_plan: FactPlan) -> bool:
    """Whether ``fact_plan`` can be added up from daily sums."""
    return (
        monthly.is_short(plan.query.period)
        and not fact_plan.whom
        and fact_plan.table != "period_figures"
        and not fact_plan.is_laid
        and set(fact_plan.by) <= set(GRAIN)
    )


def added_up(session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates | None) -> Found:
    """The columns that ``compiling.statement`` would give; ``rates`` where money is converted."""
    by_currency = plan.splits_currency and rates is None
    groups: dict[tuple[Any, ...], _Group] = {}
    with localcontext(_EXACT):
        for *cells, currency, values, partly, lost in _rows(session, plan, fact_plan, rates):
            kept = currency if by_currency else ""
            keys = [(1, *(None for _name in fact_plan.by), kept)]
            if fact_plan.by:
                keys.append((0, *cells, kept))
            for key in keys:
                group = groups.get(key)
                if group is None:
                    group = groups[key] = _Group([None] * len(values))
                group.add(values, partial=partly, lost=lost)
    rows = [(*key, *one.values, one.partial, one.lost) for key, one in groups.items()]
    width = 4 + len(fact_plan.by) + len(fact_plan.sums)
    columns = list(map(list, zip(*rows, strict=True))) or [[] for _place in range(width)]
    return Found(columns, [False] * width, len(rows))


@dataclass
class _Group:
    values: list[Any]
    partial: bool = False
    lost: bool = False

    def add(self, values: Sequence[Any], *, partial: bool, lost: bool) -> None:
        self.partial |= partial
        self.lost |= lost
        for i, value in enumerate(values):
            if value is not None:
                known = self.values[i]
                self.values[i] = value if known is None else known + value


def _rows(
    session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates | None
) -> Iterator[tuple[Any, ...]]:
    """What is asked by, currency, sums, whether of a part only, and whether a rate is missing."""
    block = _Block(fact_plan)
    period: Any = plan.query.period
    places = [block.place(name) for name in fact_plan.by]
    currency = block.place("")
    sums = [block.place(one.name) for one in fact_plan.sums]
    money = [one.unit is Unit.MONEY and rates is not None for one in fact_plan.sums]
    statement = partial(block.statement, plan, session)
    for row in monthly.rows_of_days(session, period, block.key, statement):
        values, lost = [row[place] for place in sums], False
        if rates is not None:
            values, lost = _converted(values, money, rates.worth(row[currency], row[0]))
        yield (*(row[place] for place in places), row[currency], values, bool(row[-1]), lost)


def _converted(
    values: Sequence[Any], money: Sequence[bool], worth: Decimal | None
) -> tuple[list[Any], bool]:
    found = list(values)
    lost = False
    for i, value in enumerate(values):
        if not money[i] or value is None:
            continue
        lost |= worth is None and value != 0
        found[i] = None if worth is None else value * worth
    return found, lost


class _Block:
    """How daily sums of one fact are kept: by day, platform where known, and currency.

    All sums of whole columns are among them, so that the next question finds its own.
    """

    def __init__(self, fact_plan: FactPlan) -> None:
        self.by = tuple(name for name in GRAIN if fact_plan.fact in DIMENSIONS[name].facts)
        own = dict.fromkeys(
            one
            for one in all_metrics().values()
            if isinstance(one, Sum) and one.fact == fact_plan.fact and not one.only
        )
        sums = tuple(own | dict.fromkeys(fact_plan.sums))
        self.plan = replace(fact_plan, sums=sums, by=self.by, unknown_by=(), by_month="")
        names = (*self.by, "", *(one.name for one in sums))
        self._places = {name: place for place, name in enumerate(names)}
        # The same for all questions about this fact and these filters.
        self.key = (
            "daily", fact_plan.table, names, fact_plan.where, fact_plan.needs, fact_plan.split,
            fact_plan.chooses_level,
        )  # fmt: skip

    def place(self, name: str) -> int:
        """The column of a dimension or sum; "" for the currency."""
        return self._places[name]

    def statement(self, plan: Plan, session: Session, days: Period) -> tuple[str, list[Any]]:
        parameters: list[Any] = []
        then = replace(plan, query=replace(plan.query, period=days))
        where = conditions(then, self.plan, parameters)
        keys = [DIMENSIONS[name].column for name in self.by]
        currency = "coalesce(currency, '')" if self.plan.fact in MONEY_FACTS else "''"
        sums = [f"{sum_of(one)} AS m{i}" for i, one in enumerate(self.plan.sums)]
        names = ", ".join([*keys, f"{currency} AS cur", *sums, f"{partial_of(self.plan)} AS p"])
        source = session.table(self.plan.table, days)
        return f"SELECT {names} FROM {source} WHERE {where} GROUP BY ALL ORDER BY date", parameters
