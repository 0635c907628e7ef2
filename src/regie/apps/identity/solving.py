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
from numpy.typing import NDArray

from regie.apps.access.context import operating
from regie.apps.identity.models import Correction, LeftOut, Membership, Probable, Solution, Word
from regie.apps.tracking import selectors as tracking
from regie.domain.identity.evidence import DEFINITE, Evidence, Identifiers, Keys
from regie.domain.identity.graph import NEVER, UNLIKELY, People, solve
from regie.kernel import clock
from regie.warehouse.numbers import Numbers, run

WITHDRAWN: Final = "consent_withdrawn"
CUT: Final = "cut"
LOCK = 7_005
FEW: Final = 50_000  # beyond, everything is looked at rather than what hangs together
_WRITE = """
    INSERT INTO identity_membership (identifier_id, organisation_id, around, person, probable)
    SELECT t.id, %s, t.around, t.person, t.probable
    FROM unnest(%s, %s, %s, %s) AS t(id, around, person, probable)
    ON CONFLICT (identifier_id) DO UPDATE SET
        around = excluded.around, person = excluded.person, probable = excluded.probable
    WHERE (identity_membership.around, identity_membership.person, identity_membership.probable)
        IS DISTINCT FROM (excluded.around, excluded.person, excluded.probable)
"""


@dataclass(frozen=True)
class Solved:
    """How many organisations had news, and how many identifiers were looked at again."""

    organisations: int
    identifiers: int


def solve_people(*, everything: bool = False) -> Solved:
    """Take in what was learnt since the last time; ``everything`` looks at all again."""
    looked_at = changed = 0
    with operating():
        organisations = tracking.organisations_known()
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
    state, _created = Solution.objects.get_or_create(organisation_id=organisation_id)
    evidence, consent = tracking.latest_marks(organisation_id)
    if everything:
        news = np.union1d(tracking.linked(organisation_id), _members(organisation_id))
        news = np.union1d(news, _compared(organisation_id))
    else:
        news = tracking.touched_since(organisation_id, state.evidence_until, state.consent_until)
    news = np.union1d(news, np.asarray(touched, np.int64))
    keys = _around(organisation_id, news)
    if len(keys):
        _solve(organisation_id, state, keys)
        # Whoever remembers answers about people looks at this moment: it moves with news only.
        state.solved_at = clock.now()
    state.evidence_until, state.consent_until = evidence, consent
    state.save(update_fields=["evidence_until", "consent_until", "solved_at"])
    return len(keys)


def _members(organisation_id: int) -> Keys:
    found = Membership.objects.filter(organisation_id=organisation_id)
    return np.fromiter(found.values_list("pk", flat=True).iterator(50_000), np.int64)


def _compared(organisation_id: int) -> Keys:
    found = Probable.objects.filter(organisation_id=organisation_id)
    ends = [key for pair in found.values_list("one_id", "other_id") for key in pair]
    return np.array(ends, np.int64)


def _around(organisation_id: int, news: Keys) -> Keys:
    """``news`` and all that hangs together with them, through links that guards refuse too."""
    if len(news) > FEW:  # nearly everybody: whoever else there is does no harm
        return np.union1d(news, _members(organisation_id))
    members = Membership.objects.filter(organisation_id=organisation_id)
    groups = members.filter(pk__in=news.tolist()).values_list("around", flat=True).distinct()
    beside = members.filter(around__in=list(groups)).values_list("pk", flat=True)
    return np.union1d(news, np.fromiter(beside.iterator(50_000), np.int64))


