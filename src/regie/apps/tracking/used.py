"""Codes that were used: told as such or named by an order, and counted once in either case."""

from __future__ import annotations

from typing import Any

from regie.apps.tracking import redeeming
from regie.apps.tracking.knowing import origin_of
from regie.apps.tracking.models import Redemption
from regie.domain.traffic.codes import fold
from regie.ingestion.collected.filed import FILED
from regie.ingestion.collected.reading import Event
from regie.kernel import clock

OF_ORDER = "code-of-"  # what numbers of events begin with that an order brought


def settled(event: Event) -> list[Event]:
    """``event``, of a code or of an order, with what becomes of the code it names.

    One that was settled before is no event any more.
    """
    if event.redemption is not None:
        return [event] if _told(event, event.redemption) else []
    named = event.row.get("promo_code")
    if event.row["kind"] != "order" or event.row["aside"] or not named:
        return [event]
    return [event, *_of_order(event, named)]


def _told(event: Event, said: dict[str, str]) -> bool:
    """Whether it is news; the order that it belongs to may have told of it already."""
    row = event.row
    same = Redemption.objects.filter(organisation_id=event.organisation)
    if same.filter(event_id=row["event_id"]).exists():
        return False
    if brought(event.organisation, said["order_id"], said["typed"]) is not None:
        return False
    record = _settle(event, said["typed"], row["event_id"], said["order_id"])
    row["aside"] = row["aside"] or (None if record.is_accepted else "refused")
    return True


def _of_order(event: Event, typed: str) -> list[Event]:
    """The use of the code that an order names, unless it was told: orders are sent again."""
    row = event.row
    if _same(event.organisation, row["ref"], typed):
        return []
    record = _settle(event, typed, f"{OF_ORDER}{row['event_id']}"[:100], row["ref"])
    came = origin_of(record.code) if record.code else None
    used: dict[str, Any] = row | {
        "kind": "redemption", "event_id": record.event_id, "value": None, "currency": None,
        "status": None, "outcome": None, "code_id": record.code_id,
        "aside": None if record.is_accepted else "refused",
    }  # fmt: skip
    if came is not None and came.channel:
        used |= {"channel": came.channel, "source": came.source or None,
                 "medium": came.medium or None, "campaign": came.campaign or None}  # fmt: skip
    return [Event(used, event.organisation)]


def _settle(event: Event, typed: str, event_id: str, order_id: str) -> Redemption:
    row = event.row
    return redeeming.settle(
        organisation_id=event.organisation, typed=typed,
        at=row["happened_at"].replace(tzinfo=clock.now().tzinfo), today=row["date"],
        event_id=event_id, location=row["location"] or "", order_id=order_id, is_published=True,
    )  # fmt: skip


def brought(organisation_id: int, order_id: str, typed: str) -> Redemption | None:
    """The use of a code that the order itself told of, measured or in a file."""
    found = _same(organisation_id, order_id, typed) if order_id else []
    return next((one for one in found if one.event_id.startswith((OF_ORDER, FILED))), None)


def _same(organisation_id: int, order_id: str, typed: str) -> list[Redemption]:
    found = Redemption.objects.filter(organisation_id=organisation_id, order_id=order_id)
    return [one for one in found.select_related("code") if fold(one.typed) == fold(typed)]
