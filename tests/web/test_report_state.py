"""The address carries the whole state of a report."""

from datetime import date
from urllib.parse import parse_qsl

import pytest

from regie.kernel.periods import Period
from regie.web.report.periods import PRESETS
from regie.web.report.state import read_state

TODAY = date(2026, 11, 21)


def state(query=""):
    return read_state(dict(parse_qsl(query)), today=TODAY, home_currency="EUR")


def test_without_a_word_it_is_the_last_thirty_whole_days():
    assert state().period == Period(date(2026, 10, 22), date(2026, 11, 20))
    assert state().address() == "?"


@pytest.mark.parametrize(
    "query",
    [
        "period=last_month",
        "from=2026-09-01&to=2026-09-30",
        "compare=year",
        "currency=CHF&metric=clicks&grain=week",
        "platform=google_ads&account=12&campaign=34",
        "split=campaign&sort=-clicks&platform=meta_ads",
        "page=3",
    ],
)
def test_an_address_read_and_written_is_the_same(query):
    written = state(query).address().removeprefix("?")

    assert dict(parse_qsl(written)) == dict(parse_qsl(query))


@pytest.mark.parametrize(
    "query",
    ["period=never", "compare=x", "currency=zzz", "grain=hour", "split=shoe", "page=-2", "page=x"],
)
def test_nonsense_in_an_address_falls_back_to_the_usual(query):
    assert state(query) == state()


def test_dates_that_make_no_period_say_so():
    found = state("from=2026-09-30&to=2026-09-01")

    assert found.problem
    assert found.period == state().period


def test_opening_a_row_goes_one_level_down_and_forgets_the_sorting():
    opened = state("split=campaign&sort=-clicks&page=2").into("campaign", "9", platform="meta_ads")

    assert opened.path == (("platform", "meta_ads"), ("campaign", "9"))
    assert opened.shown_split == "ad_group"
    assert (opened.sort, opened.page) == ("", 1)


def test_breadcrumbs_go_back_up():
    assert state("platform=google_ads&account=12").up_to(1).path == (("platform", "google_ads"),)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 31), date(2024, 2, 29)])
def test_every_preset_is_a_period_that_has_begun(name, today):
    assert PRESETS[name][1](today).end <= today


def test_last_twelve_months_are_twelve_whole_months():
    assert PRESETS["last_12_months"][1](TODAY) == Period(date(2025, 11, 1), date(2026, 10, 31))


def test_long_periods_are_drawn_by_week_then_by_month():
    assert state().shown_grain == "day"
    assert state("from=2026-01-01&to=2026-05-30").shown_grain == "week"
    assert state("from=2025-01-01&to=2026-05-30").shown_grain == "month"
