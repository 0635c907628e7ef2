"""What would change if an assumption did: at equal budget in sales, at equal goal in money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from regie.domain.planning.funnel import Assumptions, Forecast, for_budget, for_goal

STEPS = (Decimal("-0.2"), Decimal("0.2"))
ASSUMPTIONS = ("click_rate", "conversion_rate", "cpm")


@dataclass(frozen=True)
class WhatIf:
    """One set of other assumptions; the cost of a sale is the same in both readings."""

    assumptions: Assumptions
    at_equal_budget: Forecast
    at_equal_goal: Forecast


def what_if(base: Forecast, other: Assumptions) -> WhatIf:
    return WhatIf(other, for_budget(base.budget, other), for_goal(base.sales, other))


@dataclass(frozen=True)
class Sensitivity:
    """What ``step`` (a share, such as −0.2) of one assumption alone does."""

    name: str
    step: Decimal
    result: WhatIf


def sensitivity(base: Forecast) -> list[Sensitivity]:
    return [
        Sensitivity(name, step, what_if(base, base.assumptions.changed(**{name: step})))
        for name in ASSUMPTIONS
        for step in STEPS
    ]
