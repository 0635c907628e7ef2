"""Records in a journal of the collector, written as the collector writes them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from regie.apps.access.context import operating
from regie.apps.identity import services as identity
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services
from regie.apps.tracking.models import Site
from regie.apps.tracking.publishing import journal_folder
from regie.ingestion.collected.journal import SUFFIX, Record, frame

BROWSERS = {
    "desktop": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari",
}
ABROAD = {
    "search": "?utm_source=google&utm_medium=cpc&utm_campaign=marque",
    "social": "?utm_source=instagram&utm_medium=social&utm_campaign=soldes",
    "email": "?utm_source=lettre&utm_medium=email&utm_campaign=juin",
    "direct": "",
}


@dataclass(frozen=True)
class Heard:
    """One thing that happened. ``cookie`` is there with consent only; ``day`` without.

    ``query`` is added to the address of the page.
    """

    id: str
    kind: str
    at: datetime
    cookie: str = ""
    day: str = "nobody"
    via: str = "direct"
    device: str = "desktop"
    p: dict[str, Any] = field(default_factory=dict)
    is_server: bool = False
    query: str = ""


def a_site(organisation: Organisation, actor: Any, mode: str = "consented") -> Site:
    with operating():
        made = services.create_site(
            actor=actor, organisation=organisation,
            wanted=services.WantedSite(f"Boutique {mode}", ["boutique.example"], mode),
        )  # fmt: skip
        return Site.objects.get(pk=made)


def forget_journals() -> None:
    for path in journal_folder().glob("*"):
        path.unlink()


def write(site: Site, happened: Sequence[Heard]) -> None:
    write_journal(*(_record(site, one) for one in happened))


def write_journal(*records: Record) -> None:
    """One more journal, of a collector that has ended."""
    journal_folder().mkdir(parents=True, exist_ok=True)
    path = journal_folder() / f"{time.time_ns():020d}-0{SUFFIX}"
    path.write_bytes(b"".join(map(frame, records)))


def publish(site: Site, *happened: Heard) -> None:
    write(site, happened)
    while services.publish_events().is_behind:
        pass
    identity.solve_people()


def _record(site: Site, one: Heard) -> Record:
    at = one.at.replace(tzinfo=UTC)
    said: dict[str, Any] = {"consent": {"granted": bool(one.cookie) or one.is_server}, "p": one.p}
    if one.is_server:
        said["at"] = at.isoformat()
    else:
        said["url"] = f"https://boutique.example/{ABROAD[one.via]}{one.query}"
    return Record(
        one.id, one.kind, int(at.timestamp() * 1e6), site.organisation_id, site.pk, "", "",
        "" if one.is_server else BROWSERS[one.device], "203.0.113.0",
        "" if one.is_server else one.day, one.cookie, "", "s" if one.is_server else "",
        json.dumps(said).encode(),
    )  # fmt: skip
