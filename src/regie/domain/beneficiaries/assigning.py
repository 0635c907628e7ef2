"""Applies the rules of one account to its campaigns: who has what, from when to when.

Nothing is skipped silently: what no rule speaks of, and what several speak of, is in the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from regie.domain.beneficiaries.matching import Book
from regie.domain.beneficiaries.rules import AD_GROUP, CAMPAIGN, Entity, Rule

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Assignment:
    """From ``starts`` to ``ends``, both included, ``rule`` says whom ``entity`` works for."""

    entity: Entity
    rule: Rule
    starts: date | None
    ends: date | None

    def holds(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day <= self.ends
        )


@dataclass(frozen=True)
class Double:
    """``rules`` speak of ``entity`` on the same days for different ones; the first counts."""

    entity: Entity
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Outcome:
    """``assignments`` overlap for no campaign; ``unmatched`` work for nobody today.

    ``order`` are the rules in their order of precedence, ``matched`` what each speaks of.
    """

    assignments: tuple[Assignment, ...]
    unmatched: tuple[Entity, ...]
    doubles: tuple[Double, ...]
    order: tuple[Rule, ...]
    matched: Mapping[int, Sequence[Entity]]

    @property
    def idle(self) -> tuple[Rule, ...]:
        """The rules that speak of no campaign at all."""
        return tuple(rule for rule in self.order if rule.id not in self.matched)


def assign(rules: Iterable[Rule], entities: Iterable[Entity], today: date) -> Outcome:
    """A campaign of which a rule takes out an ad group is given ad group by ad group.

    What each of its ad groups has no rule of its own for, it has from its campaign.
    """
    ordered = sorted(rules, key=lambda rule: rule.place)
    every, book = list(entities), Book(ordered)
    found = {entity: book.rules_of(entity) for entity in every}
    of_campaign = {one.id: found[one] for one in every if one.level == CAMPAIGN}
    divided = {one.campaign for one in every if one.level == AD_GROUP and found[one]}
    given: list[Assignment] = []
    unmatched: list[Entity] = []
    doubles: list[Double] = []
    for entity in every:
        campaign = entity.id if entity.level == CAMPAIGN else entity.campaign
        if (entity.level == AD_GROUP) != (campaign in divided):
            continue
        above = of_campaign.get(entity.campaign, []) if entity.level == AD_GROUP else []
        own = [Assignment(entity, *span) for span in spans([*found[entity], *above])]
        given += own
        if not any(one.holds(today) for one in own):
            unmatched.append(entity)
        if at_odds := _at_odds(found[entity]):
            doubles.append(Double(entity, at_odds))
    matched = _by_rule(found)
    return Outcome(tuple(given), tuple(unmatched), tuple(doubles), tuple(ordered), matched)


def _by_rule(found: Mapping[Entity, Sequence[Rule]]) -> dict[int, list[Entity]]:
    matched: dict[int, list[Entity]] = {}
    for entity, rules in found.items():
        for rule in rules:
            matched.setdefault(rule.id, []).append(entity)
    return matched


def spans(rules: Sequence[Rule]) -> list[tuple[Rule, date | None, date | None]]:
    """The days of each rule less those of the rules before it, in order of days."""
    bounds = {rule.starts or date.min for rule in rules}
    bounds |= {rule.ends + _DAY for rule in rules if rule.ends and rule.ends < date.max}
    edges = [(start, following - _DAY) for start, following in pairwise(sorted(bounds))]
    edges += [(start, date.max) for start in [max(bounds, default=None)] if start]
    found: list[tuple[Rule, date, date]] = []
    for start, end in edges:
        first = next((rule for rule in rules if _covers(rule, start)), None)
        if first is None:
            continue
        if found and found[-1][0] == first and found[-1][2] + _DAY == start:
            start = found.pop()[1]
        found.append((first, start, end))
    return [
        (rule, None if start == date.min else start, None if end == date.max else end)
        for rule, start, end in found
    ]


def _covers(rule: Rule, day: date) -> bool:
    return (rule.starts or date.min) <= day <= (rule.ends or date.max)


def _at_odds(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that speak for different ones on a day that they share, in their order."""
    found = {
        rule
        for rule in rules
        for other in rules
        if rule.serves != other.serves
        and (rule.starts or date.min) <= (other.ends or date.max)
        and (other.starts or date.min) <= (rule.ends or date.max)
    }
    return tuple(rule for rule in rules if rule in found)
