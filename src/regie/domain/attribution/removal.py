"""What would be lost without a channel: removal effects of a Markov chain, by linear algebra.

With ``N = (I - Q)⁻¹`` (how often each state is visited from each) the share of conversions whose
path visits a set of states S is ``f · h(S)``, where ``f`` is how likely S is entered first at each
of its states. One inverse serves all channels (Kemeny and Snell, Finite Markov Chains, 1960).
Many states are walked step by step instead, until what still wanders is too little to matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from regie.domain.attribution.arrays import Flags, Floats, Longs
from regie.domain.attribution.transitions import Chain

# So many states are inverted at once; more of them where each unit is a state or nearly.
MOST_INVERTED, MOST_INVERTED_OF_MANY = 1500, 12_000
MOST_STATES_A_UNIT = 8
# Larger ones are inverted in their own place: half as fast, and a third of the memory.
MOST_COPIED = 6000
ENOUGH = 1e-13
MOST_STEPS = 20_000
TOGETHER = 64


def removal_effects(chain: Chain, units: int) -> Floats:
    """The share lost without each unit: two rows, of conversions and of value; 0 to 1."""
    begun = chain.starts.sum()
    if begun == 0:
        return np.zeros((2, units))
    left = np.maximum(chain.left, np.finfo(float).tiny)
    opening = chain.starts / begun
    earned = np.column_stack((chain.conversions, chain.value)) / left[:, None]
    odds = chain.moves / left[chain.source]
    many = len(opening) <= min(MOST_INVERTED_OF_MANY, MOST_STATES_A_UNIT * units)
    if len(opening) <= MOST_INVERTED or many:
        return _by_inverse(chain, odds, opening, earned, units)
    return _step_by_step(chain, odds, opening, earned, units)


def _holding(chain: Chain, units: int) -> list[Longs]:
    """The states of which each unit is a part."""
    state = np.repeat(np.arange(len(chain.members)), chain.members.shape[1])
    unit = chain.members.ravel()
    order = np.lexsort((state, unit))
    state, unit = state[order], unit[order]
    bounds = np.searchsorted(unit, np.arange(units + 1))
    return [np.unique(state[bounds[one] : bounds[one + 1]]) for one in range(units)]


def _by_inverse(chain: Chain, odds: Floats, opening: Floats, earned: Floats, units: int) -> Floats:
    size = len(opening)
    stays = np.eye(size)
    stays[chain.source, chain.target] -= odds
    visits = _inverted(stays)
    reached, worth = opening @ visits, visits @ earned
    lost = np.zeros((2, units))
    for unit, states in enumerate(_holding(chain, units)):
        if len(states) == 1:
            entered = reached[states] / visits[states[0], states[0]]
        else:
            entered = np.linalg.solve(visits[np.ix_(states, states)].T, reached[states])
        lost[:, unit] = entered @ worth[states]
    return _shares(lost, opening @ worth)


def _inverted(stays: Floats) -> Floats:
    """The inverse; of a large matrix in its own place, which is then used up."""
    if len(stays) <= MOST_COPIED:
        return np.asarray(np.linalg.inv(stays), np.float64)
    from scipy.linalg.lapack import dgetrf, dgetri, dgetri_lwork

    # What NumPy lays out by rows is by columns once transposed, which is how LAPACK works.
    factors, pivots, _info = dgetrf(stays.T, overwrite_a=1)
    work, _info = dgetri_lwork(len(stays))
    inverse, info = dgetri(factors, pivots, lwork=int(work.real), overwrite_lu=1)
    if info:
        raise np.linalg.LinAlgError("the chain has states that are never left for good")
    found: Floats = inverse.T
    return found


def _step_by_step(
    chain: Chain, odds: Floats, opening: Floats, earned: Floats, units: int
) -> Floats:
    from scipy.sparse import csr_array

    size = len(opening)
    moves = csr_array((odds, (chain.source, chain.target)), shape=(size, size))
    holding = _holding(chain, units)
    whole = _worth(moves, opening, earned, np.ones((size, 1), np.bool_))[:, 0]
    earning = _earning(moves, earned)
    # Without a unit that no path to a conversion goes through nothing is lost.
    concerned = [unit for unit in range(units) if earning[holding[unit]].any()]
    lost = np.zeros((2, units))
    for first in range(0, len(concerned), TOGETHER):
        some = concerned[first : first + TOGETHER]
        allowed = np.ones((size, len(some)), np.bool_)
        for column, unit in enumerate(some):
            allowed[holding[unit], column] = False
        lost[:, some] = whole[:, None] - _worth(moves, opening, earned, allowed)
    return _shares(lost, whole)


def _earning(moves: Any, earned: Floats) -> Flags:
    """The states from which a conversion can still be reached."""
    found: Flags = np.asarray(earned.any(axis=1))
    while True:
        more: Flags = found | ((moves @ found.astype(np.float64)) > 0)
        if (more == found).all():
            return more
        found = more


def _worth(moves: Any, opening: Floats, earned: Floats, allowed: Flags) -> Floats:
    """What a path earns from its start through allowed states only; two rows, a column each.

    The share of paths that still wander is the most that is left to earn: the walk ends when that
    is nothing beside what was found.
    """
    onward = moves.T.tocsr()
    wandering = opening[:, None] * allowed
    visits = wandering.copy()
    most = np.abs(earned).max(axis=0)
    for _step in range(MOST_STEPS):
        wandering = (onward @ wandering) * allowed
        visits += wandering
        found = earned.T @ visits
        left = wandering.sum(axis=0).max(initial=0.0) * most
        if (left <= ENOUGH * np.abs(found).max(axis=1, initial=0.0)).all():
            return np.asarray(found)
    return _solved(moves, opening, earned, allowed)


def _solved(moves: Any, opening: Floats, earned: Floats, allowed: Flags) -> Floats:
    """The same for paths that hardly ever end: one factorisation for each column."""
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import splu

    found = np.zeros((2, allowed.shape[1]))
    stays = (eye_array(len(opening)) - moves).tocsr()
    for column in range(allowed.shape[1]):
        keep = np.flatnonzero(allowed[:, column])
        visits = splu(stays[keep][:, keep].T.tocsc()).solve(opening[keep])
        found[:, column] = visits @ earned[keep]
    return found


def _shares(lost: Floats, whole: Floats) -> Floats:
    shares = np.zeros_like(lost)
    for row in range(2):
        if whole[row]:
            shares[row] = lost[row] / whole[row]
    return shares
