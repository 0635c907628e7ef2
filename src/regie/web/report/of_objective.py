"""Where the figures of an objective come from: what was reached so far, what growth is from."""

from __future__ import annotations

from datetime import date

from regie.domain.markets import is_share
from regie.domain.objectives import Objective, compared_days, elapsed
from regie.kernel.fiscal import Calendar
from regie.kernel.periods import Period
from regie.web.report.asked import Asked
from regie.web.report.state import ReportState


def addresses(
    objective: Objective, *, today: date, home: str, calendar: Calendar
) -> tuple[str, str]:
    """What explains each of the two; empty where there is nothing to explain yet.

    ``home`` is the currency of the organisation that set it.
    """

    def address(days: Period | None) -> str:
        # A share of the market has a page of its own that explains it.
        if days is None or is_share(objective.metric):
            return ""
        return address_of(
            objective.metric, days, today=today, currency=objective.currency, home=home,
            calendar=calendar,
        )  # fmt: skip

    base = compared_days(objective, calendar) if objective.is_growth else None
    return address(elapsed(objective.period, today)), address(base)


def address_of(
    metric: str, days: Period, *, today: date, currency: str, home: str, calendar: Calendar
) -> str:
    """What explains ``metric`` over ``days`` in ``currency``."""
    state = ReportState(
        today, preset="dates", period=days, currency=currency if currency != home else "",
        home_currency=home, calendar=calendar,
    )  # fmt: skip
    return Asked(state, metric).address()
