"""First and last touch of a lead: as they were when it was received, of that lead alone."""

from __future__ import annotations

import pytest

from regie.apps.access.context import operating
from regie.apps.tracking.models import LeadSource
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import DAY, NOON
from tests.cast import Cast

HOUR = DAY / 24


def sources() -> dict[str, tuple[str, str]]:
    with operating():
        return {
            one.lead_id: (one.first.get("channel", ""), one.last.get("channel", ""))
            for one in LeadSource.objects.all()
        }


def test_each_lead_of_one_batch_has_the_touches_that_came_before_it(cast: Cast) -> None:
    forget_journals()
    site = a_site(cast.nantes, cast.chloe)
    login = {"login": "c-7"}
    publish(
        site,
        Heard("a", "page_view", NOON - 3 * DAY, "phone-1", via="social", device="phone"),
        Heard("b", "identify", NOON - 3 * DAY, "phone-1", p=login, device="phone"),
        Heard("c", "page_view", NOON, "desk-1", via="search"),
        Heard("d", "identify", NOON, "desk-1", p=login),
        # The same visit before and after: the first lead knows nothing of what follows.
        Heard("e", "lead", NOON, "desk-1", p={"lead_id": "L-1", **login}),
        Heard("f", "page_view", NOON + 2 * HOUR, "desk-1", via="email"),
        Heard("g", "lead", NOON + 2 * HOUR, "desk-1", p={"lead_id": "L-2"}),
        Heard("h", "page_view", NOON, day="today", via="email"),
        Heard("i", "lead", NOON, day="today", p={"lead_id": "L-3"}),
        Heard("j", "lead", NOON, "nobody-knows", p={"lead_id": "L-4"}),
    )

    found = sources()

    assert found["L-1"][1] == "Paid Search"
    assert found["L-2"][1] == "Email"
    assert found["L-1"][0] == found["L-2"][0] != "Email"
    assert found["L-3"] == ("Email", "Email")
    assert found["L-4"] == ("", "")


@pytest.mark.requirement("LEAD-12")
def test_a_later_visit_changes_nothing(cast: Cast) -> None:
    forget_journals()
    site = a_site(cast.nantes, cast.chloe)
    publish(
        site, Heard("a", "page_view", NOON, "desk-1", via="search"),
        Heard("b", "lead", NOON, "desk-1", p={"lead_id": "L-1"}),
    )  # fmt: skip
    before = sources()
    publish(site, Heard("c", "page_view", NOON - DAY, "desk-1", via="social"))

    assert before == sources() == {"L-1": ("Paid Search", "Paid Search")}
