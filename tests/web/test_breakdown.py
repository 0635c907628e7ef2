"""The table of the report: order, pages, depth, and what is missing."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from django.utils import translation

from regie.domain.metrics.query import Answer
from regie.web.report.breakdown import breakdown, question
from regie.web.report.columns import usual
from regie.web.report.state import read_state


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def state(query=""):
    asked = dict(parse_qsl(query))
    return read_state(asked, today=date(2026, 11, 21), home_currency="EUR")


def answer(*rows, split="platform"):
    names = usual(split)
    blank = dict.fromkeys(names)
    return Answer(names, (split,), [{**blank, **row} for row in rows], blank, "EUR", [], [])


def test_the_most_expensive_stands_first_and_missing_ones_last():
    rows = [
        {"platform": "tiktok_ads", "spend": None},
        {"platform": "google_ads", "spend": Decimal(5)},
        {"platform": "meta_ads", "spend": Decimal(9)},
    ]

    assert [row.name for row in breakdown(state(), answer(*rows)).rows] == [
        "Meta Ads", "Google Ads", "TikTok Ads",
    ]  # fmt: skip
    assert breakdown(state("sort=spend"), answer(*rows)).rows[-1].name == "TikTok Ads"


def test_sorting_by_a_column_turns_on_the_second_click():
    columns = breakdown(state("sort=-clicks"), answer()).columns
    clicks = next(column for column in columns if column.name == "clicks")

    assert clicks.sorted == "descending"
    assert "sort=clicks" in clicks.sort_address


def test_a_campaign_of_the_whole_list_opens_within_its_platform():
    row = {"platform": "meta_ads", "campaign": "77", "campaign_label": "Winter"}
    shown = breakdown(state("split=campaign"), answer(row, split="campaign")).rows[0]

    assert dict(parse_qsl(shown.address.removeprefix("?"))) == {
        "platform": "meta_ads",
        "campaign": "77",
    }
    assert (shown.name, shown.under) == ("Winter", "Meta Ads")


def test_an_ad_opens_nothing():
    shown = breakdown(state("split=ad"), answer({"ad": "5", "platform": "meta_ads"}, split="ad"))

    assert shown.rows[0].address == ""


def test_a_row_without_a_name_says_so():
    shown = breakdown(state("split=channel"), answer({"channel": ""}, split="channel"))

    assert shown.rows[0].name == "Not given"


def test_ten_thousand_rows_come_by_pages():
    rows = [
        {"campaign": str(n), "campaign_label": f"C{n}", "platform": "meta_ads", "spend": n}
        for n in range(10_000)
    ]
    shown = breakdown(state("split=campaign&page=2"), answer(*rows, split="campaign"))

    assert (shown.first, shown.last, shown.count, shown.pages) == (51, 100, 10_000, 200)


def test_the_question_asks_for_what_was_opened():
    asked = question(state("platform=google_ads&account=12"))

    assert asked.by == ("platform", "campaign")
    assert [(one.dimension, one.values) for one in asked.where] == [
        ("platform", ("google_ads",)),
        ("account", ("12",)),
    ]
