"""People are connected components of the evidence, once the guards have spoken.

Definite yes, definite no and probability meet here: a sure link always counts, a pair that must
never merge always stands apart, and a probable link counts from ``threshold`` on, or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from regie.domain.identity.evidence import DEFINITE, Evidence, Identifiers, Keys
from regie.domain.identity.guards import GUARDS, Guard, guarded

KEPT: Final = ""
UNLIKELY: Final = "below_threshold"
NEVER: Final = "never_merge"
REASONS: Final = (KEPT, UNLIKELY, NEVER, *dict.fromkeys(guard.name for guard in GUARDS))


@dataclass(frozen=True)
class People:
    """``person[i]`` belongs to ``identifiers.keys[i]``: the smallest key among that person's.

    ``why[i]`` is the place in ``REASONS`` of why link ``i`` was not used, and 0 where it was. The
    same evidence gives the same people, in whatever order it comes.
    """

    identifiers: Identifiers
    person: Keys
    why: NDArray[np.int8]

    @property
    def refused(self) -> dict[int, str]:
        """For each link that was not used, the reason."""
        links = np.flatnonzero(self.why).tolist()
        return {link: REASONS[self.why[link]] for link in links}

    def of(self, key: int) -> int:
        """The person of one identifier. Raises ``KeyError``."""
        return int(self.person[self.identifiers.positions(np.asarray([key], np.int64))[0]])


def solve(
    identifiers: Identifiers,
    evidence: Evidence,
    *,
    never: Keys | None = None,
    threshold: float | None = None,
    guards: tuple[Guard, ...] = GUARDS,
    outside: NDArray[np.bool_] | None = None,
) -> People:
    """People from evidence.

    ``never`` is an array of shape (n, 2): pairs that must not be one person. ``threshold`` is the
    least probability that counts; ``None`` reads definite links only. Links that are ``outside``
    are met by the guards, and join nobody: they lead to where nothing is asked. Raises
    ``KeyError`` when a link names an identifier that is not given.
    """
    left = identifiers.positions(evidence.left)
    right = identifiers.positions(evidence.right)
    least = DEFINITE if threshold is None else threshold
    kept = evidence.probability >= least
    why = np.zeros(len(left), np.int8)
    why[~kept] = REASONS.index(UNLIKELY)
    candidates = np.flatnonzero(kept)
    for name, marks in guarded(
        left[candidates], right[candidates], identifiers.kinds, guards
    ).items():
        first = candidates[marks & kept[candidates]]
        why[first] = REASONS.index(name)
        kept[first] = False
    if outside is not None:
        kept &= ~outside
    labels = _components(left[kept], right[kept], len(identifiers))
    if never is not None and len(never):
        apart = np.stack(
            [identifiers.positions(never[:, 0]), identifiers.positions(never[:, 1])], axis=1
        )
        held = _hold_apart(left, right, evidence.probability, kept, labels, apart)
        if held:
            kept[held] = False
            why[held] = REASONS.index(NEVER)
            labels = _components(left[kept], right[kept], len(identifiers))
    return People(identifiers, _smallest_key(labels, identifiers.keys), why)


def together(identifiers: Identifiers, left: Keys, right: Keys) -> Keys:
    """For each identifier the smallest key of those that these links join, whatever guards say."""
    ends = identifiers.positions(left), identifiers.positions(right)
    return _smallest_key(_components(*ends, len(identifiers)), identifiers.keys)


def _components(left: NDArray[np.int64], right: NDArray[np.int64], size: int) -> NDArray[np.int32]:
    if not size:
        return np.empty(0, np.int32)
    narrow = np.int32 if size < 2**31 else np.int64
    links = coo_array(
        (np.ones(len(left), np.int8), (left.astype(narrow), right.astype(narrow))),
        shape=(size, size),
    )
    # One direction is enough for weak components, and half the memory of an undirected graph.
    labels: NDArray[np.int32] = connected_components(links, directed=True, connection="weak")[1]
    return labels


def _smallest_key(labels: NDArray[np.int32], keys: Keys) -> Keys:
    # Keys are sorted: the first identifier of a component holds its smallest key.
    if not len(labels):
        return np.empty(0, np.int64)
    first = np.full(int(labels.max()) + 1, -1, np.int64)
    first[labels[::-1]] = np.arange(len(labels) - 1, -1, -1)
    return keys[first[labels]]


def _hold_apart(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    probability: NDArray[np.float64],
    kept: NDArray[np.bool_],
    labels: NDArray[np.int32],
    apart: NDArray[np.int64],
) -> list[int]:
    """The links to leave out so that no pair of ``apart`` is one person.

    In the components concerned, links join from the surest to the least sure, and one that would
    bring a pair together is left out. Ties go by the identifiers, not by the order of arrival.
    """
    together = labels[apart[:, 0]] == labels[apart[:, 1]]
    if not together.any():
        return []
    concerned = np.zeros(int(labels.max()) + 1, np.bool_)
    concerned[labels[apart[together, 0]]] = True
    links = np.flatnonzero(kept & concerned[labels[left]])
    low, high = np.minimum(left, right)[links], np.maximum(left, right)[links]
    order = links[np.lexsort((high, low, -probability[links]))]
    foes: dict[int, set[int]] = defaultdict(set)
    for one, other in apart[together].tolist():
        foes[one].add(other)
        foes[other].add(one)
    return _join_in_order(left, right, order, foes)


def _join_in_order(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    order: NDArray[np.int64],
    foes: dict[int, set[int]],
) -> list[int]:
    root: dict[int, int] = {}
    members: dict[int, set[int]] = {}

    def find(one: int) -> int:
        while root.setdefault(one, one) != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    left_out = []
    for link in order.tolist():
        one, other = find(int(left[link])), find(int(right[link]))
        if one == other:
            continue
        ours, theirs = members.pop(one, {one}), members.pop(other, {other})
        if any(not foes.get(each, set()).isdisjoint(theirs) for each in ours if each in foes):
            left_out.append(link)
            members[one], members[other] = ours, theirs
            continue
        root[other] = one
        members[one] = ours | theirs
    return left_out
