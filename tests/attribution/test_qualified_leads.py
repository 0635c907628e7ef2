"""Which visits led to leads that sales took up: by the state that the CRM tells later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from regie.apps.access.context import operating
from regie.apps.attribution.services import close_months
from regie.apps.connections import services as connections
from regie.apps.tracking.models import LeadSource, Site
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, MINUTE, NOON, asked, earned, site
from tests.cast import Cast, ask, bring
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
