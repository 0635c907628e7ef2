"""Attribution windows are said in words; what nobody knows stays as it was written."""

import pytest

from regie.apps.dashboards.windows import all_in_words, in_words


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("7d_click_1d_view", "7 d after a click or 1 d after a view"),
        ("28d_click", "28 d after a click"),
        ("14d", "14 d after a click"),
        ("1d_view", "1 d after a view"),
        ("Sur mesure {x}", "Sur mesure {x}"),
        ("", ""),
    ],
)
def test_a_window_is_said_in_words(code: str, said: str) -> None:
    assert str(in_words(code)) == said


def test_several_follow_one_another() -> None:
    assert str(all_in_words(["7d", "1d_view"])) == "7 d after a click, 1 d after a view"
