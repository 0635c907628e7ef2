"""Tables as they are published for attribution: thousands of paths as text, with values and nulls.

The chain is solved again here the slow way, by one dense system for each channel.
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

import numpy as np
import pytest

import regie

GREEK = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mi",
]  # fmt: skip
Table = dict[str, list[Any]]
State = tuple[str, ...]
START: State = ("(start)",)


def published(paths: int, channels: list[str], seed: int) -> Table:
    """Paths of up to fifteen steps, most of them short; some of which nobody converted."""
    chance = np.random.default_rng(seed)
    weights = chance.random(len(channels)) ** 2 + 0.02
    rows: dict[str, tuple[int, float, int]] = {}
    for _path in range(paths):
        steps = chance.choice(
            channels, min(15, 1 + chance.geometric(0.3)), p=weights / weights.sum()
        )
        converted = int(chance.poisson(0.4))
        worth = round(converted * chance.gamma(2, 2), 3)
        rows[" > ".join(steps)] = (converted, worth, int(chance.poisson(2)))
    counts = [list(column) for column in zip(*rows.values(), strict=True)]
    names = ("total_conversions", "total_conversion_value", "total_null")
    return {"path": list(rows), **dict(zip(names, counts, strict=True))}


def states_of(path: str, order: int) -> list[State]:
    """The last ``order`` channels at each step; a state that repeats itself is one."""
    steps = path.split(" > ")
    found: list[State] = []
    for end in range(min(order, len(steps)), len(steps) + 1):
        state = tuple(steps[max(0, end - order) : end])
        if not found or found[-1] != state:
            found.append(state)
    return found


def by_dense_systems(table: Table, order: int) -> dict[tuple[str, str], float]:
    """Conversions and value of each channel, from a chain laid out whole."""
    walks = [[START, *states_of(path, order)] for path in table["path"]]
    place = {state: number for number, state in enumerate(dict.fromkeys(chain(*walks)))}
    columns = [table[name] for name in list(table)[1:]]
    moves, ends = np.zeros((len(place), len(place))), np.zeros((len(place), 3))
    for walk, *counted in zip(walks, *columns, strict=True):
        for source, target in pairwise(walk):
            moves[place[source], place[target]] += counted[0] + counted[2]
        ends[place[walk[-1]]] += counted
    leaving = np.maximum(moves.sum(1) + ends[:, 0] + ends[:, 2], 1)[:, None]

    def earned(without: str) -> Any:
        kept = [n for state, n in place.items() if state == START or without not in state]
        left = np.eye(len(kept)) - (moves / leaving)[np.ix_(kept, kept)]
        return np.linalg.solve(left, (ends / leaving)[kept])[0, :2]

    channels = sorted({channel for state in place if state != START for channel in state})
    lost = np.array([1 - earned(channel) / earned("nobody") for channel in channels])
    shares = lost / lost.sum(0) * [sum(columns[0]), sum(columns[1])]
    figures = ("conversions", "conversion_value")
    return {
        (channel, figure): shares[row, column]
        for row, channel in enumerate(channels)
        for column, figure in enumerate(figures)
    }


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("channels", [GREEK, [f"channel {n}" for n in range(25)]], ids=["12", "25"])
def test_markov_is_the_exact_solution(channels: list[str], order: int) -> None:
    table = published(1200 // order**2, channels, seed=order)

    found = regie.attribute_paths(table, models=["markov"], order=order).to_pylist()

    expected = by_dense_systems(table, order)
    credits = {
        (row["channel"], figure): row[figure]
        for row in found
        for figure in ("conversions", "conversion_value")
    }
    assert credits == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_rules_share_each_path_as_by_hand() -> None:
    table = published(1500, GREEK, seed=7)
    expected: dict[tuple[str, str], float] = {}
    for path, count, *_rest in zip(*table.values(), strict=True):
        steps = path.split(" > ")
        shares = [
            ("first_touch", steps[0], count), ("last_touch", steps[-1], count),
            *(("linear", step, count / len(steps)) for step in steps),
        ]  # fmt: skip
        for model, channel, share in shares:
            expected[model, channel] = expected.get((model, channel), 0.0) + share

    found = regie.attribute_paths(table, models=["first_touch", "last_touch", "linear"])

    credits = {(row["model"], row["channel"]): row["conversions"] for row in found.to_pylist()}
    assert credits == pytest.approx(expected, rel=1e-9)
