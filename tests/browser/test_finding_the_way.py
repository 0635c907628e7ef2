"""The tour of newcomers and the palette: how somebody finds the way, by keyboard and by ear."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, accessibility_problems

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    ("language", "size", "take", "words", "again"),
    [
        ("fr", DESK, "Faire la visite", "Les mots de cette page", "Faire la visite de cette page"),
        ("en", PHONE, "Take the tour", "The words of this page", "Take the tour of this page"),
    ],
)
def test_a_newcomer_takes_the_tour_leaves_it_and_goes_on(
    visit, language, size, take, words, again
) -> None:
    page = visit("Amélie", language=language, size=size, seen="")
    tour = page.locator("dialog.tour")

    page.get_by_role("button", name=take).click()
    expect(tour).to_be_visible()
    expect(tour.locator("h2:visible")).to_be_focused()
    assert accessibility_problems(page) == []
    page.keyboard.press("ArrowRight")
    expect(tour.locator(".at")).to_have_text(re.compile("^2 / "))
    expect(tour.locator("h2:visible")).to_be_focused()
    page.keyboard.press("Escape")
    expect(tour).to_be_hidden()

    page.reload()
    expect(page.locator(".tour-offer")).to_have_count(0)
    page.get_by_role("button", name=words).first.click()
    page.locator("dialog.help").get_by_role("button", name=again).click()
    expect(tour.locator(".at")).to_have_text(re.compile("^2 / "))
    stops = int(tour.locator(".at").inner_text().split("/")[1])
    for _stop in range(2, stops):
        page.keyboard.press("ArrowRight")
        light = page.locator(".tour-light").bounding_box()
        assert light is not None
        assert light["width"] > 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tour.locator("button.first[data-leaves]").click()
    expect(tour).to_be_hidden()


def test_a_tour_can_be_declined_and_speaks_of_what_is_there(visit) -> None:
    page = visit("Diane", seen="")

    page.get_by_role("button", name="Pas maintenant").click()
    page.reload()
    expect(page.locator(".tour-offer")).to_have_count(0)

    page.goto("/imports/")
    page.get_by_role("button", name="Faire la visite").click()
    tour = page.locator("dialog.tour")
    expect(tour.locator("h2:visible")).to_have_text("Apportez les fichiers tels quels")
    # Nothing was imported: there is no row to speak of.
    expect(tour.locator(".at")).to_have_text("1 / 3")


@pytest.mark.parametrize(
    ("language", "typed", "path"),
    [
        ("fr", "paramètres deux facteurs", "/accounts/2fa/"),
        ("fr", "nouveau budget", "/planner/new/"),
        ("fr", "tableau de bord", "/report/"),
        ("fr", "viser", "/objectives/new/"),
        ("en", "what if", "/planner/"),
        ("en", "equal budget", "/report/compare/"),
        ("en", "settings devices", "/accounts/sessions/"),
        ("en", "orders.csv", "/imports/"),
    ],
)
def test_a_page_is_found_by_another_of_its_names(visit, language, typed, path) -> None:
    page = visit("Chloé", language=language)
    page.goto("/objectives/")

    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    expect(page.locator(".palette .chosen")).to_be_visible()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{path}**")


def test_plans_and_views_are_found_by_their_name_and_only_by_who_may_see_them(visit) -> None:
    page = visit("Chloé")
    page.get_by_text("Vues", exact=True).click()
    page.get_by_label("Garder cette vue sous").fill("Vue du lundi")
    page.locator("form[action*=save]").get_by_role("button").click()
    expect(page.get_by_role("status").first).to_contain_text("La vue est")
    page.wait_for_load_state()  # the words stand before the script that listens for keys

    page.keyboard.press("Control+k")
    page.keyboard.type("lundi")
    expect(page.locator(".palette .chosen")).to_have_text("Vue du lundi")
    assert accessibility_problems(page) == []
    expect(page.locator(".palette [role=status]")).to_have_text("Vue du lundi, 1 / 1")

    diane = visit("Diane")
    diane.keyboard.press("Control+k")
    diane.keyboard.type("lundi")
    expect(diane.locator(".palette .nothing")).to_be_visible()
