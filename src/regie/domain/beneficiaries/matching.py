"""Which rules speak of a campaign: each kind found the quick way, for thousands of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from regie.domain.beneficiaries.rules import ID, PATTERN, Entity, Rule, plain


class Book:
    """Rules by what they look for. Each finds what it speaks of by one look-up, patterns apart."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._exact: dict[tuple[str, str, str], list[Rule]] = defaultdict(list)
        self._patterns: list[tuple[str, Rule]] = []
        for rule in rules:
            if rule.way == PATTERN:
                self._patterns.append((plain(rule.value), rule))
            else:
                value = rule.value.strip() if rule.way == ID else plain(rule.value)
                self._exact[rule.level, rule.way, value].append(rule)

    def rules_of(self, entity: Entity) -> list[Rule]:
        """In their order of precedence."""
        name = plain(entity.name)
        asked = [("id", entity.id), ("name", name)]
        asked += [("label", plain(label)) for label in entity.labels]
        found = {
            rule.id: rule
            for way, value in asked
            for rule in self._exact.get((entity.level, way, value), ())
        }
        found |= {
            rule.id: rule
            for pattern, rule in self._patterns
            if rule.level == entity.level and fits(pattern, name)
        }
        return sorted(found.values(), key=lambda rule: rule.place)


def fits(pattern: str, name: str) -> bool:
    """Whether ``name`` is as ``pattern`` says, where * stands for anything or nothing.

    Piece after piece, each at its first place: no pattern takes longer than its name is long.
    """
    first, *middle = pattern.split("*")
    if not middle:
        return pattern == name
    last = middle.pop()
    if not name.startswith(first) or len(first) + len(last) > len(name):
        return False
    at, end = len(first), len(name) - len(last)
    for piece in middle:
        found = name.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return name.endswith(last) and at <= end
