"""Reads about people: how many there are, whose an identifier is, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Count, Max, Q

from regie.apps.identity.models import Correction, LeftOut, Membership, Probable, Solution, Word
from regie.apps.tracking import selectors as tracking
from regie.apps.tracking.selectors import Consent, Known
from regie.domain.identity.evidence import Keys
from regie.warehouse.numbers import columns

KEYS: Final = pa.schema(
    [
        ("organisation_id", pa.int64()),
        ("key", pa.string()),
        ("person", pa.string()),
        ("probable_person", pa.string()),
        ("certain", pa.bool_()),
    ]
)
_KEYS = """
    FROM identity_membership m JOIN tracking_identifier i ON i.id = m.identifier_id
    WHERE m.organisation_id = ANY (%s) AND (i.kind = 'device' OR i.kind = ANY (%s))
"""
# A click id is of nobody by itself: it counts where it was seen with somebody.
_COUNTS = """
    WITH every AS (
        SELECT i.id, i.kind, coalesce(m.person, i.id) AS person,
               coalesce(m.probable, i.id) AS probable,
               m.person IS NOT NULL OR i.kind = 'device' OR i.kind = ANY (%(personal)s) AS stands
        FROM tracking_identifier i LEFT JOIN identity_membership m ON m.identifier_id = i.id
        WHERE i.organisation_id = ANY (%(ids)s)
    ), people AS (
        SELECT person, count(*) AS names, bool_or(kind = ANY (%(personal)s)) AS is_known
        FROM every WHERE stands GROUP BY person
    )
    SELECT (SELECT count(*) FROM every), (SELECT count(*) FROM every WHERE kind = 'device'),
           (SELECT count(*) FROM people), (SELECT count(DISTINCT probable) FROM every WHERE stands),
           (SELECT count(*) FROM people WHERE names > 1),
           (SELECT count(*) FROM people WHERE is_known)
"""
PERSONAL: Final = ("login", "customer", "email_sha256", "phone_sha256", "loyalty_card")


def people_keys(organisation_ids: Sequence[int]) -> pa.Table:
    """Whose the keys of events are: one row for each ``visitor`` and ``person`` that was linked.

    Columns ``organisation_id, key, person, probable_person, certain``. ``key`` is as events write
    it (``v12`` a device, ``p34`` a login or its like), ``person`` whose it is by sure links alone,
    ``probable_person`` with the probable ones where they count; ``certain`` says that both are the
    same. A key that is not there is a person of its own: it keeps its own name.
    """
    found = people_numbers(organisation_ids)
    is_device = found.keys % 2 == 0
    begins = pc.if_else(pa.array(is_device), "v", "p")
    return pa.table(
        [pa.array(found.owners), _written(begins, found.keys // 2),
         _written("p", found.people // 2), _written("p", found.probable // 2),
         pa.array(found.people == found.probable)],
        schema=KEYS,
    )  # fmt: skip


@dataclass(frozen=True)
class Numbered:
    """Keys of events in their order, ``v12`` as 24 and ``p12`` as 25, and whose they are."""

    keys: Keys
    owners: Keys
    people: Keys
    probable: Keys


def people_numbers(organisation_ids: Sequence[int]) -> Numbered:
    """The same as ``people_keys`` in whole numbers."""
    connection.ensure_connection()
    names = ["m.organisation_id", "i.id", "(i.kind = 'device')::int", "m.person", "m.probable"]
    read = columns(connection.connection, names, _KEYS, [list(organisation_ids), list(PERSONAL)])
    order = np.argsort(read[1])
    owner, key, is_device, person, probable = (column[order] for column in read)
    return Numbered(2 * key + 1 - is_device, owner, 2 * person + 1, 2 * probable + 1)


def _written(begins: Any, numbers: Keys) -> pa.Array:
    """Keys as events write them: a letter and a number."""
    return pc.binary_join_element_wise(begins, pa.array(numbers).cast(pa.string()), "")


def stamp(organisation_ids: Sequence[int]) -> tuple[datetime | None, bool]:
    """Changes whenever people may have been worked out anew; and whether probable links count."""
    found = Solution.objects.filter(organisation_id__in=list(organisation_ids))
    latest = found.aggregate(latest=Max("solved_at"))["latest"]
    return latest, found.filter(with_probable=True).exists()


def cut_keys(organisation_ids: Sequence[int]) -> pa.Table:
    """Links that were cut, as an event that names both ends writes them: a column ``pair``."""
    pairs = [f"v{one} p{other}" for one, other in cut_pairs(organisation_ids)]
    return pa.table({"pair": pa.array(pairs, pa.string())})


def cut_pairs(organisation_ids: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The same as the numbers of the two, in their order, either of them first."""
    found = Correction.objects.filter(
        organisation_id__in=list(organisation_ids), word=Word.CUT, taken_back_at__isnull=True
    ).values_list("one_id", "other_id")
    return tuple(sorted({pair for each in found for pair in (each, each[::-1])}))


@dataclass(frozen=True)
class Overview:
    """``people`` by sure links; ``probable_people`` is never more. ``linked`` of them are known
    by more than one identifier. Shares are for the reader to divide: sums come as they are."""

    identifiers: int
    devices: int
    people: int
    probable_people: int
    linked: int
    known: int  # people with a login, a customer number or the like
    with_probable: bool
    threshold: float
    precision: float | None
    probable_links: int
    solved_at: datetime | None


