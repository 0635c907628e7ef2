"""A browser is named as people name it."""

import pytest

from regie.ui.browsers import browser

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox, Linux"),
        (f"{MAC} Version/18.0 Safari/605.1.15", "Safari, macOS"),
        (f"{MAC} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, macOS"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
         "Chrome, Android"),
        ("curl/8.1", "curl/8.1"),
        ("x" * 400, "x" * 60),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_and_its_system_are_named(said: str, named: str) -> None:
    assert browser(said) == named
