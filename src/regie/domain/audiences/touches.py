"""Who did what, how often and in which order: the rule of an audience that follows by itself.

A rule is a sequence of steps of one person, on whatever device: each is reached after the one
before. A step of zero times asks that the thing did not happen since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

# Under so many people a figure could point at one of them.
LEAST: Final = 30
ACTS: Final = ("page_view", "click", "lead", "order", "redemption", "call", "event")
MOST_STEPS, MOST_TIMES, MOST_DAYS = 5, 100, 390


@dataclass(frozen=True)
class Step:
    """``act`` at least ``times`` times; an empty filter fits everything.

    ``asset_key`` is one of our accounts or sites; ``campaign`` and ``content`` are those that led
    to the visit (the content of an ad names its creative); ``page`` begins the page's address.
    """

    act: str
    times: int = 1
    asset_key: int | None = None
    campaign: str = ""
    content: str = ""
    page: str = ""


@dataclass(frozen=True)
class TouchRule:
    """``days`` is how far back events count, from now."""

    steps: tuple[Step, ...]
    days: int = 30

    def __post_init__(self) -> None:
        if not 1 <= len(self.steps) <= MOST_STEPS:
            raise WrongUse(_("A rule has one to five steps."))
        if not 1 <= self.days <= MOST_DAYS:
            raise WrongUse(_("A rule looks back by 1 to 390 days: devices are kept 13 months."))
        if any(one.act not in ACTS or not 0 <= one.times <= MOST_TIMES for one in self.steps):
            raise WrongUse(_("A step is something that people do, 0 to 100 times."))
        if self.steps[0].times == 0:
            raise WrongUse(_("The first step must happen: people who never came are unknown."))

    def as_json(self) -> dict[str, Any]:
        return {"days": self.days, "steps": [asdict(one) for one in self.steps]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> TouchRule:
        return cls(tuple(Step(**one) for one in said["steps"]), said["days"])

    def sql(self, events: str, since: str) -> tuple[str, list[Any]]:
        """One column ``who`` of those who went through all the steps, and the values to bind.

        ``events`` is a relation with ``who, happened_at, kind, asset_key, campaign, content,
        page``; ``since`` an expression of the earliest moment.
        """
        parts: list[str] = []
        values: list[Any] = []
        for number, step in enumerate(self.steps):
            condition, bound = _condition(step)
            values += bound
            parts.append(f"s{number} AS ({_step(number, step, events, condition, since)})")
        return f"WITH {', '.join(parts)} SELECT who FROM s{len(self.steps) - 1}", values


def _step(number: int, step: Step, events: str, condition: str, since: str) -> str:
    before = f"s{number - 1}"
    after = f"JOIN {before} b USING (who)" if number else ""
    later = f"e.happened_at > b.since AND {condition}" if number else condition
    if step.times == 0:
        return (
            f"SELECT who, since FROM {before} WHERE who NOT IN "
            f"(SELECT e.who FROM {events} e {after} WHERE e.happened_at >= {since} AND {later})"
        )
    return (
        f"SELECT who, happened_at AS since FROM (SELECT e.who, e.happened_at, row_number() OVER "
        f"(PARTITION BY e.who ORDER BY e.happened_at) AS n FROM {events} e {after} "
        f"WHERE e.happened_at >= {since} AND {later}) WHERE n = {step.times}"
    )


def _condition(step: Step) -> tuple[str, list[Any]]:
    conditions, values = ["e.kind = ?"], [step.act]
    if step.act == "event":  # one of our own: none of those that have a name of their own
        named = ", ".join(f"'{one}'" for one in (*ACTS, "consent", "identify"))
        conditions, values = [f"e.kind NOT IN ({named}) AND ? <> ''"], [step.act]
    filters: Sequence[tuple[str, Any]] = (
        ("e.asset_key = ?", step.asset_key),
        ("lower(e.campaign) = lower(?)", step.campaign),
        ("lower(e.content) = lower(?)", step.content),
        ("starts_with(e.page, ?)", step.page),
    )
    for condition, value in filters:
        if value:
            conditions.append(condition)
            values.append(value)
    return " AND ".join(conditions), values
