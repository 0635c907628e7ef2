"""One figure of the report that somebody asks about: which metric, of which part, of which row.

Its address says all of it, so that an explanation can be kept, sent and opened in a tab.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from regie.domain.metrics.catalog import all_metrics
from regie.domain.metrics.definitions import Metric, Sum
from regie.domain.metrics.query import Filter, Query
from regie.web.report.state import ReportState
from regie.web.report.worked_out import OVER, WAYS, at_budget, figure_of

HEADLINE, TABLE = "headline", "table"
KEPT, LONGEST = 1024, 40
AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Asked:
    """``row`` is the value of the table's split in that row; None asks about the total.

    With ``other`` the figure is worked out of two metrics, as ``way`` says; with ``budget`` it is
    what that would have brought at the same pace. Orders are those of ``lag`` days later.
    ``branch`` is an organisation: then it and those below it alone answer.
    """

    state: ReportState
    name: str
    part: str = HEADLINE
    row: str | None = None
    platform: str = ""
    other: str = ""
    way: str = OVER
    lag: int = 0
    branch: str = ""
    budget: Decimal | None = None

    @property
    def figure(self) -> Metric:
        if self.budget is not None:
            return at_budget(self.name, self.budget)
        return figure_of(self.name, self.other, self.way)

    def question(self, table: Query) -> Query:
        """``table`` is what the breakdown asks: the same levels answer, so sums are the same."""
        alone = replace(table, metrics=(self.name,), limit=0, beside=None, spares=False)
        if self.part == HEADLINE:
            return replace(alone, by=(), where=self.state.where)
        where = list(self.state.where)
        if self.row is not None:
            where.append(Filter(self.state.shown_split, (self.row,)))
        if self.platform and self.state.shown_split != "platform":
            where.append(Filter("platform", (self.platform,)))
        return replace(alone, where=tuple(where))

    def address(self, **more: Any) -> str:
        """The query string; ``more`` holds pages of the rows beneath."""
        is_table = self.part == TABLE
        said = self.state.anew_unsplit if is_table else self.state.anew
        where = _written(self.state.shown_split if is_table else "", self.row, self.platform)
        own = f"figure={self.name}{where}"
        also = {self.way: self.other, "lag": self.lag, "branch": self.branch}
        also |= {"budget": "" if self.budget is None else f"{self.budget:f}"}
        more = {name: value for name, value in also.items() if value} | more
        return "?" + "&".join(filter(None, [said, own, urlencode(more)]))


@lru_cache(KEPT)
def _written(split: str, row: str | None, platform: str) -> str:
    """The same for all figures of a row."""
    own = {"of": TABLE, "split": split} if split else {}
    own |= {} if row is None else {"row": row}
    own |= {"of_platform": platform} if platform else {}
    return f"&{urlencode(own)}" if own else ""


def read_asked(asked: Mapping[str, str], state: ReportState) -> Asked | None:
    """None where no figure of that name exists."""
    name = asked.get("figure", "")
    way = next((one for one in WAYS if asked.get(one)), "")
    other = asked.get(way, "")
    budget = _amount(asked["budget"]) if asked.get("budget") else None
    beside = other or ("spend" if asked.get("budget") else "")
    if name not in all_metrics() or (beside and not _can_be_worked_out(name, beside)):
        return None
    if asked.get("budget") and (budget is None or other):
        return None
    is_table = asked.get("of") == TABLE
    return Asked(
        state=state,
        name=name,
        part=TABLE if is_table else HEADLINE,
        row=asked.get("row") if is_table else None,
        platform=asked.get("of_platform", "") if is_table else "",
        other=other,
        way=way or OVER,
        lag=_days(asked.get("lag", "")),
        branch=asked.get("branch", ""),
        budget=budget,
    )


def _can_be_worked_out(name: str, other: str) -> bool:
    """Two sums: a ratio of ratios, or of people reached, would mean nothing."""
    known = all_metrics()
    return all(isinstance(known.get(one), Sum) for one in (name, other))


def _amount(text: str) -> Decimal | None:
    """An amount as an address writes it; None for what is none."""
    return Decimal(text) if len(text) < LONGEST and AMOUNT.fullmatch(text) else None


def _days(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def row_key(split: str, value: Any) -> str:
    """What names a row in an address; accounts go by number, for names may be shared."""
    if value in (None, ""):
        return ""
    return f"#{value}" if split == "account" else str(value)
