"""Which visits led to leads that sales took up: by the state that the CRM tells later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet
import pytest
from django.db import connection

from regie.apps.access.context import operating
from regie.apps.attribution.services import close_months
from regie.apps.connections import services as connections
from regie.apps.tracking.models import LeadSource, Site
from regie.kernel import clock
from regie.warehouse import catalogue, home
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, MINUTE, NOON, asked, earned, site
from tests.cast import Cast, ask, bring
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of

__all__ = ["site"]

pytestmark = pytest.mark.slow
DAYS = "from=2026-06-01&to=2026-06-30"
CAME = {"L-1": "search", "L-2": "social", "L-3": "social", "L-4": "email"}


@pytest.fixture
def four_leads(site: Site) -> None:
    """One visitor each, who came a day before and sends a form."""
    publish(
        site,
        *(
            Heard(f"v-{number}", "page_view", NOON - DAY, number, via=via)
            for number, via in CAME.items()
        ),
        *(
            Heard(f"f-{number}", "lead", NOON + place * MINUTE, number, p={"lead_id": number})
            for place, number in enumerate(CAME)
        ),
    )


def told(cast: Cast, folder: Path, *states: tuple[str, str]) -> int:
    """The list of leads of a CRM, as it stands now; who it says nothing of has no line."""
    path = folder / "leads.csv"
    lines = [f"{number},{NOON.date()},{state}" for number, state in states]
    path.write_text("\n".join(["lead_id,received_at,status", *lines]) + "\n", encoding="utf-8")
    (made,) = bring(cast.nantes, path)
    return made.pk


@pytest.mark.requirement("MEAS-28")
def test_a_lead_that_the_crm_calls_qualified_is_credited_to_the_visits_that_led_to_it(
    four_leads: None, cast: Cast, tmp_path: Path
) -> None:
    assert earned(asked(cast.chloe, kind="mql")) == {}

    told(cast, tmp_path, ("L-1", "SQL"), ("L-2", "mql"), ("L-3", "contacted"))

    assert earned(asked(cast.chloe, kind="lead")) == {
        "Email": 1, "Organic Social": 2, "Paid Search": 1,
    }  # fmt: skip
    assert earned(asked(cast.chloe, kind="mql")) == {"Organic Social": 1, "Paid Search": 1}
    assert earned(asked(cast.chloe, kind="sql")) == {"Paid Search": 1}
    assert earned(asked(cast.diane, kind="mql")) == {}


def test_a_state_that_is_told_anew_moves_the_credit_and_never_the_source(
    four_leads: None, cast: Cast, tmp_path: Path
) -> None:
    told(cast, tmp_path, ("L-1", "mql"))
    before = list(LeadSource.objects.order_by("lead_id").values("lead_id", "first", "last"))

    latest = told(cast, tmp_path, ("L-1", "lost"), ("L-4", "won"))

    assert earned(asked(cast.chloe, kind="mql")) == {"Email": 1}
    with operating():
        connections.undo_import(actor=cast.chloe, import_id=latest)
    assert earned(asked(cast.chloe, kind="mql")) == {"Paid Search": 1}
    assert list(LeadSource.objects.order_by("lead_id").values("lead_id", "first", "last")) == before


def test_the_page_teaches_what_makes_a_lead_qualified_and_the_metric_says_the_same(
    four_leads: None, cast: Cast, tmp_path: Path
) -> None:
    address = f"/attribution/?{DAYS}&kind=mql"
    assert "A lead is qualified once its state says so" in text_of(cast.chloe, address)

    told(cast, tmp_path, ("L-1", "SQL"), ("L-2", "qualified"))

    assert "Marketing qualified leads (MQL)" in text_of(cast.chloe, address)
    answer = ask(cast.chloe, "mqls,attributed_mqls,sqls,attributed_sqls", period=JUNE)
    assert [int(answer.totals[one]) for one in answer.totals] == [2, 2, 1, 1]


def test_a_closed_month_says_that_states_were_told_anew(
    four_leads: None, cast: Cast, tmp_path: Path
) -> None:
    told(cast, tmp_path, ("L-1", "mql"))
    close_months(today=NOON.date() + timedelta(days=60))
    told(cast, tmp_path, ("L-1", "mql"), ("L-4", "won"))

    page = text_of(cast.chloe, f"/attribution/?{DAYS}&kind=mql")

    assert "How far leads of the month have come was told anew since." in page


def state(id: str, lead: str, status: str, at) -> Heard:
    return Heard(id, "lead_state", at, p={"lead_id": lead, "status": status}, is_server=True)


def test_a_server_tells_how_far_a_lead_has_come_and_the_last_word_counts(
    four_leads: None, site: Site, cast: Cast
) -> None:
    sources = list(LeadSource.objects.order_by("lead_id").values())
    publish(site, state("s1", "L-2", "MQL", NOON + 9 * DAY), state("s2", "L-4", "SQL", NOON + DAY))
    assert earned(asked(cast.chloe, kind="mql")) == {"Email": 1, "Organic Social": 1}

    # Told late, and of a moment before: what was said last still stands.
    publish(site, state("s3", "L-4", "contacted", NOON + 2 * DAY),
            state("s4", "L-2", "new", NOON + DAY))  # fmt: skip
    publish(site, state("s4", "L-2", "new", NOON + DAY))

    assert earned(asked(cast.chloe, kind="mql")) == {"Organic Social": 1}
    answer = ask(cast.chloe, "leads_received,mqls,own_events", period=JUNE)
    assert (answer.totals["leads_received"], answer.totals["mqls"]) == (4, 1)
    assert answer.totals["own_events"] is None
    assert list(LeadSource.objects.order_by("lead_id").values()) == sources


def test_a_state_may_come_with_its_lead_and_that_of_a_stranger_is_set_aside(
    site: Site, cast: Cast
) -> None:
    publish(
        site,
        Heard("v", "page_view", NOON, "x", via="search"),
        Heard("f", "lead", NOON + MINUTE, "x", p={"lead_id": "L-9"}),
        state("s1", "L-9", "won", NOON + 3 * DAY),
        state("s2", "nobody", "won", clock.now().replace(tzinfo=None) - DAY),
    )

    assert earned(asked(cast.chloe, kind="sql")) == {"Paid Search": 1}
    assert ask(cast.chloe, "leads_received", period=JUNE).totals["leads_received"] == 1
    page = signed_in(cast.chloe, "en").get(f"/sites/{site.pk}/").content.decode()
    assert "A state of a lead that was not measured here" in page


def test_a_state_that_comes_before_its_lead_waits_for_it(site: Site, cast: Cast) -> None:
    early = Heard("v", "page_view", NOON + MINUTE, "x", via="search")
    publish(site, early, state("s1", "L-9", "MQL", NOON + DAY), state("s2", "L-9", "won", NOON),
            state("s3", "nobody", "won", NOON))  # fmt: skip
    assert earned(asked(cast.chloe, kind="mql")) == {}
    lead = Heard("f", "lead", NOON + 2 * MINUTE, "x", p={"lead_id": "L-9"})
    publish(site, lead, Heard("g", "lead", NOON, "y", p={"lead_id": "L-8"}))
    publish(site, lead, state("s1", "L-9", "MQL", NOON + DAY))

    assert earned(asked(cast.chloe, kind="mql")) == {"Paid Search": 1}
    assert earned(asked(cast.chloe, kind="sql")) == {}
    answer = ask(cast.chloe, "leads_received,mqls", period=JUNE)
    assert [int(answer.totals[one]) for one in answer.totals] == [2, 1]
    assert told_of_leads(site) == {("s1", None), ("s2", None), ("s3", "unknown_lead")}


def told_of_leads(site: Site) -> set[tuple[str, str | None]]:
    """Every state that is kept, and why it is set aside."""
    with operating():
        files = catalogue.snapshot(connection.connection).files("events")
    tables = [pyarrow.parquet.read_table(home.lake().absolute(file.path)) for file in files]
    rows = [row for table in tables for row in table.to_pylist()]
    ids = [row["event_id"] for row in rows if row["organisation_id"] == site.organisation_id]
    assert len(ids) == len(set(ids))
    return {(row["event_id"], row["aside"]) for row in rows if row["kind"] == "lead_state"}


def test_the_list_of_the_crm_goes_before_what_a_server_told(
    four_leads: None, site: Site, cast: Cast, tmp_path: Path
) -> None:
    publish(site, state("s1", "L-1", "won", NOON + DAY))
    told(cast, tmp_path, ("L-1", "lost"), ("L-2", "mql"))

    assert earned(asked(cast.chloe, kind="mql")) == {"Organic Social": 1}
