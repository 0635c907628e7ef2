"""What changed, and whether that is good news."""

from decimal import Decimal

import pytest
from django.utils import translation

from regie.ui.changes import change


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("now", "before", "better", "way", "verdict", "text"),
    [
        (110, 100, "higher", "up", "better", "+10.0%"),
        (110, 100, "lower", "up", "worse", "+10.0%"),
        (90, 100, "lower", "down", "better", "−10.0%"),
        (90, 100, "neither", "down", "neutral", "−10.0%"),
        (100, 100, "higher", "flat", "neutral", "0.0%"),
        (-50, -100, "higher", "up", "better", "+50.0%"),
        (0, 0, "higher", "flat", "neutral", "0.0%"),
    ],
)
def test_direction_and_verdict(now, before, better, way, verdict, text):
    found = change(now, before, unit="count", better=better)

    assert (found.way, found.verdict, found.text) == (way, verdict, text)


def test_a_rate_moves_by_points():
    found = change(Decimal("0.0213"), Decimal("0.0191"), unit="share", better="higher")

    assert found.text == "+0.22\u00a0pt"


def test_growth_from_zero_is_no_percentage():
    found = change(12, 0, unit="count", better="higher")

    assert (found.way, found.text, found.reason) == ("none", "–", "It was zero before.")


def test_nothing_to_compare_with_says_so():
    assert change(12, None, unit="count", better="higher").reason
    assert change(None, 12, unit="count", better="higher").reason


def test_a_huge_growth_is_a_factor():
    assert change(2500, 100, unit="count", better="higher").text == "×25"
