"""What spends: a platform, or a campaign of one of its accounts; what each cost and brought.

Two accounts may give a campaign the same id: each is a spender of its own, and what names that id
without saying whose it is counts for neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from regie.domain.metrics.planning import OWNER
from regie.domain.metrics.query import Answer, Query
from regie.kernel.fiscal import Calendar
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period

BYS = ("platform", "campaign")
OURS = ("orders", "leads_received", "mqls")
CLAIMED = ("conversions", "leads")
Ask = Callable[[Query], Answer]
Counts = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Spender:
    """``account`` is that of a campaign, ``name`` what people call it; one that ``is_rest`` is
    what a platform cost for no campaign that it names."""

    key: str
    platform: str
    campaign: str = ""
    account: int | None = None
    name: str = ""
    is_rest: bool = False


class Asking:
    """The questions of one allocation; each is put once."""

    levels: tuple[str, ...] = ("platform",)

    def __init__(self, ask: Ask, period: Period, currency: str, calendar: Calendar) -> None:
        self._ask, self._period, self._currency, self._calendar = ask, period, currency, calendar
        self.answer = self._put(("spend",), self.levels)
        rows = sorted(self.answer.rows, key=lambda row: row["spend"] or 0, reverse=True)
        self.spenders: dict[str, Spender] = {}
        self.spent: dict[str, Decimal] = {}
        for row in rows:
            if (row["spend"] or 0) > 0:
                one = self.spender(row)
                self.spenders[one.key], self.spent[one.key] = one, Decimal(row["spend"])
        self.whole_weeks = [
            start for start in calendar.steps(period, "week")
            if start >= period.start and calendar.step(start, "week").end <= period.end
        ]  # fmt: skip
        self._by_week: dict[str, Mapping[tuple[str, date], Decimal]] = {}
        self._by_campaign: dict[str, Answer] = {}

    def key(self, row: Mapping[str, Any]) -> str:
        """Of a row by ``levels``."""
        return str(row["platform"])

    def spender(self, row: Mapping[str, Any]) -> Spender:
        return Spender(self.key(row), str(row["platform"]))

    def named(self, row: Mapping[str, Any]) -> str:
        """The key of whom a row by campaign counts for; empty where it is nobody."""
        return self._platforms.get(str(row["campaign"]), "")

    @property
    def twins(self) -> frozenset[str]:
        """Ids of campaigns that several accounts have; none where budgets are of platforms."""
        return frozenset()

    def accounts(self) -> dict[int, str]:
        rows = self._put(("spend",), ("account",)).rows
        return {int(row["account"]): str(row["account_label"] or "") for row in rows}

    def counts(self, name: str) -> Counts:
        """Of each spender; under an empty key what names none. Where nothing names a spender,
        nothing is known of it."""
        if name in CLAIMED:
            rows = self._put((name,), self.levels).rows
            return {self.key(row): row[name] for row in rows}
        found: dict[str, Decimal | None] = dict.fromkeys(self.spent)
        for row in self._of_campaigns(name).rows:
            if row[name] is None:
                continue  # leads of which nobody says how far they have come
            key = self.named(row)
            found[key] = (found.get(key) or Decimal(0)) + row[name]
        return found

    def notes_of(self, name: str) -> Sequence[Sentence]:
        return self._of_campaigns(name).notes

    def weeks_of(self, key: str, name: str) -> list[tuple[Decimal, Decimal]]:
        spend, count = self._weekly("spend"), self._weekly(name)
        return [
            (spend.get((key, week), Decimal(0)), count.get((key, week), Decimal(0)))
            for week in self.whole_weeks
        ]

    def _weekly(self, name: str) -> Mapping[tuple[str, date], Decimal]:
        if name not in self._by_week:
            is_ours = name in OURS
            key_of = self.named if is_ours else self.key
            rows = self._put((name,), (*(("campaign",) if is_ours else self.levels), "week")).rows
            self._by_week[name] = _added((key_of(row), row["week"], row[name]) for row in rows)
        return self._by_week[name]

    @cached_property
    def _platforms(self) -> dict[str, str]:
        """The platform of each campaign; none of an id that two platforms gave."""
        several: dict[str, set[str]] = defaultdict(set)
        for row in self._put(("spend",), ("platform", "campaign")).rows:
            if row["campaign"]:
                several[str(row["campaign"])].add(str(row["platform"]))
        return {name: min(ones) for name, ones in several.items() if len(ones) == 1}

    def _of_campaigns(self, name: str) -> Answer:
        if name not in self._by_campaign:
            self._by_campaign[name] = self._put((name,), ("campaign",))
        return self._by_campaign[name]

    def _put(self, metrics: tuple[str, ...], by: tuple[str, ...]) -> Answer:
        return self._ask(
            Query(metrics, by, self._period, currency=self._currency, calendar=self._calendar,
                  spares=True)
        )  # fmt: skip


class OfCampaigns(Asking):
    levels = ("platform", "campaign")

    def __init__(self, ask: Ask, period: Period, currency: str, calendar: Calendar) -> None:
        super().__init__(ask, period, currency, calendar)
        # Those that spent nothing too: what names one of them counts for no other.
        self._keys: dict[str, dict[int, str]] = defaultdict(dict)
        for row in self.answer.rows:
            if row.get(OWNER) is not None:
                self._keys[str(row["campaign"])][int(row[OWNER])] = self.key(row)

    def key(self, row: Mapping[str, Any]) -> str:
        owner = row.get(OWNER)
        return f"{row['platform']}~{'' if owner is None else owner}~{row['campaign'] or ''}"

    def spender(self, row: Mapping[str, Any]) -> Spender:
        campaign = str(row["campaign"] or "")
        owner = None if row.get(OWNER) is None else int(row[OWNER])
        name = str(row.get("campaign_label") or campaign)
        slug = str(row["platform"])
        return Spender(self.key(row), slug, campaign, owner, name, is_rest=not campaign)

    def named(self, row: Mapping[str, Any]) -> str:
        """Without an account that says whose it is, it counts where one alone has that id."""
        those = self._keys.get(str(row["campaign"] or ""), {})
        if row.get(OWNER) is not None:
            return those.get(int(row[OWNER]), "")
        return next(iter(those.values())) if len(those) == 1 else ""

    @property
    def twins(self) -> frozenset[str]:
        owners: dict[str, set[int]] = defaultdict(set)
        for name, keys in self._keys.items():
            owners[name] |= keys.keys()
        for answer in self._by_campaign.values():
            for row in answer.rows:
                if row["campaign"] and row.get(OWNER) is not None:
                    owners[str(row["campaign"])].add(int(row[OWNER]))
        return frozenset(name for name, ones in owners.items() if len(ones) > 1)


def asking(by: str, ask: Ask, period: Period, currency: str, calendar: Calendar) -> Asking:
    kind = OfCampaigns if by == "campaign" else Asking
    return kind(ask, period, currency, calendar)


def _added(rows: Iterable[tuple[str, Any, Any]]) -> dict[tuple[str, date], Decimal]:
    found: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for key, week, value in rows:
        found[key, week] += value or 0
    return found
