"""Keeps what was worked out: whose each identifier is, and which links were left out and why.

What stands is read and compared: only what differs is written, so that looking at everything again
costs its reading alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from regie.domain.identity.evidence import Keys
from regie.domain.identity.graph import REASONS as REFUSALS
from regie.warehouse.numbers import Numbers, columns, run

WITHDRAWN: Final = "consent_withdrawn"
CUT: Final = "cut"
REASONS: Final = (*REFUSALS, WITHDRAWN, CUT)
_MEMBERS = """
    INSERT INTO identity_membership (identifier_id, organisation_id, around, person, probable)
    SELECT t.id, %s, t.around, t.person, t.probable
    FROM unnest(%s, %s, %s, %s) AS t(id, around, person, probable)
    ON CONFLICT (identifier_id) DO UPDATE SET
        around = excluded.around, person = excluded.person, probable = excluded.probable
"""
_OUT = """
    INSERT INTO identity_leftout (organisation_id, one_id, other_id, reason)
    SELECT %s, t.one, t.other, (%s::text[])[t.reason + 1]
    FROM unnest(%s, %s, %s) AS t(one, other, reason)
"""
_IN_AGAIN = """
    DELETE FROM identity_leftout l USING unnest(%s, %s) AS t(one, other)
    WHERE l.organisation_id = %s AND l.one_id = t.one AND l.other_id = t.other
"""


def members(organisation_id: int) -> Keys:
    """Every identifier that belongs to somebody."""
    return np.sort(_read("identity_membership", ["identifier_id"], organisation_id)[0])


def with_groups(organisation_id: int, keys: Keys) -> Keys:
    """``keys`` and those that stood in one group with any when people were last worked out."""
    (found,) = columns(
        connection.connection, ["identifier_id"],
        "FROM identity_membership WHERE organisation_id = %s AND around IN (SELECT around "
        "FROM identity_membership WHERE identifier_id IN (SELECT unnest(%s)))",
        [organisation_id, Numbers(keys)],
    )  # fmt: skip
    return np.union1d(keys, found)


def keep_members(
    organisation_id: int, keys: Keys, groups: Sequence[Keys], *, everybody: bool
) -> None:
    """``groups`` are, in the order of ``keys``: around, person, probable."""
    names = ["identifier_id", "around", "person", "probable"]
    stood = _read("identity_membership", names, organisation_id, None if everybody else keys)
    order = np.argsort(stood[0])
    was = [one[order] for one in stood]
    place = np.minimum(np.searchsorted(was[0], keys), max(len(was[0]) - 1, 0))
    same = np.zeros(len(keys), np.bool_)
    if len(was[0]):
        same = was[0][place] == keys
        for before, now in zip(was[1:], groups, strict=True):
            same &= before[place] == now
    if not same.all():
        written = [Numbers(one[~same]) for one in (keys, *groups)]
        run(connection.connection, _MEMBERS, [organisation_id, *written])


def keep_left_out(
    organisation_id: int, keys: Keys, pairs: tuple[Keys, Keys], why: NDArray[np.int8],
    *, everybody: bool,
) -> None:  # fmt: skip
    """``pairs`` of ``keys``, the smaller first, and the place of each one's reason."""
    code = "CASE reason " + "".join(
        f"WHEN '{reason}' THEN {place} " for place, reason in enumerate(REASONS) if reason
    )
    names = ["one_id", "other_id", f"{code} ELSE 0 END"]
    stood = _read("identity_leftout", names, organisation_id, None if everybody else keys)
    if not everybody:  # what leads to others stands: nothing changed about it
        inside = np.isin(stood[1], keys)
        stood = [one[inside] for one in stood]
    now = [*pairs, why.astype(np.int64)]
    new, old = _differing(now, stood)
    if len(old[0]):
        values = [Numbers(old[0]), Numbers(old[1]), organisation_id]
        run(connection.connection, _IN_AGAIN, values)
    if len(new[0]):
        run(connection.connection, _OUT, [organisation_id, list(REASONS), *map(Numbers, new)])


def _differing(
    now: Sequence[Keys], stood: Sequence[Keys]
) -> tuple[tuple[Keys, ...], tuple[Keys, ...]]:
    """What stands in ``now`` alone, and in ``stood`` alone: pairs with their reasons, each once."""
    ends = np.unique(np.concatenate([*now[:2], *stood[:2]]))

    def packed(rows: Sequence[Keys]) -> Keys:
        one, other = (np.searchsorted(ends, side) for side in rows[:2])
        return np.unique((one * len(ends) + other) * len(REASONS) + rows[2])

    def unpacked(numbers: Keys) -> tuple[Keys, ...]:
        pairs, reason = np.divmod(numbers, len(REASONS))
        one, other = np.divmod(pairs, max(len(ends), 1))
        return ends[one], ends[other], reason

    here, there = packed(now), packed(stood)
    return (
        unpacked(np.setdiff1d(here, there, assume_unique=True)),
        unpacked(np.setdiff1d(there, here, assume_unique=True)),
    )


def _read(
    table: str, names: Sequence[str], organisation_id: int, keys: Keys | None = None
) -> list[Keys]:
    among = "" if keys is None else f" AND {names[0]} IN (SELECT unnest(%s))"
    given = [] if keys is None else [Numbers(keys)]
    return columns(
        connection.connection, names, f"FROM {table} WHERE organisation_id = %s{among}",
        [organisation_id, *given],
    )  # fmt: skip
