"""Where the figures come from that are laid beside a plan: its days, its campaign, its lag."""

from __future__ import annotations

from dataclasses import dataclass, replace

from regie.web.report.asked import Asked
from regie.web.report.state import ReportState
from regie.web.report.worked_out import later

# What the planner calls a figure, and what it is worked out of: sales come later than the spend.
OF = {
    "impressions": ("impressions", ""), "clicks": ("clicks", ""), "spend": ("spend", ""),
    "cpm": ("cpm", ""), "click_rate": ("clicks", "impressions"),
    "conversion_rate": ("orders", "clicks"), "cpa": ("spend", "orders"),
}  # fmt: skip


@dataclass(frozen=True)
class OfPlan:
    """``state`` has the days of the spend. ``branch`` is empty where one acts for the planner."""

    state: ReportState
    lag: int = 0
    branch: str = ""

    def address(self, name: str) -> str:
        """What explains a figure of the plan; ``sales`` are those of the days when they come."""
        if name == "sales":
            days = later(self.state.period, self.lag) or self.state.period
            return Asked(replace(self.state, period=days), "orders", branch=self.branch).address()
        top, bottom = OF[name]
        return Asked(self.state, top, other=bottom, lag=self.lag, branch=self.branch).address()
