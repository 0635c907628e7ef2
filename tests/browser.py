"""A real Chromium for tests, and the rules of accessibility that pages are held to.

Without a browser these tests are skipped and say why; where ``REGIE_REQUIRE_BROWSER=1``,
as in continuous integration, they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tools.browser import HOW_TO_GET_ONE, ROOT, find_browser
from tools.translations import read_catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The sandbox needs rights that root in a container has not; nothing may call home.
FLAGS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-dev-shm-usage",
)
MIXED = "DJANGO_ALLOW_ASYNC_UNSAFE"
LONGEST = 60_000  # milliseconds that a page may take on a busy machine
PHONE, DESK, WALL = (390, 844), (1440, 900), (3840, 2160)
# Each language in each theme, and each of both at each width, once.
_PAIRS = [("fr", "light", PHONE), ("en", "dark", PHONE), ("en", "light", DESK),
          ("fr", "dark", DESK), ("fr", "light", WALL), ("en", "dark", WALL)]  # fmt: skip
EACH_PAIR = ("language", "theme", "size"), _PAIRS
EACH_PAIR_TO_THE_DESK = ("language", "theme", "size"), _PAIRS[:4]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium, one for each process of tests."""
    from playwright.sync_api import expect, sync_playwright

    path = find_browser()
    if path is None:
        if os.environ.get("REGIE_REQUIRE_BROWSER") == "1":
            pytest.fail(HOW_TO_GET_ONE)
        pytest.skip(HOW_TO_GET_ONE)
    expect.set_options(timeout=LONGEST)
    # Its loop stays in this thread; tests that come afterwards use the database all the same.
    os.environ[MIXED] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page of a fresh visitor, French unless a test says otherwise."""
    context = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    context.set_default_timeout(LONGEST)
    yield context.new_page()
    context.close()


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds wrong with the page, trifles aside: one sentence for each element."""
    page.wait_for_load_state()  # with its styles: a busy machine shows the words before
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
        for violation in found["violations"]
        if violation["impact"] in ("moderate", "serious", "critical")
        for node in violation["nodes"]
    ]


def is_sound(page: Page) -> None:
    """Nothing is wider than the window, and axe finds nothing."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert accessibility_problems(page) == [], page.url


def said_in(language: str) -> Callable[[str], str]:
    """What the pages say for an English sentence, so that one walk is walked in each language."""
    if language == "en":
        return str
    catalogue = read_catalogue()

    def french(sentence: str) -> str:
        message = catalogue.get(sentence)
        assert message is not None, f"no page says {sentence!r}"
        return str(message.string)

    return french
