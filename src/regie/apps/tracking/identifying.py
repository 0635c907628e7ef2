"""What people and devices are called becomes numbers, which is all that the facts will hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from regie.apps.tracking.models import Identifier
from regie.ingestion.collected.reading import PERSONAL, Event

if TYPE_CHECKING:
    from regie.domain.identity.evidence import Keys

_KNOW = """
    INSERT INTO tracking_identifier (organisation_id, kind, value, first_seen, last_seen)
    SELECT organisation_id, kind, value, min(at), max(at)
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
        AS said(organisation_id, kind, value, at)
    GROUP BY organisation_id, kind, value
    ON CONFLICT (organisation_id, kind, value) DO UPDATE SET
        first_seen = least(tracking_identifier.first_seen, excluded.first_seen),
        last_seen = greatest(tracking_identifier.last_seen, excluded.last_seen)
    RETURNING organisation_id, kind, value, id
"""
_EVIDENCE = """
    INSERT INTO tracking_evidence (organisation_id, one_id, other_id, rule, first_seen)
    SELECT organisation_id, one, other, rule, min(at)
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[])
        AS said(organisation_id, one, other, rule, at)
    GROUP BY organisation_id, one, other, rule
    ON CONFLICT (one_id, other_id, rule) DO NOTHING
"""
Name = tuple[int, str, str]


def identify(events: Sequence[Event]) -> dict[str, int]:
    """Put keys in the place of identifiers, and note which were seen together.

    Returns the key of the device of each event that has one, by event id.
    """
    said = [
        (event.organisation, kind, value, event.row["happened_at"])
        for event in events
        for kind, value in event.identifiers
    ]
    if not said:
        return {}
    keys: dict[Name, int] = {
        (organisation, kind, value): key
        for organisation, kind, value, key in _run(_KNOW, said, returning=True)
    }
    devices = {}
    together: list[tuple[int, int, int, str, Any]] = []
    for event in events:
        found = [(kind, keys[event.organisation, kind, value]) for kind, value in event.identifiers]
        device = next((key for kind, key in found if kind == "device"), None)
        if device is not None:
            event.row["visitor"] = f"v{device}"
            devices[event.row["event_id"]] = device
        person = next((key for kind, key in found if kind in PERSONAL), None)
        event.row["person"] = None if person is None else f"p{person}"
        at = event.row["happened_at"]
        for one, (kind, other) in _pairs(found):
            together.append((event.organisation, one, other, kind, at))
    if together:
        _run(_EVIDENCE, together)
    return devices


def know_identifiers(
    organisation_id: int, kind: str, values: Sequence[str], *, at: datetime
) -> dict[str, int]:
    """The keys of identifiers that a file names, new ones included."""
    rows = [(organisation_id, kind, value, at) for value in values]
    if not rows:
        return {}
    return {value: key for _owner, _kind, value, key in _run(_KNOW, rows, returning=True)}


def take_touched(organisation_id: int) -> Keys:
    """Identifiers that have news, in order: none are news any more when the transaction commits."""
    # An import settles codes through this app's front door, and does without arrays.
    import numpy as np

    from regie.warehouse.numbers import columns

    (found,) = columns(
        connection.connection, ["key"], "FROM (SELECT DISTINCT key FROM gone) touched",
        [organisation_id],
        before="WITH gone AS (DELETE FROM tracking_touched WHERE organisation_id = %s "
        "RETURNING key)",
    )  # fmt: skip
    return np.sort(found)


def withdrawing(events: Sequence[Event]) -> dict[str, int]:
    """The devices of those who took their yes back, by event id; a new one is not noted.

    Nothing is joined to them: the answer alone goes to the name that the yes was given by.
    """
    said = {
        (event.organisation, event.consent["was"]): event.row["event_id"]
        for event in events
        if event.consent is not None and event.consent["was"]
    }
    found = Identifier.objects.filter(
        kind="device", organisation_id__in={one for one, _ in said}, value__in={v for _, v in said}
    )
    return {
        said[one.organisation_id, one.value]: one.pk
        for one in found
        if (one.organisation_id, one.value) in said
    }


def _pairs(found: Sequence[tuple[str, int]]) -> Iterator[tuple[int, tuple[str, int]]]:
    """Everything with the surest name of the person, and clicks with the device that made them.

    A guard counts what an identifier meets: behind a chain of links it would see one neighbour.
    """
    if not found:
        return
    surest = found[0][1]
    device = next((key for kind, key in found if kind == "device"), surest)
    for kind, key in found[1:]:
        yield (surest if kind in PERSONAL or kind == "device" else device), (kind, key)


def _run(sql: str, rows: Iterable[tuple[Any, ...]], *, returning: bool = False) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return cursor.fetchall() if returning else []