@dataclass(frozen=True)
class Link:
    """``reason`` says why it does not count; empty where it does."""

    one: int
    other: int
    rules: tuple[str, ...]
    probability: float | None
    first_seen: datetime | None
    reason: str
    correction: int | None


@dataclass(frozen=True)
class Person:
    key: int
    organisation_id: int
    identifiers: tuple[Known, ...]
    beside: tuple[Known, ...]  # what links that do not count would join to him
    links: tuple[Link, ...]
    consents: tuple[Consent, ...]


@dataclass(frozen=True)
class Said:
    """A correction that stands or was taken back."""

    id: int
    word: str
    one: str
    other: str
    said_by: str
    said_at: datetime
    taken_back_by: str
    taken_back_at: datetime | None


def overview(organisation_ids: Sequence[int]) -> Overview:
    ids = list(organisation_ids)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"ids": ids, "personal": list(PERSONAL)})
        every, devices, people, probable, linked, known = cursor.fetchone() or (0,) * 6
    states = list(Solution.objects.filter(organisation_id__in=ids))
    precisions = [one.precision for one in states if one.precision is not None]
    moments = [one.solved_at for one in states if one.solved_at is not None]
    return Overview(
        every,
        devices,
        people,
        probable,
        linked,
        known,
        with_probable=any(one.with_probable for one in states),
        threshold=min((one.threshold for one in states), default=0.95),
        precision=min(precisions) if precisions else None,
        probable_links=Probable.objects.filter(organisation_id__in=ids).count(),
        solved_at=max(moments) if moments else None,
    )


def person_of(key: int) -> int:
    """Whose an identifier is; its own where nothing was linked."""
    found = Membership.objects.filter(pk=key).values_list("person", flat=True).first()
    return key if found is None else found


def person(key: int) -> Person | None:
    """The person of the identifier ``key``; ``None`` for what is absent or hidden."""
    own = Membership.objects.filter(pk=key).first()
    members = {key: own.person} if own else {key: key}
    if own is not None:
        group = Membership.objects.filter(organisation_id=own.organisation_id, person=own.person)
        members = dict(group.values_list("pk", "person")[:MOST])
    here = set(members)
    links = _links(here)
    near = {end for link in links for end in (link.one, link.other)}
    known = tracking.known([*(here | near)])
    if not any(one.key == key for one in known):
        return None
    return Person(
        key=members[key], organisation_id=known[0].organisation_id,
        identifiers=tuple(one for one in known if one.key in here),
        beside=tuple(one for one in known if one.key in near - here),
        links=tuple(links), consents=tuple(tracking.consents_of(sorted(here))),
    )  # fmt: skip


MOST = 2_000  # identifiers of one person that a page reads


def _links(keys: set[int]) -> list[Link]:
    ends = Q(one_id__in=keys) | Q(other_id__in=keys)
    left_out = {(one.one_id, one.other_id): one.reason for one in LeftOut.objects.filter(ends)}
    cuts = {
        (one.one_id, one.other_id): one.pk
        for one in Correction.objects.filter(ends, word=Word.CUT, taken_back_at__isnull=True)
    }
    found = [
        Link(
            one.one, one.other, one.rules, None, one.first_seen,
            left_out.get((one.one, one.other), ""), cuts.get((one.one, one.other)),
        )
        for one in tracking.seen_together(sorted(keys))
    ]  # fmt: skip
    for likely in Probable.objects.filter(ends).order_by("pk"):
        pair = (likely.one_id, likely.other_id)
        found.append(
            Link(*pair, ("splink",), likely.probability, likely.found_at,
                 left_out.get(pair, ""), cuts.get(pair))
        )  # fmt: skip
    return found


def corrections(organisation_ids: Sequence[int], *, word: str = "") -> list[Said]:
    """What was said against the evidence, the latest first; 500 at most."""
    found = Correction.objects.filter(organisation_id__in=list(organisation_ids))
    if word:
        found = found.filter(word=word)
    kept = list(found.order_by("taken_back_at", "-said_at", "-pk")[:500])
    names = {
        one.key: one
        for one in tracking.known([key for each in kept for key in (each.one_id, each.other_id)])
    }
    return [
        Said(
            one.pk, one.word, written(names[one.one_id]), written(names[one.other_id]),
            one.said_by, one.said_at, one.taken_back_by, one.taken_back_at,
        )
        for one in kept
    ]  # fmt: skip


def guards_hit(organisation_ids: Sequence[int]) -> dict[str, int]:
    """How many links each reason leaves out."""
    found = LeftOut.objects.filter(organisation_id__in=list(organisation_ids))
    counted = found.values_list("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    return dict(counted)


def left_out(organisation_ids: Sequence[int], *, reason: str) -> list[int]:
    """Identifiers that a reason concerns most: where to look first. 20 at most."""
    found = LeftOut.objects.filter(organisation_id__in=list(organisation_ids), reason=reason)
    counted = found.values_list("one_id").annotate(count=Count("pk")).order_by("-count", "one_id")
    return [key for key, _count in counted[:20]]


def written(one: Known, *, whole: bool = False) -> str:
    """An identifier as a person reads it: digests and keys of devices by their beginning."""
    if one.kind.endswith("_sha256") or one.kind == "device":
        return f"{one.value[:8]}…"
    return one.value if whole or len(one.value) <= 24 else f"{one.value[:20]}…"
