"""Works out who is who: per organisation, from consented evidence, and only what news touched.

The same evidence gives the same people. What a person cut or held apart stands above it, and a
device whose visitor withdrew his consent joins nobody any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray

from regie.apps.access.context import operating
from regie.apps.identity import keeping
from regie.apps.identity.keeping import CUT, REASONS, WITHDRAWN
from regie.apps.identity.models import Correction, Probable, Solution, Word
from regie.apps.tracking import selectors as tracking
from regie.apps.tracking import services as tracked
from regie.domain.identity.evidence import DEFINITE, Evidence, Identifiers, Keys
from regie.domain.identity.graph import NEVER, UNLIKELY, People, solve, together
from regie.kernel import clock

LOCK = 7_005
# With more of them to look at, whole tables are read rather than what hangs together: a fifth of
# five million costs as much by its keys as all of them in order.
MANY: Final = 1_000_000
FEW: Final = 10_000  # keys that are looked up one by one


@dataclass(frozen=True)
class Solved:
    """How many organisations had news, and how many identifiers were looked at again."""

    organisations: int
    identifiers: int


def solve_people(*, everything: bool = False) -> Solved:
    """Take in what was learnt since the last time; ``everything`` looks at all again."""
    looked_at = changed = 0
    with operating():
        known = tracking.organisations_known if everything else tracking.organisations_touched
        organisations = known()
    for organisation_id in organisations:
        with operating():
            count = solve_organisation(organisation_id, everything=everything)
        changed += count > 0
        looked_at += count
    return Solved(changed, looked_at)


def solve_organisation(
    organisation_id: int, *, everything: bool = False, touched: Sequence[int] = ()
) -> int:
    """The same for one, within the caller's transaction; ``touched`` are looked at in any case.

    Returns how many identifiers were looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, organisation_id % 2**31])
    # Taken before anything is read: what comes in from here on is news of the next time.
    news = np.union1d(tracked.take_touched(organisation_id), np.asarray(touched, np.int64))
    if everything or len(news):
        keys = _around(organisation_id, news)
        if everybody := everything or len(keys) > MANY:
            keys = _everybody(organisation_id, keys)
        state, _created = Solution.objects.get_or_create(organisation_id=organisation_id)
        _solve(organisation_id, state, keys, everybody=everybody)
        # Whoever remembers answers about people looks at this moment: it moves with news only.
        Solution.objects.filter(pk=state.pk).update(solved_at=clock.now())
        return len(keys)
    return 0


def compared(organisation_id: int) -> list[int]:
    """Identifiers that a model found a probable link of."""
    one, other, _chance = _likely(organisation_id, None)
    ends: list[int] = np.union1d(one, other).tolist()
    return ends


def _everybody(organisation_id: int, news: Keys) -> Keys:
    seen, likely = tracking.linked(organisation_id), _likely(organisation_id, None)[:2]
    return np.unique(np.concatenate([news, seen, keeping.members(organisation_id), *likely]))


def _around(organisation_id: int, news: Keys) -> Keys:
    """Whose person ``news`` can change: those that they met, and all that is joined to these.

    A guard speaks of an identifier by what it meets: what is two steps away is of its business
    only where a link counts.
    """
    met = _evidence(organisation_id, news)
    return keeping.with_groups(organisation_id, np.union1d(news, np.union1d(met.left, met.right)))


def _solve(organisation_id: int, state: Solution, keys: Keys, *, everybody: bool) -> None:
    evidence = _evidence(organisation_id, None if everybody else keys)
    ends = np.union1d(keys, np.union1d(evidence.left, evidence.right))
    identifiers = tracking.identifiers(organisation_id, None if everybody else ends)
    why = _set_aside(organisation_id, None if everybody else ends, evidence)
    used = why == 0
    counting = Evidence(evidence.left[used], evidence.right[used], evidence.probability[used])
    outside = ~(np.isin(counting.left, keys) & np.isin(counting.right, keys))
    never = _never(organisation_id, identifiers)
    sure = probable = solve(identifiers, counting, never=never, outside=outside)
    if state.with_probable:
        probable = solve(
            identifiers, counting, never=never, threshold=state.threshold, outside=outside
        )
    # Links that the guards let pass, for either: what they join is looked at together next time.
    passed = ~outside & (_passes(sure) | _passes(probable))
    around = together(identifiers, counting.left[passed], counting.right[passed])
    mine = np.isin(identifiers.keys, keys)
    groups = [one[mine] for one in (around, sure.person, probable.person)]
    keeping.keep_members(organisation_id, identifiers.keys[mine], groups, everybody=everybody)
    why[used] = probable.why
    _note(organisation_id, keys, evidence, why, everybody=everybody)


