"""People of one shop for tests: what they do reaches the collector's journal, as in life."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from regie.apps.access.context import operating
from regie.apps.identity import services as identity
from regie.apps.tracking import services as tracking
from regie.apps.tracking.models import Identifier, Site
from regie.apps.tracking.publishing import journal_folder
from regie.ingestion.collected.journal import SUFFIX, Record, frame
from regie.kernel import clock
from regie.postgres.home import regie_home

SHOP = "https://boutique.example/"
BROWSER = {
    "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
    "desktop": "Mozilla/5.0 (X11; Linux) Firefox/140.0",
}


@dataclass
class Shop:
    """A measured site whose visitors consent, unless they say otherwise."""

    site: Site
    _count: int = field(default=0)
    _waiting: list[Record] = field(default_factory=list)

    def heard(
        self,
        kind: str,
        *,
        device: str = "",
        url: str = SHOP,
        at: datetime | None = None,
        consent: dict[str, Any] | None = None,
        agent: str = "desktop",
        event_id: str = "",
        **said: Any,
    ) -> str:
        """One event on its way to the journal; without a device a server sends it."""
        self._count += 1
        name = event_id or f"{self.site.pk}-{self._count}"
        moment = at or clock.now() - timedelta(minutes=10) + timedelta(seconds=self._count)
        is_server = not device
        sent = {
            "url": url, "at": moment.isoformat(), "p": said,
            "consent": {"granted": True} if consent is None else consent,
        }  # fmt: skip
        record = Record(
            name, kind, int(moment.timestamp() * 1e6), self.site.organisation_id, self.site.pk, "",
            "", "" if is_server else BROWSER[agent], "203.0.113.0", f"day-{device}", device, "",
            "s" if is_server else "", json.dumps(sent).encode(),
        )  # fmt: skip
        self._waiting.append(record)
        return name

    def known(self) -> None:
        """What was heard becomes facts, and people."""
        self.written()
        tracking.publish_events()
        identity.solve_people()

    def written(self) -> None:
        """What was heard stands in the journal; nobody has read it yet."""
        _write(*self._waiting)
        self._waiting.clear()

    def key(self, value: str) -> int:
        """The number of an identifier of this shop."""
        with operating():
            return Identifier.objects.get(organisation_id=self.site.organisation_id, value=value).pk


def open_shop(actor: Any, organisation: Any, name: str = "Boutique") -> Shop:
    with operating():
        made = tracking.create_site(
            actor=actor, organisation=organisation,
            wanted=tracking.WantedSite(name, ["boutique.example"], "consented"),
        )  # fmt: skip
        return Shop(Site.objects.get(pk=made))


def forget_journals() -> None:
    for path in journal_folder().glob("*"):
        path.unlink()


def forget_files() -> None:
    """What other tests left: who erases a person reads every file there is."""
    for left_by_others in ("lake", "raw"):
        shutil.rmtree(regie_home() / left_by_others, ignore_errors=True)


def _write(*records: Record) -> None:
    """A journal as the collector leaves it."""
    folder = journal_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.time_ns():020d}-1{SUFFIX}"
    path.write_bytes(b"".join(frame(one) for one in records))
