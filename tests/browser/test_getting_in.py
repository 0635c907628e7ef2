"""How somebody's own figures get in: a question answered in place, a table nobody knows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility_problems

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def bring(page: Page, path) -> None:
    page.goto("/imports/")
    page.locator("#id_upload").set_input_files(path)
    page.get_by_role("button", name="Importer").click()
    row = page.locator("#imports-list tr", has_text=path.name).first
    expect(row.locator(".badge")).to_be_visible(timeout=30_000)
    row.get_by_role("link").click()


def test_a_question_is_answered_on_its_page_without_sending_the_file_again(visit, site) -> None:
    page = visit("Diane", size=(390, 844))
    path = site.files / "sans-devise.csv"
    header = "Campaign,Campaign ID,Day,Cost,Impr.,Clicks"
    lines = ["Campaign report", '"September 1, 2026 - September 2, 2026"', header,
             "Marque,1,2026-09-01,12.50,100,9"]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bring(page, path)

    expect(page.get_by_role("heading", name="Il faut une réponse")).to_be_visible()
    assert accessibility_problems(page) == []
    path.unlink()
    page.get_by_label("Devise").fill("francs")
    page.get_by_label("Devise").fill("XXQ")
    page.get_by_role("button", name="Importer avec cette réponse").click()
    expect(page.get_by_text("n’est pas une devise")).to_be_visible()
    page.get_by_label("Devise").fill("chf")
    page.get_by_role("button", name="Importer avec cette réponse").click()

    expect(page.locator(".badge").first).to_have_text("Publié", timeout=30_000)
    expect(page.locator("dl.facts").last).to_contain_text(re.compile(r"12,50\WCHF"))
    page.get_by_role("button", name="Annuler cet import").click()