def _passes(people: People) -> NDArray[np.bool_]:
    passes: NDArray[np.bool_] = (people.why == 0) | (people.why == REASONS.index(NEVER))
    return passes


def _note(
    organisation_id: int, keys: Keys, evidence: Evidence, why: NDArray[np.int8], *, everybody: bool
) -> None:
    """Which links were left out; one that is merely not likely enough is no news."""
    low = np.minimum(evidence.left, evidence.right)
    high = np.maximum(evidence.left, evidence.right)
    told = (why != 0) & (why != REASONS.index(UNLIKELY)) & np.isin(low, keys) & np.isin(high, keys)
    keeping.keep_left_out(
        organisation_id, keys, (low[told], high[told]), why[told], everybody=everybody
    )


def _evidence(organisation_id: int, keys: Keys | None) -> Evidence:
    """Links of ``keys`` to whomsoever: what was seen together, then what is probable."""
    links = tracking.links_met(organisation_id, keys)
    left, right, chance = _likely(organisation_id, keys)
    return Evidence(
        np.concatenate([links.left, left]),
        np.concatenate([links.right, right]),
        np.concatenate([np.full(len(links.left), DEFINITE), chance]),
    )


def _likely(
    organisation_id: int, keys: Keys | None
) -> tuple[Keys, Keys, NDArray[np.float64]]:  # fmt: skip
    found = Probable.objects.filter(organisation_id=organisation_id).order_by("one_id", "other_id")
    if keys is not None and len(keys) <= FEW:
        found = found.filter(Q(one_id__in=keys.tolist()) | Q(other_id__in=keys.tolist()))
    rows = list(found.values_list("one_id", "other_id", "probability"))
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    one, other, chance = (np.array(one) for one in columns)
    kept = np.full(len(rows), True)
    if keys is not None:
        kept = np.isin(one, keys) | np.isin(other, keys)
    return one[kept].astype(np.int64), other[kept].astype(np.int64), chance[kept].astype(np.float64)


def _set_aside(organisation_id: int, keys: Keys | None, evidence: Evidence) -> NDArray[np.int8]:
    """For each link 0, or the place of its reason: its device withdrew, or a person cut it."""
    why = np.zeros(len(evidence), np.int8)
    withdrawn = tracking.withdrawn_among(organisation_id, keys)
    gone = np.isin(evidence.left, withdrawn) | np.isin(evidence.right, withdrawn)
    why[gone] = REASONS.index(WITHDRAWN)
    for one, other in _said(organisation_id, Word.CUT):
        both = (evidence.left == one) & (evidence.right == other)
        both |= (evidence.left == other) & (evidence.right == one)
        why[both] = REASONS.index(CUT)
    return why


def _never(organisation_id: int, identifiers: Identifiers) -> Keys | None:
    there = set(identifiers.keys.tolist())
    pairs = [pair for pair in _said(organisation_id, Word.NEVER) if there.issuperset(pair)]
    return np.array(pairs, np.int64) if pairs else None


def _said(organisation_id: int, word: Word) -> list[tuple[int, int]]:
    found = Correction.objects.filter(
        organisation_id=organisation_id, word=word, taken_back_at__isnull=True
    )
    return list(found.values_list("one_id", "other_id"))


__all__ = ["CUT", "NEVER", "WITHDRAWN", "Solved", "solve_organisation", "solve_people"]
