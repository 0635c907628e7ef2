"""How somebody's own figures get in: a question answered in place, a table nobody knows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility_problems, is_sound
from tests.today import today

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YESTERDAY = today() - timedelta(days=1)


def bring(page: Page, path) -> None:
    page.goto("/imports/")
    page.locator("#id_upload").set_input_files(path)
    page.get_by_role("button", name="Importer").click()
    row = page.locator("#imports-list tr", has_text=path.name).first
    expect(row.locator(".badge")).to_be_visible(timeout=30_000)
    row.get_by_role("link").first.click()


def test_a_question_is_answered_on_its_page_without_sending_the_file_again(visit, site) -> None:
    page = visit("Diane", size=(390, 844))
    path = site.files / "sans-devise.csv"
    header = "Campaign,Campaign ID,Day,Cost,Impr.,Clicks"
    lines = ["Campaign report", '"September 1, 2026 - September 2, 2026"', header,
             "Marque,1,2026-09-01,12.50,100,9"]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bring(page, path)

    expect(page.get_by_role("heading", name="De quel compte vient-il")).to_be_visible()
    expect(page.get_by_text("Dites leur devise")).to_be_visible()
    assert accessibility_problems(page) == []
    path.unlink()
    page.get_by_label("Devise").fill("francs")
    page.get_by_label("Devise").fill("XXQ")
    page.get_by_role("button", name="Importer avec cette réponse").click()
    expect(page.get_by_text("n’est pas une devise")).to_be_visible()
    page.get_by_label("Devise").fill("chf")
    page.get_by_role("button", name="Importer avec cette réponse").click()

    expect(page.locator(".badge").first).to_have_text("Publié")
    expect(page.locator("dl.facts").last).to_contain_text(re.compile(r"12,50\WCHF"))
    page.get_by_role("button", name="Annuler cet import").click()


def test_a_table_nobody_knows_becomes_figures_and_is_known_the_next_time(visit, site) -> None:
    page = visit("Diane")
    page.set_viewport_size({"width": 390, "height": 844})
    path = site.files / "plan-radio.csv"
    days = [YESTERDAY - timedelta(days=back) for back in (3, 2, 1)]
    lines = ["Plan média;;;", "Tag;Kampagne;Kosten netto;Bemerkung"]
    lines += [f"{day:%d.%m.%Y};Herbst;1.000,50;x" for day in days]
    path.write_text("\n".join([*lines, f"{days[0]:%d.%m.%Y};Herbst;1O;y"]) + "\n", encoding="utf-8")

    bring(page, path)
    expect(page.locator(".badge").first).to_have_text("Attend une réponse")
    page.get_by_role("link", name="Décrire ses colonnes").click()
    expect(page.get_by_label("Tag")).to_have_value("date")
    expect(page.get_by_label("Kosten netto")).to_have_value("spend")
    page.get_by_label("D’où viennent les chiffres").fill("Radio")
    page.get_by_label("Nom de ce tableau").fill("Plan radio")
    preview = page.locator("#mapping-preview")
    expect(preview).to_contain_text(re.compile(r"3\W001,50\W€"))
    expect(preview).to_contain_text(
        "Kosten netto – « 1O »".replace(" »", "\u202f»").replace("« ", "«\u202f")
    )
    page.get_by_label("Kampagne").select_option("spend")
    expect(preview.get_by_role("status").first).to_contain_text("choisissez")
    page.get_by_label("Kampagne").select_option("campaign")
    expect(preview).to_contain_text(re.compile(r"3\W001,50\W€"))
    is_sound(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Importer et retenir ce tableau").click()
    expect(page.locator(".badge").first).to_have_text("Publié")

    page.goto("/report/?split=platform")
    expect(page.locator("#breakdown")).to_contain_text("Radio")
    later = site.files / "plan-radio-2.csv"
    later.write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")
    bring(page, later)
    expect(page.locator(".badge").first).to_have_text("Publié")
    page.get_by_role("button", name="Annuler cet import").click()
    page.goto("/imports/")
    page.locator("#imports-list").get_by_role("link", name="plan-radio.csv").first.click()
    page.get_by_role("button", name="Annuler cet import").click()
    page.goto("/imports/")
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Oublier Plan radio").click()
    expect(page.get_by_text("est oublié")).to_be_visible()


def test_a_long_import_says_how_long_and_stops_on_request(visit, site) -> None:
    page = visit("Diane")
    path = site.files / "long.csv"
    header = "order_id,ordered_at,revenue,currency,channel,campaign"
    with path.open("w", encoding="utf-8") as file:
        file.write(header + "\n")
        for number in range(1_500_000):
            file.write(f"C-{number},2026-09-{number % 28 + 1:02d},250.00,EUR,paid search,Automne\n")

    page.goto("/imports/")
    page.locator("#id_upload").set_input_files(path)
    page.get_by_role("button", name="Importer").click()
    page.locator("#imports-list").get_by_role("link", name="long.csv").first.click()
    expect(page.locator("#import-progress")).to_contain_text(re.compile("encore|instant"))
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Arrêter cet import").click()

    expect(page.locator(".badge").first).to_have_text("Arrêté")
    expect(page.get_by_text("arrêté sur demande")).to_be_visible()
