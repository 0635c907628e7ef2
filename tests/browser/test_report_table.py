"""The table and the time line of the report in a browser: opened, sought, marked, taken back."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility_problems

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAY = date.today() - timedelta(days=3)  # noqa: DTZ011


def names(page: Page) -> list[str]:
    heads = page.locator("#breakdown tbody th .name > span:last-child")
    return [re.sub(r"^.*›", "", text).splitlines()[0].strip() for text in heads.all_inner_texts()]


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"])
def test_a_row_opens_in_place_and_the_back_button_closes_it(visit, size) -> None:
    page = visit(size=size)
    page.goto("/report/?split=account")
    before = len(names(page))

    page.locator("a.fold").first.press("Enter")
    expect(page.locator("a.fold[aria-expanded='true']")).to_be_focused()
    assert len(names(page)) > before
    assert "open=" in page.url
    assert accessibility_problems(page) == []
    page.reload()
    expect(page.locator("a.fold[aria-expanded='true']")).to_have_count(1)
    page.go_back()
    expect(page.locator("a.fold[aria-expanded='true']")).to_have_count(0)
    assert len(names(page)) == before


def test_what_is_typed_is_found_without_losing_the_field(visit) -> None:
    page = visit()
    page.goto("/report/?split=campaign")
    field = page.get_by_role("searchbox", name="Trouver une ligne par son nom")

    field.press_sequentially("gener")
    expect(page.locator("#breakdown .found")).to_contain_text("1 ligne sur 2")
    expect(page.locator("#find-rows")).to_be_focused()
    assert names(page) == ["Générique"]
    page.locator("#find-rows").press_sequentially("ique")
    expect(page.locator("#find-rows")).to_have_value("generique")
    page.get_by_role("link", name="Voir toutes les lignes").click()
    expect(page.locator("#breakdown tbody tr")).to_have_count(2)


def test_density_is_remembered(visit) -> None:
    page = visit()
    high = page.locator("#breakdown tbody tr").first.bounding_box()
    page.get_by_role("button", name="Dense").click()
    low = page.locator("#breakdown tbody tr").first.bounding_box()

    assert low["height"] < high["height"]
    page.reload()
    assert page.locator("html").get_attribute("data-density") == "compact"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_event_is_noted_seen_on_the_chart_and_taken_back(visit, language) -> None:
    page = visit("Bruno", language=language, size=(1440, 900))
    page.locator(".chart-acts a").first.click()
    page.locator("#id_title").fill(f"Spot {language}")
    page.locator("#id_starts_on").fill(str(DAY))
    page.locator("form.stack button.first").click()

    page.wait_for_url("**/report/**")
    listed = page.locator(".chart-events li", has_text=f"Spot {language}")
    expect(listed).to_have_count(1)
    assert f"Spot {language}" in (page.locator(".canvas").get_attribute("aria-label") or "")
    assert accessibility_problems(page) == []
    listed.get_by_role("link").click()
    page.locator("button.danger").click()
    expect(page.get_by_text(f"Spot {language}")).to_have_count(0)
    page.locator(".page-head .acts form button").click()
    expect(page.get_by_role("link", name=f"Spot {language}")).to_have_count(1)
    page.get_by_role("link", name=f"Spot {language}").click()
    page.locator("button.danger").click()
