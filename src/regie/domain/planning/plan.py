"""A plan as a person wants it: one direction, three assumptions, and when it is to happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from regie.domain.planning import funnel
from regie.domain.planning.funnel import Assumptions, Forecast
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _
from regie.kernel.money import is_currency
from regie.kernel.periods import Period

FIRST_YEAR, LAST_YEAR = 1990, 2200


def is_near(period: Period) -> bool:
    """Whether days can be counted from it: a mistyped year leaves the calendar."""
    return period.start.year >= FIRST_YEAR and period.end.year <= LAST_YEAR


class Direction(Enum):
    """From the goal to the budget, or the inverse mode: from the budget to the sales."""

    GOAL = "goal"
    BUDGET = "budget"


@dataclass(frozen=True)
class BudgetPlan:
    """``amount`` is the goal in sales or the budget in money, as ``direction`` says.

    ``lag_days`` pass between a click and its sale on average; sales are waited for during
    ``window_days`` after the click. B2B cycles are long, so each plan states both.
    """

    name: str
    direction: Direction
    amount: Decimal
    assumptions: Assumptions
    currency: str
    window_days: int = 30
    lag_days: int = 0
    period: Period | None = None
    campaign: str = ""  # by name: it may be planned before it exists
    objective: int | None = None  # the number of the objective that it is to reach

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongUse(_("A plan needs a name."), hint=_("Name it after what it is to sell."))
        if not is_currency(self.currency):
            raise WrongUse(_("Choose the currency of the plan."))
        if self.lag_days > self.window_days:
            raise WrongUse(
                _("Sales cannot come later than the window in which they are counted."),
                hint=_("Widen the window or shorten the lag."),
            )
        if self.period and not is_near(self.period):
            raise WrongUse(_("These days are too far away for a plan."))
        if self.amount <= 0:
            raise WrongUse(_("A plan needs a goal or a budget above zero."))
        funnel.check(self.forecast())

    def forecast(self) -> Forecast:
        if self.direction is Direction.GOAL:
            return funnel.for_goal(self.amount, self.assumptions)
        return funnel.for_budget(self.amount, self.assumptions)

    def sales_period(self, spending: Period) -> Period:
        """The days on which what was spent during ``spending`` is expected to sell."""
        lag = timedelta(days=self.lag_days)
        return Period(spending.start + lag, spending.end + lag)

    def settles_on(self, spending: Period) -> date:
        """The first day on which no click of ``spending`` can bring another sale."""
        return spending.end + timedelta(days=self.window_days + 1)
