"""What a chart is told, and what its table and its text say instead."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from regie.ui.charts import Line, TimeChart
from regie.ui.ticks import ticks

DAYS = [date(2026, 9, 1) + timedelta(days=n) for n in range(4)]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def chart(*values, provisional_from=None, title="Spend per day"):
    lines = [Line("Spend", [*values], DAYS)]
    return TimeChart("spend", title, "money", "EUR", "day", lines, provisional_from)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([3, 97], 0, 100),
        ([0.5, 1.2], 0, 1.5),
        ([-30, 80], -50, 100),
        ([0, 0], 0, 1),
        ([None], 0, 1),
        ([1200, 1842], 0, 2000),
    ],
)
def test_an_axis_starts_at_zero_and_ends_on_a_round_mark(values, low, high):
    found = ticks([None if v is None else Decimal(str(v)) for v in values])

    assert (found.low, found.high) == (Decimal(str(low)), Decimal(str(high)))


def test_counts_have_no_marks_between_whole_numbers():
    assert ticks([1, 2], whole=True).step == 1


def test_every_mark_of_the_axis_has_its_label():
    axis = chart(Decimal(100), None, Decimal(1842), Decimal(3)).spec()["axis"]

    assert len(axis["labels"]) == round((axis["high"] - axis["low"]) / axis["step"]) + 1


def test_provisional_days_start_where_the_platforms_may_still_correct():
    assert chart(1, 2, 3, 4, provisional_from=DAYS[2]).provisional_index == 2
    assert chart(1, 2, 3, 4).provisional_index is None


def test_the_table_says_all_that_the_chart_shows():
    table = chart(Decimal("1.5"), None, Decimal(3), Decimal(4)).table

    assert [row[1].text for row in table] == ["€1.50", "–", "€3.00", "€4.00"]


def test_the_text_alternative_names_the_extremes():
    text = chart(Decimal(1), None, Decimal(3), Decimal(2)).text

    assert "€1.00" in text
    assert "€3.00" in text


def test_a_name_cannot_close_the_script_that_carries_it():
    written = chart(1, 2, 3, 4, title="</script><script>alert(1)</script>").json

    assert "<" not in written
    assert json.loads(written)["title"].startswith("</script>")


def test_a_chart_of_nothing_knows_it():
    assert chart(None, None, None, None).is_empty
