"""Attribution the slow way, as the textbooks say it: what the models are tested against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial

DAY = 86_400_000_000


@dataclass(frozen=True)
class Event:
    customer: int
    at: int  # microseconds
    channel: str | None
    value: float | None


@dataclass(frozen=True)
class Journey:
    channels: tuple[str, ...]
    days_before: tuple[float, ...]
    converted: bool
    value: float = 0.0


def journeys(events: Sequence[Event], lookback_days: float = 30) -> Iterator[Journey]:
    """Customer after customer, event after event; conversions come last in their moment."""
    by_customer: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_customer[event.customer].append(event)
    for theirs in by_customer.values():
        touches: list[Event] = []
        for event in sorted(theirs, key=lambda one: (one.at, one.channel is None)):
            if event.channel is not None:
                touches.append(event)
                continue
            kept = [one for one in touches if event.at - one.at <= lookback_days * DAY]
            if kept:
                ages = tuple((event.at - one.at) / DAY for one in kept)
                yield Journey(tuple(str(o.channel) for o in kept), ages, True, event.value or 0.0)
            touches = []
        if touches:
            yield Journey(tuple(str(one.channel) for one in touches), (), False)


def removal_effects(
    paths: Mapping[tuple[str, ...], tuple[int, int]], order: int
) -> dict[str, Fraction]:
    """Exact, in fractions: conversions that are left when all states of a channel are struck out.

    ``paths`` has the numbers of conversions and of nulls of each path.
    """
    moves: dict[object, dict[object, int]] = defaultdict(lambda: defaultdict(int))
    for path, (conversions, nulls) in paths.items():
        states: list[tuple[str, ...]] = []
        for end in range(min(order, len(path)), len(path) + 1):
            state = path[max(0, end - order) : end]
            if not states or states[-1] != state:
                states.append(state)
        for source, target in zip(["start", *states], states, strict=False):
            moves[source][target] += conversions + nulls
        moves[states[-1]]["conversion"] += conversions
        moves[states[-1]]["null"] += nulls
    whole = _converts(moves, without=None)
    channels = sorted({channel for path in paths for channel in path})
    return {one: 1 - _converts(moves, without=one) / whole for one in channels}


def _converts(moves: Mapping[object, Mapping[object, int]], without: str | None) -> Fraction:
    """How likely a path from the start converts, by Gauss's elimination."""
    states = [one for one in moves if not (isinstance(one, tuple) and without in one)]
    place = {state: row for row, state in enumerate(states)}
    size = len(states)
    rows = []
    for state in states:
        total = sum(moves[state].values())
        row = [Fraction(0)] * (size + 1)
        row[place[state]] = Fraction(1)
        for target, count in moves[state].items():
            if target in place:
                row[place[target]] -= Fraction(count, total)
            elif target == "conversion":
                row[size] += Fraction(count, total)
        rows.append(row)
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [cell / rows[column][column] for cell in rows[column]]
        for other in range(size):
            if other != column and (factor := rows[other][column]):
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[column], strict=True)
                ]
    return rows[place["start"]][size]


def shapley(sets: Mapping[frozenset[str], tuple[float, float]], *, rate: bool) -> dict[str, float]:
    """Over all coalitions. ``sets`` has conversions and all paths of exactly those channels."""
    players = sorted(frozenset().union(*sets))

    def worth(coalition: frozenset[str]) -> float:
        inside = [numbers for one, numbers in sets.items() if one <= coalition]
        converted, seen = sum(one[0] for one in inside), sum(one[1] for one in inside)
        if not rate:
            return converted
        return converted / seen if seen else 0.0

    found = {}
    for player in players:
        others = [one for one in players if one != player]
        found[player] = sum(
            factorial(size) * factorial(len(others) - size) / factorial(len(players))
            * (worth(frozenset(some) | {player}) - worth(frozenset(some)))
            for size in range(len(players))
            for some in combinations(others, size)
        )  # fmt: skip
    return found
