"""What the address of a report says; nonsense in an address falls back to the usual, silently
only where nothing is lost, else with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from regie.domain.metrics.query import Answer, Filter, Query
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import Sentence
from regie.kernel.money import is_currency
from regie.kernel.periods import Period
from regie.web.report.periods import (
    DEFAULT,
    USUAL,
    compared,
    read_comparison,
    read_period,
    said_of_period,
)

LEVELS = ("platform", "account", "campaign", "ad_group", "ad")
# An organisation is opened before its platforms: its orders are known, a campaign's are not. So is
# whom campaigns work for.
PATH = ("organisation", "beneficiary", *LEVELS)
SPLITS = (*LEVELS, "organisation", "beneficiary", "channel", "media", "event")
RESULT_SPLITS = ("platform", "campaign", "ad")
FILTERS = ("platform", "account", "campaign", "organisation", "beneficiary", "channel", "media",
           "event")  # fmt: skip
ONLY = "only_"  # what filters begin with in an address
VIEWS = ("results",)  # beside what the platforms report
LONGEST_FIND, MOST_OPEN = 80, 12
# Another table begins at its first page, in its usual order, with nothing sought or opened.
ANEW: dict[str, Any] = {"sort": "", "page": 1, "find": "", "opened": ()}
GRAINS = ("day", "week", "month", "fiscal_month", "quarter")

MayAnswer = Callable[[Query], Answer | None]


@dataclass(frozen=True)
class ReportState:
    """``path`` is where one has drilled to: (level, id) pairs from the platform down.

    ``filters`` narrow the whole page and stay when one drills: (dimension, values) pairs.
    """

    today: date
    preset: str = DEFAULT
    period: Period = field(default_factory=lambda: Period(date.min, date.min))
    comparison: str = USUAL  # a name, or days: ``A..B``
    currency: str = ""
    home_currency: str = ""
    metric: str = ""
    grain: str = ""
    path: tuple[tuple[str, str], ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    split: str = ""
    view: str = ""
    columns: tuple[str, ...] = ()  # table and column, as in "results.cpa"
    sort: str = ""
    page: int = 1
    find: str = ""  # part of the names of the rows to show
    opened: tuple[str, ...] = ()  # rows whose inside is shown beneath them: see ``unfolding``
    problem: Sentence | None = None
    calendar: Calendar = PLAIN
    claims_only: bool = False  # found out with the figures, never said by an address

    @property
    def compared(self) -> Period | None:
        return compared(self.period, self.comparison, self.calendar)

    @property
    def attributed_by_ad(self) -> str:
        """The query string of attribution by ad, of the same days."""
        return "?" + urlencode({"unit": "content", **said_of_period(self.preset, self.period)})

    @property
    def has_dates_beside(self) -> bool:
        """Whether it is compared with days that somebody chose."""
        return ".." in self.comparison

    @property
    def where(self) -> tuple[Filter, ...]:
        opened = (Filter(level, (value,)) for level, value in self.path)
        return (*opened, *(Filter(name, values) for name, values in self.filters))

    @property
    def depth(self) -> int:
        """How many levels of the platforms are above what is shown."""
        opened = [LEVELS.index(level) + 1 for level, _value in self.path if level in LEVELS]
        return max(opened, default=0)

    @property
    def shown_split(self) -> str:
        """The split asked for, else the level below the one that was opened."""
        if self.split:
            return self.split
        return LEVELS[min(self.depth, len(LEVELS) - 1)]

    @property
    def shows_results(self) -> bool:
        return self.view == "results" and self.shown_split in RESULT_SPLITS

    @property
    def shown_grain(self) -> str:
        if self.grain:
            return self.grain
        if self.period.days > 190:
            return "month"
        return "week" if self.period.days > 92 else "day"

    @property
    def money(self) -> str:
        return self.currency or self.home_currency

    def into(self, level: str, value: str, **also: str) -> ReportState:
        """One level deeper; ``also`` holds levels above that the row tells."""
        path = {**dict(self.path), **also, level: value}
        ordered = tuple((one, path[one]) for one in PATH if one in path)
        return replace(self, path=ordered, split="", **ANEW)

    def only(self, dimension: str, *values: str) -> ReportState:
        """Narrowed to ``values``; without any, that filter is taken away."""
        filters = {**dict(self.filters), dimension: values}
        ordered = tuple((one, filters[one]) for one in FILTERS if filters.get(one))
        return replace(self, filters=ordered, page=1, opened=())

    def up_to(self, count: int) -> ReportState:
        return replace(self, path=self.path[:count], split="", **ANEW)

    @cached_property
    def anew(self) -> str:
        """The parameters of its address, the table from its beginning: each figure has them."""
        return self.address(**ANEW).removeprefix("?")

    @cached_property
    def anew_unsplit(self) -> str:
        return self.address(**ANEW, split="").removeprefix("?")

    def address(self, **changes: Any) -> str:
        """The query string of this state with some of it changed, without what is usual."""
        state = replace(self, **changes) if changes else self
        said: dict[str, Any] = said_of_period(state.preset, state.period)
        if state.comparison != USUAL:
            said["compare"] = state.comparison
        if state.page > 1:
            said["page"] = state.page
        for name in ("currency", "metric", "grain", "split", "view", "sort", "find"):
            if getattr(state, name):
                said[name] = getattr(state, name)
        said |= dict(state.path)
        several_each = {"open": state.opened, "columns": state.columns}
        said |= {name: values for name, values in several_each.items() if values}
        said |= {f"{ONLY}{name}": values for name, values in state.filters}
        return "?" + urlencode(said, doseq=True)


def read_state(
    asked: Mapping[str, str], *, today: date, home_currency: str, calendar: Calendar = PLAIN
) -> ReportState:
    preset, period, problem = read_period(asked, today, calendar)
    comparison, wrong = read_comparison(asked)
    return ReportState(
        today=today,
        preset=preset,
        period=period,
        problem=problem or wrong,
        calendar=calendar,
        comparison=comparison,
        currency=_currency(asked.get("currency", ""), home_currency),
        home_currency=home_currency,
        metric=asked.get("metric", ""),
        grain=_one_of(asked.get("grain", ""), GRAINS),
        path=tuple((level, asked[level]) for level in PATH if asked.get(level)),
        filters=_filters(asked),
        split=_one_of(asked.get("split", ""), SPLITS),
        columns=several(asked, "columns"),
        view=_one_of(asked.get("view", ""), VIEWS),
        sort=asked.get("sort", ""),
        find=asked.get("find", "").strip()[:LONGEST_FIND],
        opened=several(asked, "open")[:MOST_OPEN],
        page=max(1, int(page)) if (page := asked.get("page", "1")).isdecimal() else 1,
    )


def several(asked: Mapping[str, str], name: str) -> tuple[str, ...]:
    """An address may give a name several times, a plain mapping only once."""
    every = getattr(asked, "getlist", lambda one: [asked[one]] if one in asked else [])
    return tuple(dict.fromkeys(filter(None, every(name))))


def _filters(asked: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = {name: several(asked, ONLY + name) for name in FILTERS}
    return tuple((name, values) for name, values in found.items() if values)


def _one_of(value: str, allowed: Mapping[str, Any] | tuple[str, ...]) -> str:
    return value if value in allowed else ""


def _currency(code: str, home: str) -> str:
    code = code.upper()
    return code if is_currency(code) and code != home else ""
