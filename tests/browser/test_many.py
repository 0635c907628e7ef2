"""A manager with a thousand accounts and two thousand people: its lists are still worked with."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, accessibility_problems
from tests.served import Site, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ACCOUNTS, PEOPLE = 1_000, 2_000
FILLED = f"""
from regie.config.boot import start
start()
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.organisations.models import Member, Organisation
with operating():
    top = Organisation.objects.get(slug="great-insurance")
    Asset.objects.bulk_create(
        Asset(organisation=top, kind="ad_account", name=f"Compte {{n:04}}", status="linked",
              platform="tiktok_ads" if n % 10 == 0 else "linkedin_ads",
              external_id=f"{{700000000000000 + n}}" if n % 10 == 0 else f"{{n:09}}")
        for n in range(1, {ACCOUNTS + 1}))
    people = User.objects.bulk_create(
        User(email=f"colleague-{{n:04}}@great-insurance.example", name=f"Colleague {{n:04}}",
             password="!") for n in range(1, {PEOPLE + 1}))
    Member.objects.bulk_create(
        Member(organisation=top, user=one, role="employee") for one in people)
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served() as one:
        subprocess.run([sys.executable, "-c", FILLED], env=one.environment, check=True, timeout=120)
        yield one


@pytest.mark.requirement("BM-2", "BM-5")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_one_of_a_thousand_accounts_is_found_and_all_are_worked_on(visit, size) -> None:
    page = visit("Amélie", language="en", size=size)
    page.goto("/manager/accounts/")
    expect(page.get_by_text("1,000 of 1,000 linked ad accounts")).to_be_visible()
    expect(page.get_by_text("1 to 50 of 1,000")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="Compte 0051")).to_be_visible()
    page.goto("/manager/accounts/")
    found = page.locator("main").get_by_role("search")
    found.get_by_label("Platform").select_option(label="TikTok Ads")
    found.get_by_role("button", name="Find").click()
    expect(page.get_by_text("1 to 50 of 100")).to_be_visible()
    found.get_by_label("Name or ID").fill("700000000000990")
    found.get_by_role("button", name="Find").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert accessibility_problems(page) == []

    page.goto("/manager/accounts/")
    page.get_by_label("Tick everything on this page").check()
    page.get_by_label("All 1,000, on every page").check()
    page.get_by_label("With what is ticked").select_option("give")
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("heading", name="On which accounts 1,000")).to_be_visible()
    expect(page.get_by_text("and 800 more")).to_be_attached()
    assert width(page) <= size[0]


@pytest.mark.requirement("BM-1")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_one_of_two_thousand_people_is_found_and_changed_and_so_on_his_accounts(
    visit, size
) -> None:
    page = visit("Amélie", language="en", size=size)
    page.goto("/manager/people/?text=colleague-1999")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("checkbox").check()
    assert accessibility_problems(page) == []
    page.get_by_label("With those ticked").select_option("give")
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("heading", name="To whom 1")).to_be_visible()
    assert width(page) <= size[0]

    page.goto("/manager/accounts/?text=0999")
    page.get_by_role("link", name="Compte 0999").click()
    expect(page.get_by_text("The first 50 of 2,001")).to_be_visible()
    found = page.locator("main").get_by_role("search")
    found.get_by_label("Name or address").fill("colleague-1999")
    found.get_by_role("button", name="Find").click()
    expect(page.locator("tbody tr", has_text="Colleague 1999")).to_have_count(1)
    assert accessibility_problems(page) == []
    assert width(page) <= size[0]


def test_lists_of_so_many_leave_and_come_back(visit) -> None:
    page = visit("Amélie", language="en")
    accounts = page.request.get("/manager/assets/accounts/list.csv").text().splitlines()
    people = page.request.get("/manager/people.csv").text().splitlines()
    assert (len(accounts), len(people) - 1) == (ACCOUNTS + 1, PEOPLE + 3)
    assert any("000000999" in line for line in accounts), "zeros are kept"

    full = "".join(f"linkedin_ads;{500_000_000 + n}\n" for n in range(500))
    known = "".join(f"linkedin_ads;{n:09}\n" for n in range(1, 400) if n % 10)
    for act in ("Try it", "Link them"):
        page.goto("/manager/accounts/")
        page.get_by_text("Bring a list").click()
        page.locator("input[type=file]").first.set_input_files(
            {"name": "list.csv", "mimeType": "text/csv",
             "buffer": f"platform;id\n{full}{known}".encode()}
        )  # fmt: skip
        page.get_by_role("button", name=act).click()
        outcome = page.locator("main")
        expect(outcome).to_contain_text(re.compile(r"500\s*refused|refused\D*500", re.I))
    assert len(page.request.get("/manager/assets/accounts/list.csv").text().splitlines()) == 1_001


def width(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")
