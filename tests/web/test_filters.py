"""What the report is narrowed to: kept in the address, said in chips, taken away one by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import QueryDict

from regie.domain.metrics.query import Filter
from regie.web.report.state import read_state
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import TODAY, brought, text_of

__all__ = ["brought"]


def state(query: str):
    return read_state(QueryDict(query), today=TODAY, home_currency="EUR")


def test_several_values_of_a_filter_go_through_the_address() -> None:
    found = state("only_platform=meta_ads&only_platform=google_ads&only_media=paid&platform=ga4")

    assert found.where == (
        Filter("platform", ("ga4",)),
        Filter("platform", ("meta_ads", "google_ads")),
        Filter("media", ("paid",)),
    )
    assert state(found.address().removeprefix("?")) == found


def test_filters_stay_when_one_drills_and_goes_back() -> None:
    deeper = state("only_media=paid").into("platform", "google_ads")

    assert deeper.filters == (("media", ("paid",)),)
    assert deeper.up_to(0).filters == (("media", ("paid",)),)


def test_the_last_value_taken_away_takes_the_filter_away() -> None:
    assert state("only_media=paid").only("media").filters == ()


def test_every_figure_obeys_the_filters(cast: Cast, brought) -> None:
    text = text_of(cast.chloe, "/report/?only_campaign=202")

    assert "€75.00" in text
    assert "Générique" in text
    assert "€375.00" not in text
    explained = text_of(cast.chloe, "/report/explain/?figure=spend&only_campaign=202")
    assert "€75.00" in explained
    export = signed_in(cast.chloe).get("/report/table.csv?only_campaign=202&split=campaign")
    assert "Marque" not in export.content.decode()


def test_a_chip_names_its_value_and_leads_to_the_page_without_it(cast: Cast, brought) -> None:
    page = signed_in(cast.chloe).get("/report/?only_campaign=202&only_media=paid").content.decode()

    chips = re.findall(r'<a class="chip" href="([^"]+)"', page)
    assert chips == ["?only_media=paid", "?only_campaign=202"]
    assert "Générique" in page
    assert "Média payé" in page


def test_the_choice_lists_what_there_is_and_what_is_chosen(cast: Cast, brought) -> None:
    page = signed_in(cast.chloe).get("/report/filters/?only_platform=tiktok_ads").content.decode()

    for label in ("Google Ads", "TikTok Ads", "Marque", "paid search", "Média payé"):
        assert label in page
    assert page.count(" checked") == 1
    # The kinds of filters take nothing from the rooms of the rail.
    assert 'class="room" href="/planner/"' in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["only_platform", "only_account", "only_campaign", "only_media",
                                  "only_channel", "only_organisation"])  # fmt: skip
def test_nonsense_in_a_filter_finds_nothing_and_breaks_nothing(
    cast: Cast, brought: list[int], name: str, tmp_path: Path
) -> None:
    for value in ("x", "'; DROP", "%00", "#99999999", "é" * 300):
        answer = signed_in(cast.chloe).get("/report/", {name: value})

        assert answer.status_code == 200
        assert "375,00" not in answer.content.decode()


@pytest.mark.requirement("MEAS-6")
def test_paid_and_owned_media_are_a_breakdown(cast: Cast, brought) -> None:
    text = text_of(cast.chloe, "/report/?split=media")

    assert "Paid media" in text
    assert "Owned media" not in text.split("Breakdown")[1].split("Total")[0]


def test_the_outsider_finds_no_value_to_choose(cast: Cast, brought) -> None:
    text = text_of(cast.diane, "/report/filters/")

    assert "Marque" not in text
    assert "Google Ads" not in text
