"""Walks through the report: explain a number, narrow the page, aim at something, take it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, accessibility_problems, is_sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_number_says_where_it_comes_from(visit) -> None:
    page = visit("Amélie")

    page.get_by_label("D’où vient ce chiffre : Coût par acquisition (CPA)").click()
    panel = page.locator("dialog.explain")
    expect(panel.get_by_text("Dépenses ÷ Commandes")).to_be_visible()
    expect(panel.get_by_text("orders.csv")).to_be_visible()
    expect(panel.get_by_text("google.csv")).to_be_visible()
    panel.get_by_role("link", name="Page suivante").first.click()
    expect(panel.get_by_text("Page 2 sur 3").first).to_be_visible()
    assert accessibility_problems(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    page.locator("#breakdown tbody td a.why").first.click()
    expect(panel.locator(".big")).to_have_text(re.compile(r"3\W765,00\W€"))
    panel.get_by_role("link", name="Ouvrir comme une page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("D’où vient"))
    page.get_by_role("link", name="google.csv").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("google.csv")


def test_filters_are_chosen_said_and_taken_away(visit) -> None:
    page = visit("Amélie")

    page.get_by_role("link", name="Filtrer").click()
    page.locator("dialog.explain").get_by_label("Marque").check()
    page.locator("dialog.explain").get_by_role("button", name="Afficher").click()
    page.wait_for_url("**only_campaign=201**")
    expect(page.locator(".chip")).to_contain_text("Marque")
    expect(page.locator(".headline .exact").first).to_have_text(re.compile(r"3\W000,00\W€"))
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator(".headline .exact").first).to_have_text(re.compile(r"3\W765,00\W€"))


def test_an_objective_is_set_seen_on_the_report_removed_and_brought_back(visit) -> None:
    page = visit("Amélie")

    page.get_by_role("link", name="Objectifs").first.click()
    page.get_by_role("link", name="Fixer", exact=False).first.click()
    page.get_by_label("Mesuré par").select_option("orders")
    page.get_by_label("Cible").fill("beaucoup")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("n’est pas un nombre")).to_be_visible()
    page.get_by_label("Cible").fill("1")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("L’objectif est fixé")).to_be_visible()

    page.goto("/report/?period=this_month&metric=orders")
    expect(page.locator(".headline .aim")).to_have_count(1)
    expect(page.locator(".legend")).to_contain_text("Cible")
    page.goto("/objectives/")
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="Supprimer cet objectif").click()
    expect(page.get_by_text("Pas encore d’objectif")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator("tbody th a").first).to_have_text("Commandes")


def test_a_report_on_paper_is_whole_light_and_says_whose_it_is(visit) -> None:
    page = visit("Amélie", language="en", theme="dark")
    page.goto("/report/?split=campaign&view=results")
    expect(page.locator("figure[data-drawn='true']")).to_have_count(1)
    address = page.url
    page.set_viewport_size({"width": 703, "height": 1000})  # an A4 sheet less its margins
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".imprint")).to_contain_text("Great Insurance")
    expect(page.locator(".imprint [data-address]")).to_have_text(address)
    expect(
        page.locator(".rail, .top, .bottom, .table-tools, .tabs").filter(visible=True)
    ).to_have_count(0)
    expect(page.locator(".chart .paper")).to_be_visible()
    expect(page.locator(".chart .canvas")).to_be_hidden()
    assert page.locator(".chart .paper").bounding_box()["width"] <= 703
    # Light ink would not be read on white paper.
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 29, 31)"
    page.emulate_media(media="screen")
    expect(page.locator(".chart .paper")).to_be_hidden()


PAGES = ("/report/?view=results", "/report/explain/?figure=cpa", "/report/filters/",
         "/report/compare/?first=201&second=202", "/objectives/", "/objectives/new/")  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("theme", "size"), [("light", PHONE), ("dark", DESK)])
def test_every_page_of_the_report_fits_and_is_accessible(visit, language, theme, size) -> None:
    page = visit("Amélie", language=language, theme=theme, size=size)

    for path in PAGES:
        page.goto(path)
        page.wait_for_timeout(150)
        is_sound(page)
