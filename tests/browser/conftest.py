"""Windows on a served installation, for walks through the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESK, LONGEST
from tests.served import Site, served

TOURS = "report.imports"  # of newcomers: already seen, unless a walk is about them


@pytest.fixture
def visit(chromium: Browser, site) -> Iterator:
    """Opens a window for a person; whatever it asks of the network is checked at the end."""
    contexts, outside = [], []

    def open_as(name="Amélie", *, language="fr", theme="light", size=DESK, seen=TOURS) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            locale=language,
            viewport={"width": size[0], "height": size[1]},
        )
        context.set_default_timeout(LONGEST)
        contexts.append(context)
        context.add_cookies(
            [
                {"name": "theme", "value": theme, "url": site.address},
                {"name": "django_language", "value": language, "url": site.address},
                {"name": "tour", "value": seen, "url": site.address},
            ]
        )
        page = context.new_page()
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((site.address, "data:", "blob:"))
                else outside.append(asked.url)
            ),
        )
        page.on("pageerror", lambda error: outside.append(f"script: {error}"))
        page.goto("/")
        if name:
            page.get_by_role("button", name=name).click()
            page.wait_for_url(re.compile(r"/report/(\?|$)"))  # older figures lead to their days
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert outside == []


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(with_figures=True) as one:
        yield one
