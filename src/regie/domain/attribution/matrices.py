"""Tables that explain a Markov chain: from where to where, how often, and with what odds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from regie.domain.attribution.paths import Paths
from regie.domain.attribution.transitions import Chain, counter

START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"


def transition_matrix(
    parts: Iterable[Paths], units: Sequence[str], *, order: int = 1, separator: str = " > "
) -> pa.Table:
    """from, to, count and probability of every move that was seen; of each state they add to 1.

    A state of several channels is written in the order they were met.
    """
    counting = counter(len(units), order)
    for paths in parts:
        counting.add(paths)
    chain = counting.chain()
    names = [_named(state, units, separator) for state in chain.members.tolist()]
    rows = [*_opening(chain, names), *_moves(chain, names), *_closing(chain, names)]
    left: dict[str, float] = {}
    for source, _target, count in rows:
        left[source] = left.get(source, 0.0) + count
    return pa.table({
        "from": pa.array([source for source, *_rest in rows], pa.string()),
        "to": pa.array([target for _source, target, _count in rows], pa.string()),
        "count": pa.array([count for *_rest, count in rows], pa.float64()),
        "probability": pa.array([count / left[start] for start, _to, count in rows], pa.float64()),
    })  # fmt: skip


Row = tuple[str, str, float]


def _named(state: Sequence[int], units: Sequence[str], separator: str) -> str:
    return separator.join(units[code] for code in reversed(state) if code >= 0)


def _opening(chain: Chain, names: Sequence[str]) -> Iterable[Row]:
    return [
        (START, names[at], float(chain.starts[at])) for at in np.flatnonzero(chain.starts).tolist()
    ]


def _moves(chain: Chain, names: Sequence[str]) -> Iterable[Row]:
    moves = zip(chain.source.tolist(), chain.target.tolist(), chain.moves.tolist(), strict=True)
    return [(names[source], names[target], count) for source, target, count in moves]


def _closing(chain: Chain, names: Sequence[str]) -> Iterable[Row]:
    return [
        (names[at], end, float(counts[at]))
        for end, counts in ((CONVERSION, chain.conversions), (NULL, chain.nulls))
        for at in np.flatnonzero(counts).tolist()
    ]
