"""What has had its time goes from everywhere, its counts stay, and a line proves it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from regie.apps.access.context import operating
from regie.apps.audit.models import AuditLine
from regie.apps.connections import services as connections
from regie.apps.tracking import services
from regie.apps.tracking.models import Identifier, LeadSource, Site
from regie.apps.tracking.publishing import journal_folder
from regie.ingestion.collected.journal import Record
from regie.kernel import clock
from regie.warehouse import catalogue, home
from tests.cast import Cast, total
from tests.collector.heard import keep

ABROAD = "https://boutique.example/?utm_source=linkedin&utm_medium=paid&li_fat_id=Zz9"


@pytest.fixture
def site(cast: Cast) -> Site:
    for path in journal_folder().glob("*"):
        path.unlink()
    with operating():
        made = services.create_site(
            actor=cast.chloe, organisation=cast.nantes,
            wanted=services.WantedSite("Boutique", ["boutique.example"], "consented"),
        )  # fmt: skip
        return Site.objects.get(pk=made)


def heard(site: Site, *events: tuple[str, str, str]) -> None:
    """Events (id, kind, url) of one visitor who consents, in a journal of the collector."""
    at = int(clock.now().timestamp() * 1e6)
    keep(
        Record(
            name, kind, at + place * 1000, site.organisation_id, site.pk, "", "",
            "Mozilla/5.0 (X11; Linux) Firefox/140.0", "203.0.113.0", "abc", "cookie", "", "",
            json.dumps({"url": url, "consent": {"granted": True}, "p": {"login": "c-7"}}).encode(),
        )
        for place, (name, kind, url) in enumerate(events)
    )  # fmt: skip


def files(table: str) -> list[Path]:
    with operating():
        found = catalogue.snapshot(connection.connection).files(table)
    return [home.lake().root / one.path for one in found]


@pytest.mark.requirement("LEAD-12")
def test_the_first_and_last_touch_of_a_lead_never_change(site: Site, cast: Cast) -> None:
    heard(site, ("e1", "page_view", ABROAD), ("e2", "page_view", "https://boutique.example/b"),
          ("e3", "lead", "https://boutique.example/b"))  # fmt: skip
    services.publish_events()
    heard(site, ("e4", "page_view", "https://boutique.example/?utm_source=x&utm_medium=email"),
          ("e3", "lead", "https://boutique.example/b"))  # fmt: skip
    services.publish_events()

    with operating():
        (kept,) = LeadSource.objects.all()
        assert (kept.lead_id, kept.first["source"], kept.last["source"]) == (
            "e3", "linkedin", "linkedin",
        )  # fmt: skip
        from django.db import DatabaseError, transaction

        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            LeadSource.objects.update(first={})
    assert total(cast.chloe, "leads_received") == 1


def test_events_and_devices_go_in_time_and_leave_a_proof(site: Site, cast: Cast) -> None:
    heard(site, ("e1", "page_view", ABROAD), ("e2", "lead", "https://boutique.example/b"))
    services.publish_events()
    before = files("events")
    later = clock.now() + timedelta(days=30.5 * 27)

    assert services.retire().events == 0
    with operating():
        assert Identifier.objects.filter(kind="device").count() == 1
    year = services.retire(now=clock.now() + timedelta(days=30.5 * 14))
    assert (year.events, year.identifiers) == (0, 1)
    done = services.retire(now=later)
    again = services.retire(now=later)

    assert (done.events, again.events, again.identifiers) == (2, 0, 0)
    assert before
    assert [path for path in before if path.exists()] == []
    assert list(journal_folder().glob("*.journal")) == []
    with operating():
        assert Identifier.objects.count() == 0
        proof = AuditLine.objects.filter(action="tracking.retired").order_by("-pk").first()
    assert proof is not None
    assert proof.details["events"] == 2
    assert total(cast.chloe, "visits") == 1
    connections.rebuild()
    assert (total(cast.chloe, "visits"), total(cast.chloe, "leads_received")) == (1, 1)


def test_versions_of_each_minute_are_thinned_and_every_day_still_reads(
    site: Site, cast: Cast
) -> None:
    for number in range(4):
        heard(site, (f"e{number}", "page_view", ABROAD))
        services.publish_events()
    with operating(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM warehouse_version WHERE reason = 'events'")
        (made,) = cursor.fetchone()
        services.retire(now=clock.now() + timedelta(days=5))
        cursor.execute("SELECT count(*) FROM warehouse_version WHERE reason = 'events'")
        (kept,) = cursor.fetchone()

    assert (made, kept) == (4, 1)
    assert total(cast.chloe, "visits") == 1
    assert len(files("events")) == 4
