"""The table and the time line of the report in a browser: opened, sought, marked, taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility_problems
from tests.today import today

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAY = today() - timedelta(days=3)


ROWS = "#breakdown tbody th .name > span:last-child"


def names(page: Page) -> list[str]:
    heads = page.locator(ROWS)
    return [re.sub(r"^.*›", "", text).splitlines()[0].strip() for text in heads.all_inner_texts()]


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"])
def test_a_row_opens_in_place_and_the_back_button_closes_it(visit, size) -> None:
    page = visit(size=size)
    page.goto("/report/?split=account")
    before = page.locator(ROWS).count()

    page.locator("a.fold").first.press("Enter")
    expect(page.locator("a.fold[aria-expanded='true']")).to_be_focused()
    assert page.locator(ROWS).count() > before
    expect(page).to_have_url(re.compile("open="))
    assert accessibility_problems(page) == []
    page.reload()
    expect(page.locator("a.fold[aria-expanded='true']")).to_have_count(1)
    page.go_back()
    expect(page.locator(ROWS)).to_have_count(before)
    expect(page.locator("a.fold[aria-expanded='true']")).to_have_count(0)


def test_what_is_typed_is_found_without_losing_the_field(visit) -> None:
    page = visit()
    page.goto("/report/?split=campaign")
    field = page.get_by_role("searchbox", name="Trouver une ligne par son nom")

    field.press_sequentially("gener")
    expect(page.locator("#breakdown .found")).to_contain_text("1 ligne sur 2")
    expect(page.locator("#find-rows")).to_be_focused()
    expect(page.locator("#breakdown tbody tr")).to_have_count(1)
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


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header of a PNG."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def test_the_chart_leaves_as_pictures_that_say_what_they_show(visit) -> None:
    page = visit(language="fr")
    page.goto("/report/")
    figure = page.locator("figure[data-drawn='true']").first
    expect(figure.locator(".canvas canvas")).to_be_visible()
    saved = {}
    for kind in ("png", "svg"):
        with page.expect_download() as waiting:
            figure.locator(".saves > summary").click()
            figure.locator(f"[data-saves='{kind}']").click()
        saved[kind] = waiting.value

    title = figure.locator("figcaption h2").inner_text()
    width = figure.locator(".canvas").bounding_box()["width"]
    assert {one.suggested_filename.rsplit(".", 1)[1] for one in saved.values()} == {"png", "svg"}
    wide, high = png_size(saved["png"].path().read_bytes())
    assert wide >= 2 * width
    assert high > 400
    drawing = ElementTree.parse(saved["svg"].path()).getroot()  # noqa: S314 - our own drawing
    names = "{http://www.w3.org/2000/svg}"
    assert drawing.tag == f"{names}svg"
    assert drawing.findtext(f"{names}title") == title
    said = [one.text for one in drawing.iter(f"{names}text")]
    assert said[0] == title
    assert said[1][:6] == page.locator(".page-head p").first.inner_text()[:6]
    assert "en tirets" in said[1]
    assert len(list(drawing.iter(f"{names}path"))) > 5


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"])
def test_columns_are_found_chosen_and_kept_and_rows_laid_side_by_side(visit, size) -> None:
    page = visit(language="en", size=size)
    page.goto("/report/?split=campaign")
    page.locator(".menu.chooser > summary").click()
    page.get_by_role("searchbox", name="Find a column").fill("mille")
    expect(page.locator("#columns-offered .choice:visible")).to_have_count(1)
    page.locator("#columns-offered .choice:visible input").check()
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Show", exact=True).click()

    heads = page.locator("#breakdown thead")
    expect(heads).to_contain_text("Cost per mille (CPM)")
    expect(page).to_have_url(re.compile(r"columns=delivery\.cpm"))
    page.goto("/report/?split=campaign")
    expect(heads).to_contain_text("Cost per mille (CPM)")
    for place in (0, 1):
        page.locator("[data-pick]").nth(place).check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#picks button").click()
    expect(page.locator("#equal-title")).to_contain_text("Both with")
    assert accessibility_problems(page) == []


def test_days_of_ones_own_are_compared_with(visit) -> None:
    page = visit(language="en")
    page.goto("/report/?split=campaign")
    page.locator(".menu.comparison > summary").click()
    page.locator("#compare-from").fill(str(DAY - timedelta(days=4)))
    page.locator("#compare-to").fill(str(DAY))
    page.get_by_role("button", name="Compare with these dates").click()

    expect(page.locator(".page-head p").first).to_contain_text("5 days: sums stand as they are")
    expect(page.locator("#breakdown tfoot .moved").first).to_contain_text("▲")
    page.locator("#breakdown .by-change").first.click()
    expect(page).to_have_url(re.compile("sort=-spend_change"))
    assert accessibility_problems(page) == []
