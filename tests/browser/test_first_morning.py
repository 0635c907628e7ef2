"""The walks that Régie is judged by, in both languages, on a phone and at a desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, is_sound, said_in
from tests.today import today

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YESTERDAY = today() - timedelta(days=1)

everywhere = pytest.mark.parametrize(
    ("language", "size"),
    [("fr", PHONE), ("fr", DESK), ("en", PHONE), ("en", DESK)],
    ids=["fr-phone", "fr-desk", "en-phone", "en-desk"],
)
one_of_each = pytest.mark.parametrize(
    ("language", "size"), [("en", PHONE), ("fr", DESK)], ids=["en-phone", "fr-desk"]
)


def euros(language: str, whole: str, cents: str) -> re.Pattern[str]:
    """An amount as each language writes it, whatever spaces typography puts in it."""
    if language == "en":
        return re.compile(rf"€{whole}\.{cents}")
    return re.compile(rf"{whole.replace(',', chr(92) + 's')},{cents}\s€")


@pytest.mark.requirement("DASH-12")
@everywhere
def test_from_nothing_to_figures_that_explain_themselves(visit, site, language, size) -> None:
    say = said_in(language)
    page = visit("", language=language, size=size)
    _sign_up(page, site, say, f"newcomer-{language}-{size[0]}@studio.example")
    path = site.meta_file(f"meta-{language}-{size[0]}.csv")
    page.locator("#id_upload").set_input_files(path)
    page.get_by_role("button", name=say("Import"), exact=True).click()
    expect(page.locator("#imports-list .badge")).to_have_text(say("Published"))
    page.get_by_role("link", name=say("Your figures"), exact=True).click()

    spent = page.locator(".headline .figure", has_text=say("Spend")).first
    expect(spent.locator(".exact")).to_have_text(euros(language, "1,505", "00"))
    unnamed = say("Account that its files don’t name")
    for deeper in ("Meta Ads", unnamed, "Hiver doux", "Similaires 1 %"):
        page.locator("#breakdown tbody th").get_by_role("link", name=deeper, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(deeper)
    expect(page.locator("#breakdown tbody tr").first).to_contain_text("Vidéo A")
    expect(page.locator("#breakdown tbody tr").first).to_contain_text(
        euros(language, "1,004", "50")
    )
    is_sound(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiver doux")

    page.locator(".headline .asks").first.click()
    panel = page.locator("dialog.explain")
    expect(panel.get_by_text(path.name).first).to_be_visible()
    expect(panel.locator(".big")).to_have_text(euros(language, "1,505", "00"))
    is_sound(page)
    page.keyboard.press("Escape")

    page.locator("[aria-labelledby=funnel-title] a.why").last.click()
    expect(panel.locator(".big")).to_have_text(re.compile(r"%$"))
    page.keyboard.press("Escape")
    _aim_and_take_back(page, say)
    page.goto("/imports/")
    page.locator("#imports-list").get_by_role("link", name=path.name).click()
    page.get_by_role("button", name=say("Undo this import")).click()
    expect(page.locator(".badge").first).to_have_text(say("Undone"))
    page.goto("/report/")
    expect(page.get_by_role("heading", name=say("Your figures will stand here"))).to_be_visible()


def _sign_up(page: Page, site, say, email: str) -> None:
    page.get_by_role("link", name=say("Create an account")).click()
    page.get_by_label(say("E-mail")).fill(email)
    page.locator("#id_password1").fill("une phrase facile à retenir")
    page.get_by_role("button", name=say("Create my account")).click()
    expect(page.get_by_role("heading", name=say("Look at your e-mail"))).to_be_visible()
    page.goto(site.postbox.link(email))
    page.get_by_role("button", name=say("Yes, it is mine")).click()
    page.locator("#id_name").fill("Studio Newcomer")
    is_sound(page)
    page.get_by_role("button", name=say("Create the organisation")).click()
    expect(page.get_by_role("heading", name=say("Imports"), level=1)).to_be_visible()


def _aim_and_take_back(page: Page, say) -> None:
    rooms = page.get_by_role("navigation", name=say("Rooms"))
    rooms.get_by_role("link", name=say("Objectives")).click()
    page.get_by_role("link", name=say("Set the first objective")).click()
    page.locator("#id_metric").select_option("orders")
    page.locator("#id_target").fill("200")
    page.get_by_role("button", name=say("Keep"), exact=True).click()
    expect(page.locator("tbody th a").first).to_have_text(say("Orders"))
    is_sound(page)
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name=say("Remove this objective")).click()
    page.get_by_role("button", name=say("Undo"), exact=True).click()
    expect(page.locator("tbody th a").first).to_have_text(say("Orders"))
    page.get_by_role("link", name=say("Plan a budget for it")).click()
    expect(page.locator("#id_goal")).to_have_value("200")
    is_sound(page)


@everywhere
def test_a_table_that_nobody_knows_becomes_figures(visit, site, language, size) -> None:
    say = said_in(language)
    page = visit("Bruno", language=language, size=size)
    name = f"Affichage {language} {size[0]}"
    path = site.files / f"{name}.csv"
    days = [YESTERDAY - timedelta(days=back) for back in (3, 2, 1)]
    lines = ["Wochentag;Plakat;Kosten netto", *(f"{day:%d.%m.%Y};Nord;1.000,50" for day in days)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page.goto("/imports/")
    page.locator("#id_upload").set_input_files(path)
    page.get_by_role("button", name=say("Import"), exact=True).click()
    row = page.locator("#imports-list tr", has_text=path.name).first
    expect(row.locator(".badge")).to_be_visible(timeout=30_000)
    row.get_by_role("link").first.click()

    page.get_by_role("link", name=say("Describe its columns")).click()
    page.get_by_label("Wochentag").select_option("date")
    page.get_by_label("Plakat").select_option("campaign")
    page.get_by_label("Kosten netto").select_option("spend")
    page.get_by_label(say("Where the figures come from")).fill("Affichage")
    page.get_by_label(say("Name of this table")).fill(name)
    expect(page.locator("#mapping-preview")).to_contain_text(euros(language, "3,001", "50"))
    is_sound(page)
    page.get_by_role("button", name=say("Import and remember this table")).click()
    expect(page.locator(".badge").first).to_have_text(say("Published"))
    page.goto("/report/?split=platform")
    expect(page.locator("#breakdown")).to_contain_text("Affichage")

    page.go_back()
    page.get_by_role("button", name=say("Undo this import")).click()
    page.goto("/imports/")
    page.get_by_role("button", name=f"{say('Forget')} {name}").click()


@everywhere
def test_the_planner_answers_both_ways(visit, language, size) -> None:
    say = said_in(language)
    page = visit("Bruno", language=language, size=size)
    page.goto("/planner/new/")
    page.locator("#id_name").fill("Cours B2B")
    page.locator("#id_goal").fill("1000")
    page.locator("#id_click_rate").fill("2")
    page.locator("#id_conversion_rate").fill("2")
    page.locator("#id_cpm").fill("2")

    result = page.locator("#plan-result")
    many = "2,500,000" if language == "en" else "2\\s500\\s000"
    expect(result).to_contain_text(re.compile(many))
    expect(result).to_contain_text(euros(language, "5,000", "00"))
    expect(result).to_contain_text(euros(language, "5", "00"))
    is_sound(page)
    page.locator("input[value=budget]").check()
    page.locator("#id_budget").fill("2500")
    expect(result).to_contain_text("500")
    expect(result).to_contain_text(euros(language, "2,500", "00"))
    page.get_by_role("button", name=say("Save the plan")).click()
    page.wait_for_url(re.compile(r"/planner/\d+/"))
    page.locator("#slider-cpm").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#slid-cpm")).to_have_text(euros(language, "2", "10"))
    is_sound(page)


DROPPED = """(target, files) => {
    const carried = new DataTransfer();
    for (const [name, text] of files) carried.items.add(new File([text], name));
    const how = {dataTransfer: carried, bubbles: true, cancelable: true};
    for (const kind of ["dragover", "drop"]) target.dispatchEvent(new DragEvent(kind, how));
}"""


@one_of_each
def test_dropped_files_come_in_and_their_account_is_said(visit, language, size) -> None:
    say = said_in(language)
    page = visit("Bruno", language=language, size=size)
    header = (
        "Reporting starts,Reporting ends,Day,Campaign name,Campaign ID,Amount spent (EUR),"
        "Impressions"
    )
    files = [
        (f"{name} {language}.csv", f"{header}\n{day},{day},{day},Drop {name} {language},7,41,900\n")
        for name, day in (("north", YESTERDAY), ("south", YESTERDAY - timedelta(days=1)))
    ]
    page.goto("/imports/")
    page.locator(".drop").evaluate(DROPPED, files)
    for name, _text in files:
        expect(page.locator(".chosen-files")).to_contain_text(name)
    page.get_by_role("button", name=say("Import"), exact=True).click()

    row = page.locator("#imports-list tr", has_text=files[0][0]).first
    expect(row.locator(".badge")).to_have_text(say("Published"))
    expect(page.locator("#imports-list tr", has_text=files[1][0]).first).to_be_visible()
    row.get_by_role("link", name=say("Which account?")).click()
    expect(page.get_by_role("heading", name=say("Which account is it of?"))).to_be_visible()
    is_sound(page)
    page.get_by_label(say("Account"), exact=True).fill(f"Horizon {language}")
    page.get_by_role("button", name=say("Import with this answer")).click()

    expect(page.locator(".badge").first).to_have_text(say("Published"))
    expect(page.get_by_role("heading", name=say("Which account is it of?"))).to_have_count(0)
    page.get_by_role("button", name=say("Undo this import")).click()
