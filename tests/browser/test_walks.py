"""What people do on the pages, in a real browser: sign in, read, drill down, import, undo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import EACH_PAIR, is_sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def card(page: Page, name: str):
    named = page.locator(".name", has_text=re.compile(f"^{re.escape(name)}$"))
    return page.locator(".headline .figure", has=named)


def test_one_click_signs_in_and_shows_what_was_spent_and_earned(visit) -> None:
    page = visit("Amélie")

    expect(page.get_by_role("heading", name="Rapport", exact=True)).to_be_visible()
    # 30 days of 100.00 and 25.50 euros; as many orders of 250 euros.
    expect(card(page, "Dépenses").locator(".exact")).to_have_text(re.compile(r"3\W765,00\W€"))
    expect(card(page, "Chiffre d’affaires").locator(".exact")).to_have_text(
        re.compile(r"7\W500,00\W€")
    )
    expect(page.locator("figure[data-drawn] canvas")).to_be_visible()


def test_a_breakdown_opens_down_to_the_campaign_and_back(visit) -> None:
    page = visit("Amélie")

    page.get_by_role("link", name="Google Ads", exact=True).click()
    page.locator("#breakdown tbody th a.long").first.click()
    expect(page.locator("#breakdown tbody th")).to_have_text(["Marque", "Générique"])
    page.get_by_role("link", name="Marque", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marque")
    expect(page).to_have_url(re.compile("campaign=201"))
    page.go_back()
    page.get_by_label("Où vous êtes").get_by_role("link", name="Rapport").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapport")


def test_the_period_and_the_comparison_live_in_the_address(visit) -> None:
    page = visit("Amélie")

    page.get_by_text("30 derniers jours").first.click()
    page.get_by_role("link", name="7 derniers jours").click()
    expect(card(page, "Dépenses").locator(".exact")).to_have_text(re.compile(r"878,50\W€"))
    page.get_by_text("Période précédente", exact=True).first.click()
    page.get_by_role("link", name="Sans comparaison").click()

    expect(page).to_have_url(re.compile("period=last_7_days"))
    expect(page).to_have_url(re.compile("compare=none"))
    expect(page.locator(".change .moved")).to_have_count(0)


def test_a_chart_has_its_table(visit) -> None:
    page = visit("Amélie")

    page.get_by_role("button", name="Tableau").click()

    expect(page.locator(".chart-table tbody tr")).to_have_count(30)
    expect(page.locator(".canvas")).to_be_hidden()


def test_the_outsider_sees_nothing_of_the_network(visit) -> None:
    page = visit("Diane")

    expect(page.get_by_text("Vos chiffres seront ici")).to_be_visible()
    page.goto("/imports/")
    expect(page.get_by_text("Aucun fichier n’est encore arrivé")).to_be_visible()
    assert page.goto("/imports/1/").status == 404


def test_files_are_dropped_imported_read_and_taken_back(visit, site) -> None:
    page = visit("Diane")
    path = site.google_file("mine.csv", days=30, cost="7.00")
    broken = path.read_text(encoding="utf-8") + "Marque,201,2026-13-45,EUR,1.00,1,1,0,0\n"
    path.write_text(broken, encoding="utf-8")

    page.goto("/imports/")
    page.locator("#id_upload").set_input_files(path)
    page.get_by_text("Ce que les fichiers ne disent pas toujours").click()
    page.get_by_label("Compte").fill("987-654-3210")
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_text("Publié").first).to_be_visible(timeout=30_000)

    page.get_by_role("link", name="mine.csv").click()
    refused = page.get_by_role("region", name="Lignes refusées").locator("tbody tr")
    expect(refused).to_have_count(1)
    expect(refused.locator("th")).to_have_text("64")
    with page.expect_download() as download:
        page.get_by_role("link", name="Lignes refusées").click()
    assert "2026-13-45" in download.value.path().read_text(encoding="utf-8-sig")

    page.get_by_role("link", name="Voir le rapport").click()
    expect(card(page, "Dépenses").locator(".exact")).to_have_text(re.compile(r"975,00\W€"))
    page.go_back()
    page.get_by_role("button", name="Annuler cet import").click()
    expect(page.locator(".badge").first).to_have_text("Annulé")
    page.goto("/report/")
    expect(page.get_by_text("Vos chiffres seront ici")).to_be_visible()


def test_nonsense_in_a_field_is_answered_beside_it(visit, site) -> None:
    page = visit("Amélie")

    page.goto("/imports/")
    page.locator("#id_upload").set_input_files(site.files / "google.csv")
    page.get_by_text("Ce que les fichiers ne disent pas toujours").click()
    page.get_by_label("Fuseau horaire").fill("Paris")
    page.get_by_role("button", name="Importer").click()

    expect(page.get_by_text("n’est pas un fuseau horaire")).to_be_visible()


def test_language_and_theme_are_kept(visit) -> None:
    page = visit("Amélie")

    page.get_by_label("Vous et vos préférences").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    page.get_by_label("You and your preferences").click()
    page.locator(".person").get_by_role("button", name="Dark").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_keyboard_finds_every_place(visit) -> None:
    page = visit("Amélie")

    page.keyboard.press("Control+k")
    page.keyboard.type("geneve")
    expect(page.locator(".palette .nothing")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("nantes")
    page.keyboard.press("Enter")
    page.wait_for_load_state()

    expect(page.locator(".top .for")).to_contain_text("Great Insurance Nantes")


def test_a_wrong_password_says_what_to_do(visit) -> None:
    page = visit("")

    page.get_by_label("Courriel").fill("amelie@great-insurance.example")
    page.get_by_label("Mot de passe").fill("not that one")
    page.get_by_role("button", name="Se connecter", exact=True).click()

    expect(page.get_by_role("alert")).to_be_visible()


PAGES = ("/accounts/login/", "/report/", "/report/?period=last_7_days", "/imports/", "/imports/1/",
         "/components/")  # fmt: skip


@pytest.mark.parametrize(*EACH_PAIR)
def test_every_page_fits_and_is_accessible(visit, language, theme, size) -> None:
    page = visit("Amélie", language=language, theme=theme, size=size)

    for path in PAGES:
        page.goto(path)
        page.wait_for_timeout(150)
        is_sound(page)
