"""The source of a lead: its first and last touch, frozen when it is received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from regie.apps.tracking.knowing import origin_of
from regie.apps.tracking.models import LeadSource, Redemption
from regie.domain.traffic.consent import EXEMPT
from regie.ingestion.collected.deriving import sessions
from regie.ingestion.collected.reading import Event
from regie.warehouse.engine import Engine

_TOUCH = ("happened_at", "channel", "source", "medium", "campaign", "term", "content", "page",
          "referrer", "link_id")  # fmt: skip
_ASKED = pa.schema([
    ("lead", pa.int64()), ("organisation_id", pa.int64()), ("happened_at", pa.timestamp("us")),
    ("visitor", pa.string()), ("person", pa.string()),
])  # fmt: skip
_OF_VISIT = frozenset({"channel", "source", "medium", "campaign", "page", "link_id"})


def keep_sources(events: Sequence[Event], engine: Engine, relation: str) -> None:
    """Write the source of each new lead; one that is written never changes.

    ``relation`` holds the events of the days around. A visitor who did not consent is known for
    one day, so that his first touch is that of the day.
    """
    leads = [one.row for one in events if one.row["kind"] == "lead" and not one.row.get("aside")]
    if not leads:
        return
    touches = _touches(leads, engine, relation)
    LeadSource.objects.bulk_create(
        [
            LeadSource(
                organisation_id=row["organisation_id"], lead_id=row["ref"],
                received_at=row["happened_at"].replace(tzinfo=UTC),
                first=touches[place][0] if touches[place] else {},
                last=touches[place][-1] if touches[place] else {},
            )
            for place, row in enumerate(leads)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _touches(
    leads: Sequence[dict[str, Any]], engine: Engine, relation: str
) -> list[list[dict[str, Any]]]:
    """For each lead the entries of its visitor until then, the earliest first."""
    told = [[] if row.get("visitor") or not row.get("channel") else [_told(row)] for row in leads]
    asked = [
        {"lead": place, **{name: row.get(name) for name in _ASKED.names[1:]}}
        for place, row in enumerate(leads) if row.get("visitor")
    ]  # fmt: skip
    if not asked:
        return told
    engine.register("leads_heard", pa.Table.from_pylist(asked, schema=_ASKED))
    # A touch is the beginning of a visit, of this visitor or of the same person elsewhere. Visits
    # are those of one lead: what came after it is no part of them.
    first = [f"first_{name}" if name in _OF_VISIT else name for name in _TOUCH]
    found = engine.execute(f"""
        WITH near AS MATERIALIZED (
            SELECT * FROM {relation} WHERE organisation_id IN
            (SELECT organisation_id FROM leads_heard)
        ), persons AS (
            SELECT lead, organisation_id, person FROM leads_heard UNION
            -- Who was known on this device before, and nobody else.
            SELECT l.lead, l.organisation_id, min(e.person)
            FROM leads_heard l JOIN near e ON e.visitor = l.visitor
                AND e.organisation_id = l.organisation_id AND e.happened_at <= l.happened_at
            WHERE l.person IS NULL AND e.person IS NOT NULL
            GROUP BY ALL HAVING count(DISTINCT e.person) = 1
        ), own_devices AS (
            SELECT lead, visitor FROM leads_heard UNION
            SELECT p.lead, e.visitor FROM persons p
            JOIN near e ON e.person = p.person AND e.organisation_id = p.organisation_id
        ), own AS (
            SELECT e.* REPLACE (l.lead || ' ' || e.visitor AS visitor), l.lead
            FROM own_devices d JOIN leads_heard l ON l.lead = d.lead
            JOIN near e ON e.visitor = d.visitor AND e.organisation_id = l.organisation_id
                AND e.happened_at <= l.happened_at
        )
        SELECT lead, {', '.join(first)} FROM ({sessions("own")})
        WHERE starts = 1 AND first_channel IS NOT NULL ORDER BY lead, happened_at, event_id
    """).fetchall()  # fmt: skip
    engine.unregister("leads_heard")
    for lead, *touch in found:
        told[lead].append(_told(dict(zip(_TOUCH, touch, strict=True))))
    return told


def _told(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: row[name] for name in _TOUCH if row.get(name) is not None}
    return {n: one.isoformat() if isinstance(one, datetime) else one for n, one in said.items()}


def redemption_event(record: Redemption, asset: int) -> Event:
    """The event of a code that was taken at the till, accepted or refused; ``asset`` is the account
    that uses of codes are counted under where it was taken."""
    code = record.code
    if code is None:
        raise ValueError("a code that does not exist makes no event")
    zone = ZoneInfo(record.organisation.time_zone)
    came = origin_of(code)
    row = {
        "organisation_id": record.organisation_id,
        "asset_key": asset,
        "date": record.at.astimezone(zone).date(),
        "event_id": record.event_id,
        "happened_at": record.at.astimezone(UTC).replace(tzinfo=None),
        "kind": "redemption",
        "mode": EXEMPT,
        "aside": None if record.is_accepted else "refused",
        "code_id": code.pk,
        "channel": came.channel or None,
        "source": came.source or None,
        "medium": came.medium or None,
        "campaign": came.campaign or None,
        "location": record.location or None,
        "ref": record.order_id or record.event_id,
        "promo_code": code.code,
    }
    return Event(row, record.organisation_id)
