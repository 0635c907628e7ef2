"""The source of a lead: its first and last touch, frozen when it is received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from regie.apps.tracking.knowing import origin_of
from regie.apps.tracking.models import LeadSource, Redemption
from regie.domain.traffic.consent import EXEMPT
from regie.ingestion.collected.deriving import sessions
from regie.ingestion.collected.reading import Event
from regie.warehouse.engine import Engine

_TOUCH = ("happened_at", "channel", "source", "medium", "campaign", "term", "content", "page",
          "referrer", "link_id")  # fmt: skip
_OF_VISIT = frozenset({"channel", "source", "medium", "campaign", "page", "link_id"})


def keep_sources(events: Sequence[Event], engine: Engine, relation: str) -> None:
    """Write the source of each new lead; one that is written never changes.

    ``relation`` holds the events of the days around. A visitor who did not consent is known for
    one day, so that his first touch is that of the day.
    """
    leads = [one for one in events if one.row["kind"] == "lead" and not one.row.get("aside")]
    for lead in leads:
        touches = _touches(lead, engine, relation)
        LeadSource.objects.bulk_create(
            [
                LeadSource(
                    organisation_id=lead.organisation, lead_id=lead.row["ref"],
                    received_at=lead.row["happened_at"].replace(tzinfo=UTC),
                    first=touches[0] if touches else {}, last=touches[-1] if touches else {},
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip


def _touches(lead: Event, engine: Engine, relation: str) -> list[dict[str, Any]]:
    """Entries of this visitor until the lead, the earliest first."""
    row = lead.row
    if not row.get("visitor"):
        return [_told(row)] if row.get("channel") else []
    # A touch is the beginning of a visit, of this visitor or of the same person elsewhere.
    own = (
        f"(SELECT * FROM {relation} WHERE organisation_id = ? AND happened_at <= ? "
        f"AND (visitor = ? OR visitor IN (SELECT visitor FROM {relation} WHERE person = ?)))"
    )
    first = [f"first_{name}" if name in _OF_VISIT else name for name in _TOUCH]
    found = engine.execute(
        f"SELECT {', '.join(first)} FROM ({sessions(own)}) WHERE starts = 1 "
        "AND first_channel IS NOT NULL ORDER BY happened_at, event_id",
        [row["organisation_id"], row["happened_at"], row["visitor"], row.get("person")],
    ).fetchall()
    return [_told(dict(zip(_TOUCH, one, strict=True))) for one in found]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: row[name] for name in _TOUCH if row.get(name) is not None}
    return {n: one.isoformat() if isinstance(one, datetime) else one for n, one in said.items()}


def redemption_event(record: Redemption) -> Event:
    """The event of a code that was taken at the till, accepted or refused."""
    code = record.code
    if code is None:
        raise ValueError("a code that does not exist makes no event")
    zone = ZoneInfo(record.organisation.time_zone)
    came = origin_of(code)
    row = {
        "organisation_id": record.organisation_id,
        "asset_key": code.asset_id,
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