def _solve(organisation_id: int, state: Solution, keys: Keys) -> None:
    identifiers = tracking.identifiers(organisation_id, keys)
    links = tracking.links_among(organisation_id, identifiers.keys)
    likely = _likely(organisation_id, identifiers.keys)
    left = np.concatenate([links.left, likely[0]])
    right = np.concatenate([links.right, likely[1]])
    chance = np.concatenate([np.full(len(links.left), DEFINITE), likely[2]])
    everyone = Evidence(left, right, chance)
    around = solve(identifiers, everyone, threshold=1e-9, guards=())
    reasons = _set_aside(organisation_id, identifiers.keys, everyone)
    used = np.array([link not in reasons for link in range(len(left))], np.bool_)
    counting = Evidence(left[used], right[used], chance[used])
    never = _never(organisation_id, identifiers)
    sure = solve(identifiers, counting, never=never)
    probable = sure
    if state.with_probable:
        probable = solve(identifiers, counting, never=never, threshold=state.threshold)
    places = np.flatnonzero(used)
    for link, reason in probable.refused.items():
        reasons[int(places[link])] = reason
    _write(organisation_id, identifiers, around, sure, probable)
    _note(organisation_id, identifiers.keys, everyone, reasons)


def _likely(organisation_id: int, keys: Keys) -> tuple[Keys, Keys, NDArray[np.float64]]:
    found = Probable.objects.filter(organisation_id=organisation_id)
    if len(keys) <= FEW:
        found = found.filter(one_id__in=keys.tolist(), other_id__in=keys.tolist())
    found = found.order_by("one_id", "other_id")
    rows = list(found.values_list("one_id", "other_id", "probability"))
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    one, other, chance = (np.array(one) for one in columns)
    kept = np.isin(one, keys) & np.isin(other, keys)
    return one[kept].astype(np.int64), other[kept].astype(np.int64), chance[kept].astype(np.float64)


def _set_aside(organisation_id: int, keys: Keys, evidence: Evidence) -> dict[int, str]:
    """Links that a person cut, and those of devices that withdrew, by their place."""
    reasons: dict[int, str] = {}
    withdrawn = tracking.withdrawn_among(organisation_id, keys)
    gone = np.isin(evidence.left, withdrawn) | np.isin(evidence.right, withdrawn)
    reasons.update(dict.fromkeys(np.flatnonzero(gone).tolist(), WITHDRAWN))
    cut = set(_said(organisation_id, Word.CUT))
    if cut:
        pairs = zip(evidence.left.tolist(), evidence.right.tolist(), strict=True)
        for place, (one, other) in enumerate(pairs):
            if (min(one, other), max(one, other)) in cut:
                reasons[place] = CUT
    return reasons


def _never(organisation_id: int, identifiers: Identifiers) -> Keys | None:
    there = set(identifiers.keys.tolist())
    pairs = [pair for pair in _said(organisation_id, Word.NEVER) if there.issuperset(pair)]
    return np.array(pairs, np.int64) if pairs else None


def _said(organisation_id: int, word: Word) -> list[tuple[int, int]]:
    found = Correction.objects.filter(
        organisation_id=organisation_id, word=word, taken_back_at__isnull=True
    )
    return list(found.values_list("one_id", "other_id"))


def _write(
    organisation_id: int, identifiers: Identifiers, around: People, sure: People, probable: People
) -> None:
    columns = [identifiers.keys, around.person, sure.person, probable.person]
    run(connection.connection, _WRITE, [organisation_id, *map(Numbers, columns)])


def _note(organisation_id: int, keys: Keys, evidence: Evidence, reasons: dict[int, str]) -> None:
    """Which links were left out, and why; one that is merely not likely enough is no news."""
    run(
        connection.connection,
        "DELETE FROM identity_leftout WHERE organisation_id = %s "
        "AND one_id IN (SELECT unnest(%s))", [organisation_id, Numbers(keys)],
    )  # fmt: skip
    told = {
        tuple(sorted((int(evidence.left[link]), int(evidence.right[link])))): reason
        for link, reason in reasons.items()
        if reason != UNLIKELY
    }
    LeftOut.objects.bulk_create(
        [
            LeftOut(organisation_id=organisation_id, one_id=one, other_id=other, reason=reason)
            for (one, other), reason in sorted(told.items())
        ],
        batch_size=5_000,
        ignore_conflicts=True,
    )


__all__ = ["CUT", "NEVER", "WITHDRAWN", "Solved", "solve_organisation", "solve_people"]
