"""The browser that other tests rely on really lays out text, in both of our languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import accessibility_problems

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_text_is_laid_out_and_a_click_is_answered(page: Page) -> None:
    page.set_content("<button onclick=\"this.textContent = '1\u202f234,50 €'\">Dépense</button>")

    assert page.inner_text("button") == "Dépense"
    page.click("button")
    assert page.inner_text("button") == "1\u202f234,50 €"


def test_a_visitor_is_french_and_lives_in_paris(page: Page) -> None:
    assert page.evaluate("navigator.language") == "fr-FR"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Europe/Paris"


def test_a_picture_without_a_name_is_seen_as_a_problem(page: Page) -> None:
    page.set_content("<html lang='fr'><title>Essai</title><main><h1>Essai</h1></main></html>")
    assert accessibility_problems(page) == []

    page.evaluate("document.querySelector('main').innerHTML += '<input>'")
    assert any("label" in problem for problem in accessibility_problems(page))
