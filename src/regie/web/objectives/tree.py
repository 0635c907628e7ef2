"""Objectives as a small tree: operational ones beneath the business one that they serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import ObjectiveCard
from regie.domain.markets import figure
from regie.domain.objectives import Level, Standing, Status


@dataclass(frozen=True)
class Branch:
    top: ObjectiveCard
    beneath: Sequence[ObjectiveCard]


@dataclass(frozen=True)
class Tree:
    """``alone`` are the operational objectives that serve none, or one that is gone."""

    tops: Sequence[Branch]
    alone: Sequence[ObjectiveCard]


def branches(cards: Sequence[ObjectiveCard]) -> Tree:
    tops = [one for one in cards if one.objective.level is Level.BUSINESS]
    known = {one.id for one in tops}
    others = [one for one in cards if one.objective.level is Level.OPERATIONAL]
    return Tree(
        [Branch(top, [one for one in others if one.objective.serves == top.id]) for top in tops],
        [one for one in others if one.objective.serves not in known],
    )


def enumerate_branch(branch: Branch) -> Iterator[tuple[int, ObjectiveCard]]:
    """Each objective with its depth."""
    yield 0, branch.top
    for one in branch.beneath:
        yield 1, one


def contradictions(tree: Tree, stands: Mapping[int, Standing]) -> list[str]:
    """A business objective that is behind while everything beneath it is on target."""
    found = []
    for branch in tree.tops:
        below = [stands[one.id].status for one in branch.beneath]
        is_behind = stands[branch.top.id].status is Status.BEHIND
        if is_behind and below and all(one is Status.REACHED for one in below):
            found.append(
                _(
                    "“{objective}” is behind while everything that serves it is on target. What "
                    "is done well there does not bring what is aimed at: look for what lies "
                    "between the two."
                ).format(objective=name_of(branch.top))
            )
    return found


def name_of(card: ObjectiveCard) -> str:
    return card.objective.words or _(figure(card.objective.metric).label)
