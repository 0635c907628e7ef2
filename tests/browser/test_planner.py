"""The planner walked in French: a goal, a budget, sliders, sharing, and what happened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import EACH_PAIR_TO_THE_DESK, is_sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def plain(text: str) -> re.Pattern[str]:
    """``text`` with whatever spaces French typography puts in it."""
    return re.compile(re.escape(text).replace(r"\ ", r"\s"))


def fill_course(page: Page, *, name: str = "Contrats d’hiver") -> None:
    page.get_by_label("Nom du plan").fill(name)
    page.get_by_label("Objectif (transactions)").fill("1 000")
    page.get_by_label("Taux de clic").fill("2 %")
    page.get_by_label("Taux de conversion").fill("2")
    page.get_by_label("Coût pour mille (CPM)").fill("2")


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer le plan").click()
    expect(page.get_by_text("Le plan est enregistré").first).to_be_visible()


def test_a_goal_becomes_a_budget_while_one_types(visit) -> None:
    page = visit("Amélie")

    page.locator(".rail").get_by_role("link", name="Planificateur").click()
    page.get_by_role("link", name="Nouveau plan").click()
    fill_course(page)
    result = page.locator("#plan-result")
    expect(result).to_contain_text(plain("2 500 000 impressions et 5 000,00 €"))
    page.get_by_label("Le budget : combien d’argent").check()
    expect(page.get_by_label("Objectif (transactions)")).to_be_hidden()
    page.get_by_label("Budget", exact=True).fill("2 500")
    expect(result).to_contain_text(plain("ventes attendues : 500"))
    page.get_by_label("Taux de clic").fill("150")
    expect(result).to_contain_text("À corriger")
    page.get_by_role("button", name="Enregistrer le plan").click()
    expect(page.locator("#id_click_rate_error")).to_contain_text("Un taux est supérieur à")
    expect(page.get_by_label("Taux de clic")).to_have_attribute("aria-invalid", "true")


def test_sliders_show_what_another_rate_would_bring(visit) -> None:
    page = visit("Amélie")
    page.goto("/planner/new/")
    fill_course(page)
    save(page)

    slider = page.locator("#slider-conversion_rate")
    slider.focus()
    for _press in range(5):  # five steps of five percent
        page.keyboard.press("ArrowRight")

    expect(page.locator("#trial")).to_contain_text(plain("ventes attendues : 1 250"))
    expect(page.locator("#trial")).to_contain_text(plain("4 000,00 €"))


def test_a_plan_is_shared_and_laid_beside_what_happened(visit) -> None:
    chloe = visit("Chloé")
    chloe.goto("/planner/new/")
    fill_course(chloe, name="Plan de Nantes")
    save(chloe)
    address = chloe.url
    bruno = visit("Bruno")
    assert bruno.goto(address).status == 404

    # Each day of the last thirty: 125.50 euros, 2,800 impressions and one order.
    happened = chloe.locator("#happened")
    expect(happened).to_contain_text(plain("125,50 € au lieu de 5,00 €"))
    effects = happened.locator("tbody .effect")
    expect(effects).to_have_count(3)
    chloe.get_by_role("button", name="Partager dans l’organisation").click()
    expect(chloe.get_by_text("Toute l’organisation peut maintenant lire ce plan.")).to_be_visible()

    assert bruno.goto(address).status == 200
    diane = visit("Diane")
    assert diane.goto(address).status == 404
    diane.goto("/planner/")
    expect(diane.get_by_text("Aucun plan pour l’instant")).to_be_visible()


def test_the_planner_works_without_scripts(chromium, site) -> None:
    context = chromium.new_context(base_url=site.address, locale="fr", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Amélie").click()
    page.goto("/planner/new/")
    fill_course(page)
    page.get_by_role("button", name="Calculer sans enregistrer").click()
    expect(page.locator("#plan-result")).to_contain_text(plain("5 000,00 €"))
    save(page)
    page.get_by_role("button", name="Voir l’effet").click()
    expect(page.locator("#trial")).to_be_visible()
    context.close()


@pytest.mark.parametrize(*EACH_PAIR_TO_THE_DESK)
def test_every_page_of_the_planner_fits_and_is_accessible(visit, language, theme, size) -> None:
    page = visit("Chloé", language=language, theme=theme, size=size)
    page.goto("/planner/new/")
    fill = page.locator
    fill("#id_name").fill("Un nom de plan plutôt long, " * 4)
    fill("#id_goal").fill("900000000")
    fill("#id_cpm").fill("12345")
    fill("#id_click_rate").fill("9")
    page.locator("button[value=save]").click()
    page.wait_for_url(re.compile(r"/planner/\d+/"))

    for path in (page.url, "/planner/", "/planner/new/", "/planner/post/",
                 "/planner/post/?share_rate=0"):  # fmt: skip
        page.goto(path)
        page.wait_for_timeout(150)
        is_sound(page)
