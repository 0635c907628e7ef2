"""One account of the network serves its franchisees: rules written, tried and seen by Chloé."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, WALL, accessibility_problems
from tests.served import YESTERDAY

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADER = "Account,Account ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks"
CAMPAIGNS = ("Search | Nantes | Auto", "Search | Nantes | Habitation", "Display | Rennes",
             "Brand | France", "Performance Max | Rennes et Nantes")  # fmt: skip


@pytest.fixture(scope="module")
def shared(site) -> None:
    path = site.files / "network.csv"
    rows = [
        f"Great Insurance,555-000-0001,{name},{7000 + n},{YESTERDAY - timedelta(days=back)},EUR,"
        f"{(n + 1) * 20}.00,1000,50"
        for n, name in enumerate(CAMPAIGNS)
        for back in range(20)
    ]
    path.write_text("\n".join(["Report", '"All time"', HEADER, *rows]) + "\n", encoding="utf-8")
    site.regie("import", str(path), "--organisation", "great-insurance")
    orders = site.files / "network-orders.csv"
    lines = [
        f"GI-{n},{YESTERDAY - timedelta(days=n % 20)}T10:00:00,EUR,{100 + n},{name},google,{place}"
        for n, (name, place) in enumerate(
            [("search-nantes-auto", ""), ("display-rennes", "Gare"), ("", "Centre"), ("", "")] * 9
        )
    ]
    header = "order_id,ordered_at,currency,revenue,campaign,source,location"
    orders.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    site.regie("import", str(orders), "--organisation", "great-insurance")


def _picture(page, name: str) -> None:
    if folder := os.environ.get("REGIE_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_rule_is_tried_kept_and_seen_by_whom_it_serves(visit, shared: None) -> None:
    page = visit("Amélie")
    page.goto("/manager/beneficiaries/")
    expect(page.get_by_role("heading", name="Nos comptes publicitaires")).to_be_visible()
    page.get_by_role("link", name="Great Insurance", exact=True).last.click()
    expect(page.get_by_text("0 campagnes sur 5 travaillent")).to_be_visible()

    page.get_by_label("Lesquelles").fill("*nantes*")
    page.get_by_label("Travaillent pour", exact=True).select_option(label="Great Insurance Nantes")
    page.get_by_role("button", name="Essayer").first.click()
    expect(
        page.get_by_text(re.compile(r"Cette règle donne 3 campagnes, 3\s200\s€"))
    ).to_be_visible()
    _picture(page, "tried")
    page.get_by_role("button", name="Garder la règle").click()
    expect(page.get_by_text("La règle est gardée")).to_be_visible()
    page.get_by_label("Lesquelles").fill("*rennes*")
    page.get_by_label("Travaillent pour", exact=True).select_option(label="Great Insurance Ouest")
    page.get_by_role("button", name="Essayer").first.click()
    page.get_by_role("button", name="Garder la règle").click()
    expect(page.get_by_role("heading", name="Conviennent à plusieurs règles")).to_be_visible()

    hers = visit("Chloé")
    hers.goto("/manager/beneficiaries/")
    expect(hers.get_by_text("Ce qui travaille pour vous")).to_be_visible()
    assert accessibility_problems(hers) == []
    hers.goto("/report/?split=campaign")
    expect(hers.get_by_text("Search | Nantes | Auto").first).to_be_visible()
    expect(hers.get_by_text("Brand | France")).to_have_count(0)
    for language, theme, size in (
        ("fr", "light", DESK), ("en", "dark", DESK), ("fr", "dark", PHONE), ("en", "light", PHONE),
    ):  # fmt: skip
        for who, path in (("Amélie", page.url), ("Amélie", "/manager/beneficiaries/"),
                          ("Chloé", "/manager/beneficiaries/")):  # fmt: skip
            look = visit(who, language=language, theme=theme, size=size)
            look.goto(path)
            assert accessibility_problems(look) == [], path
            name = "rules" if path == page.url else "list"
            _picture(look, f"{name}-{who[0]}-{language}-{theme}-{size[0]}")
            wider = look.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wider <= 0, (path, size)


def test_a_change_is_tried_and_the_report_tells_by_beneficiary(visit, shared: None) -> None:
    page = visit("Amélie")
    page.goto("/manager/beneficiaries/")
    expect(page.get_by_role("heading", name="Nos sites, boutiques et téléphones")).to_be_visible()
    page.get_by_role("link", name="Great Insurance", exact=True).first.click()
    rules = (
        b"pattern,beneficiary\nSearch*nantes*,Great Insurance Nantes\n"
        b"*rennes*,Great Insurance Ouest\n"
    )
    page.get_by_label("Liste (CSV ou Excel)").set_input_files(
        {"name": "rules.csv", "mimeType": "text/csv", "buffer": rules}
    )
    page.get_by_label("À la place de toutes les règles de ce compte").check()
    page.get_by_role("button", name="Essayer", exact=True).last.click()
    expect(page.get_by_role("columnheader", name="Gagnerait")).to_be_visible()
    page.get_by_text(re.compile(r"\d+ éléments changent|1 élément change")).click()
    assert accessibility_problems(page) == []
    _picture(page, "change-tried")
    page.get_by_role("button", name="Garder les règles").click()

    for language, theme, size in (
        ("fr", "light", DESK), ("en", "dark", DESK), ("fr", "dark", PHONE), ("en", "light", WALL),
    ):  # fmt: skip
        look = visit("Amélie", language=language, theme=theme, size=size)
        for name, path in (
            ("split", "/report/?split=beneficiary"), ("beneficiaries", "/manager/beneficiaries/"),
        ):  # fmt: skip
            look.goto(path)
            assert accessibility_problems(look) == [], path
            _picture(look, f"{name}-{language}-{theme}-{size[0]}")
    page.goto("/report/?split=beneficiary")
    table = page.locator("#breakdown")
    expect(table.get_by_text("Personne pour l’instant")).to_be_visible()
    table.get_by_role("link", name="Great Insurance Nantes").first.click()
    expect(
        page.get_by_role("link", name="Retirer").or_(page.locator(".trail")).first
    ).to_be_visible()


@pytest.mark.requirement("BM-33")
def test_people_found_on_an_account_are_compared_with_the_manager(visit, shared: None) -> None:
    page = visit("Amélie", size=PHONE)
    page.goto("/manager/accounts/")
    page.get_by_role("link", name="Great Insurance", exact=True).last.click()
    page.get_by_role("link", name="Check-up des rôles").click()
    people = (
        b"email,name,role\namelie@great-insurance.example,,Admin\n"
        b"newcomer@great-insurance.example,Newcomer,Standard\n"
        b"someone@gmail.com,Someone,Read only\nother@agency.example,Other,Wizard\n"
    )
    page.get_by_label("Liste de ses personnes").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": people}
    )
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_text("Hors du gestionnaire").first).to_be_visible()
    assert accessibility_problems(page) == []
    _picture(page, "check-up")
    for language, theme, size in (("fr", "light", DESK), ("en", "dark", DESK)):
        look = visit("Amélie", language=language, theme=theme, size=size)
        look.goto(page.url)
        look.get_by_label(re.compile("Liste de ses|List of its")).set_input_files(
            {"name": "people.csv", "mimeType": "text/csv", "buffer": people}
        )
        look.get_by_role("button", name=re.compile("Comparer|Compare")).click()
        expect(look.get_by_text("Wizard")).to_be_visible()
        assert accessibility_problems(look) == []
        _picture(look, f"check-up-{language}-{theme}-{size[0]}")
    page.get_by_role("button", name="Les inviter").click()
    expect(page.get_by_text("1 invitation est en route")).to_be_visible()
