"""What speaks for two identifiers being one person, as arrays, for whoever works people out.

Keys only: the identifiers themselves are read one person at a time, by whoever may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection

from regie.apps.tracking.models import ConsentLine, Evidence, Identifier
from regie.domain.identity.evidence import Identifiers, Keys, Kind
from regie.warehouse.numbers import Numbers, columns

FEW: Final = 50_000  # keys that are looked up one by one; more are joined
KINDS: Final[Mapping[str, Kind]] = {
    "login": Kind.LOGIN, "customer": Kind.CUSTOMER, "loyalty_card": Kind.LOYALTY,
    "email_sha256": Kind.EMAIL, "phone_sha256": Kind.PHONE, "device": Kind.DEVICE,
    "coupon": Kind.COUPON, "order": Kind.ORDER,
}  # fmt: skip
_CODE: Final = (
    "CASE kind " + " ".join(f"WHEN '{name}' THEN {kind}" for name, kind in KINDS.items())
    + f" ELSE {Kind.CLICK} END"
)  # fmt: skip


@dataclass(frozen=True)
class Links:
    """Each pair of identifiers that was seen together, once, whatever the number of rules."""

    left: Keys
    right: Keys


@dataclass(frozen=True)
class Known:
    """One identifier as it is written. ``value`` names a person or a device: show it to few."""

    key: int
    organisation_id: int
    kind: str
    value: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True)
class Seen:
    """Two identifiers that were seen together, and by which rules."""

    one: int
    other: int
    rules: tuple[str, ...]
    first_seen: datetime


@dataclass(frozen=True)
class Consent:
    """What a device answered, to which text."""

    key: int | None
    site_id: int
    at: datetime
    is_granted: bool
    purposes: tuple[int, ...]
    text: str


def organisations_touched() -> list[int]:
    """Organisations of whose identifiers any has news."""
    found = _rows("SELECT DISTINCT organisation_id FROM tracking_touched ORDER BY 1", [])
    return [one for (one,) in found]


def linked(organisation_id: int) -> Keys:
    """Every identifier of an organisation that was seen with another."""
    links = links_met(organisation_id, None)
    return np.union1d(links.left, links.right)


def identifiers(organisation_id: int, keys: Keys | None) -> Identifiers:
    """Those of ``keys`` that this organisation has, with their kinds; all for ``None``."""
    among, given = _among("id", keys)
    found, kinds = columns(
        connection.connection, ["id", _CODE],
        f"FROM tracking_identifier WHERE organisation_id = %s {among}", [organisation_id, *given],
    )  # fmt: skip
    order = np.argsort(found)
    return Identifiers(found[order], kinds[order].astype(np.int8))


def links_met(organisation_id: int, keys: Keys | None) -> Links:
    """What was seen together with any of ``keys``; ``None`` for all of the organisation."""
    wanted, given = [], []
    for end in ("one_id", "other_id") if keys is not None else ("one_id",):
        among, values = _among(end, keys)
        wanted.append(
            f"SELECT one_id, other_id FROM tracking_evidence WHERE organisation_id = %s {among}"
        )
        given += [organisation_id, *values]
    one, other = columns(
        connection.connection, ["one_id", "other_id"], f"FROM ({' UNION ALL '.join(wanted)}) met",
        given,
    )  # fmt: skip
    left, right = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    first = np.ones(len(left), np.bool_)
    first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    return Links(left[first], right[first])


def withdrawn_among(organisation_id: int, keys: Keys | None) -> Keys:
    """Devices of ``keys`` whose last word was no; ``None`` for all of the organisation."""
    among, given = _among("device_id", keys)
    (found,) = columns(
        connection.connection, ["device_id"],
        "FROM (SELECT DISTINCT ON (device_id) device_id, is_granted FROM tracking_consentline "
        f"WHERE organisation_id = %s AND device_id IS NOT NULL {among} "
        "ORDER BY device_id, at DESC, id DESC) said WHERE NOT is_granted",
        [organisation_id, *given],
    )  # fmt: skip
    return np.sort(found)


def organisations_known() -> list[int]:
    """Organisations that have evidence or consents."""
    found = _rows(
        "SELECT id FROM organisations_organisation o WHERE EXISTS (SELECT 1 FROM "
        "tracking_evidence e WHERE e.organisation_id = o.id) OR EXISTS (SELECT 1 FROM "
        "tracking_consentline c WHERE c.organisation_id = o.id) ORDER BY id", [],
    )  # fmt: skip
    return [one for (one,) in found]


def known(keys: Sequence[int]) -> list[Known]:
    """Identifiers as they are written, the surest kinds first."""
    found = [_known(one) for one in Identifier.objects.filter(pk__in=list(keys))]
    return sorted(found, key=lambda one: (KINDS.get(one.kind, Kind.CLICK), one.key))


def known_as(organisation_ids: Sequence[int], values: Sequence[str]) -> list[Known]:
    """Identifiers written exactly as one of ``values``, whatever their kind."""
    found = Identifier.objects.filter(
        organisation_id__in=list(organisation_ids), value__in=list(values)
    )
    return [_known(one) for one in found.order_by("pk")]


def seen_together(keys: Sequence[int]) -> list[Seen]:
    """Every pair of which one is in ``keys``, the oldest first."""
    found: dict[tuple[int, int], Seen] = {}
    rows = Evidence.objects.filter(one_id__in=list(keys)) | Evidence.objects.filter(
        other_id__in=list(keys)
    )
    for one in rows.order_by("first_seen", "pk"):
        pair = (min(one.one_id, one.other_id), max(one.one_id, one.other_id))
        before = found.get(pair)
        rules = {*(before.rules if before else ()), one.rule}
        found[pair] = Seen(
            *pair, tuple(sorted(rules)), before.first_seen if before else one.first_seen
        )
    return list(found.values())


def consents_of(keys: Sequence[int]) -> list[Consent]:
    found = ConsentLine.objects.filter(device_id__in=list(keys)).order_by("at", "pk")
    return [_consent(one) for one in found]


def answers_to(organisation_ids: Sequence[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """For each organisation and version of the text, how many devices said yes and how many no."""
    found = _rows(
        "SELECT organisation_id, text, count(*) FILTER (WHERE is_granted), "
        "count(*) FILTER (WHERE NOT is_granted) FROM (SELECT DISTINCT ON (organisation_id, text, "
        "coalesce(device_id, -id)) organisation_id, text, is_granted "
        "FROM tracking_consentline WHERE organisation_id = ANY (%s) ORDER BY organisation_id, "
        "text, coalesce(device_id, -id), at DESC, id DESC) said GROUP BY 1, 2",
        [list(organisation_ids)],
    )  # fmt: skip
    return {(owner, text): (yes, no) for owner, text, yes, no in found}


def every_answer(organisation_ids: Sequence[int]) -> Iterator[Consent]:
    """Each yes and each no as it was given, the oldest first."""
    found = ConsentLine.objects.filter(organisation_id__in=list(organisation_ids))
    for one in found.order_by("at", "pk").iterator(chunk_size=5_000):
        yield _consent(one)


def _known(one: Identifier) -> Known:
    return Known(one.pk, one.organisation_id, one.kind, one.value, one.first_seen, one.last_seen)


def _consent(one: ConsentLine) -> Consent:
    return Consent(
        one.device_id, one.site_id, one.at, one.is_granted, tuple(one.purposes), one.text
    )


def _among(column: str, keys: Keys | None) -> tuple[str, list[Any]]:
    """The condition that ``column`` is one of ``keys``, and its parameters."""
    if keys is None:
        return "", []
    few = len(keys) <= FEW
    return f"AND {column} {'= ANY (%s)' if few else 'IN (SELECT unnest(%s))'}", [Numbers(keys)]


def _rows(sql: str, values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Any] = cursor.fetchall()
    return found
