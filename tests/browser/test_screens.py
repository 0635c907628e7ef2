"""Every kind of page in the states that break layouts: nothing overflows, is cut or inaccessible.

With ``REGIE_SCREENS=FOLDER`` each is also written there as a picture, to be looked at; choose a
folder outside the repository.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page

from tests.browser import DESK, PHONE, WALL, accessibility_problems
from tests.served import HEADER, YESTERDAY, Site, served

pytestmark = [pytest.mark.browser, pytest.mark.long]

LONG = "Campagne de prospection de l’assurance habitation et automobile des indépendants — "
UNBROKEN = "FR_PROSP_" + "habitation-automobile_" * 6
# What is cut on purpose says so with an ellipsis, or is meant for the ear alone.
CUT = """() => [...document.querySelectorAll('main *, header *, dialog[open] *')].filter(one => {
  const style = getComputedStyle(one);
  const aside = '.only-read, svg, .canvas, input, select';
  if (one.closest(aside) || !one.checkVisibility()) return false;
  if (style.clipPath !== 'none' || style.textOverflow === 'ellipsis') return false;
  return ['hidden', 'clip'].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 3;
}).map(one => one.outerHTML.slice(0, 160))"""


def campaigns(site: Site, name: str, rows: list[str]) -> Path:
    path = site.files / name
    path.write_text("\n".join(["Campaign report", '"All time"', HEADER, *rows]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(debug=False) as one:
        for slug, account, path in (
            ("nantes", "1", campaigns(one, "extremes.csv", _extremes())),
            ("ouest", "2", campaigns(one, "dix-mille.csv", _ten_thousand())),
            (
                "atelier-diane",
                "3",
                campaigns(one, "une-ligne.csv", [_row("Seule", "1", 1, "0.05")]),
            ),
        ):
            number = (
                f"{account}23-456-7890"  # of one account the second file would replace the first
            )
            one.regie("import", str(path), "--organisation", slug, "--account", number)
        one.regie("import", str(one.orders_file("orders.csv")), "--organisation", "nantes")
        yield one


def _row(name: str, entity: str, back: int, cost: str, value: str = "310.00") -> str:
    day = YESTERDAY - timedelta(days=back)
    return f'"{name}",{entity},{day},EUR,{cost},2000,40,2.00,{value}'


def _extremes() -> list[str]:
    named = ((LONG * 3, "1", "98765432109.87"), (UNBROKEN, "2", "0.01"), ("Avoir", "3", "-4321.50"))
    return [_row(name, entity, back, cost, "-99999999.99")
            for name, entity, cost in named for back in range(30)]  # fmt: skip


def _ten_thousand() -> list[str]:
    return [_row(f"Campagne n° {number}", f"9{number}", number % 30, f"{number % 977}.10")
            for number in range(10_000)]  # fmt: skip


@pytest.fixture
def looked_at(tmp_path: Path) -> Callable[..., None]:
    folder = Path(os.environ.get("REGIE_SCREENS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def look(page: Page, name: str, *, whole: bool = True) -> None:
        page.wait_for_timeout(250)
        page.screenshot(path=folder / f"{name}.png", full_page=whole)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.evaluate(CUT) == [], name
        assert accessibility_problems(page) == [], name

    return look


# Name: whose, language, theme, size, address.
SCREENS = {
    "many-rows": ("Bruno", "fr", "light", DESK, "/report/?split=campaign"),
    "many-rows-last": ("Bruno", "en", "dark", PHONE, "/report/?split=campaign&page=100"),
    "extremes": ("Chloé", "fr", "light", DESK, "/report/?split=campaign"),
    "extremes-phone": ("Chloé", "fr", "dark", PHONE, "/report/?split=campaign"),
    "extremes-wall": ("Chloé", "en", "light", WALL, "/report/?split=campaign"),
    "results": ("Chloé", "en", "dark", DESK, "/report/?view=results&split=campaign"),
    "one-row": ("Diane", "fr", "light", PHONE, "/report/?split=campaign"),
    "one-row-wall": ("Diane", "fr", "dark", WALL, "/report/"),
    "no-days": ("Diane", "en", "light", DESK, "/report/?from=2020-01-01&to=2020-01-31"),
    "explanation": ("Chloé", "fr", "light", PHONE, "/report/explain/?figure=cpa"),
    "compare": ("Chloé", "fr", "light", PHONE, "/report/compare/?first=1&second=2"),
    "filters": ("Bruno", "en", "light", DESK, "/report/filters/"),
    "objectives-empty": ("Amélie", "fr", "dark", PHONE, "/objectives/"),
    "objective-new": ("Amélie", "en", "light", DESK, "/objectives/new/"),
    "planner-empty": ("Diane", "fr", "light", PHONE, "/planner/"),
    "planner-new": ("Chloé", "en", "dark", DESK, "/planner/new/"),
    "post": ("Chloé", "fr", "light", DESK, "/planner/post/"),
    "channels": ("Chloé", "fr", "dark", PHONE, "/planner/channels/"),
    "campaigns": ("Bruno", "fr", "light", DESK, "/planner/channels/?by=campaign"),
    "campaigns-phone": ("Chloé", "fr", "light", PHONE, "/planner/channels/?by=campaign"),
    "campaigns-wall": ("Chloé", "en", "dark", WALL, "/planner/channels/?by=campaign"),
    "imports": ("Amélie", "fr", "light", DESK, "/imports/"),
    "import-one": ("Bruno", "en", "dark", PHONE, "/imports/2/"),
    "security": ("Diane", "fr", "light", PHONE, "/accounts/2fa/"),
    "sessions": ("Diane", "en", "dark", DESK, "/accounts/sessions/"),
    "addresses": ("Diane", "fr", "light", DESK, "/accounts/email/"),
    "passkeys": ("Diane", "fr", "dark", WALL, "/accounts/2fa/webauthn/"),
    "sign-up": ("", "fr", "light", PHONE, "/accounts/signup/"),
    "sign-in": ("", "en", "dark", WALL, "/accounts/login/"),
    "reset": ("", "fr", "light", DESK, "/accounts/password/reset/key/1-abc/"),
    "not-found": ("Amélie", "fr", "light", PHONE, "/nowhere/"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_holds(visit, looked_at, name: str) -> None:
    who, language, theme, size, path = SCREENS[name]
    page = visit(who, language=language, theme=theme, size=size)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == (404 if name == "not-found" else 200)
    looked_at(page, name)


def test_what_is_awaited_keeps_its_place(visit, looked_at) -> None:
    page = visit("Chloé", theme="dark")
    page.route("**/report/explain/**", lambda _route: None)
    page.locator(".headline .asks").first.click()
    looked_at(page, "loading", whole=False)
    page.unroute_all()


def test_a_plan_of_extremes_holds(visit, looked_at) -> None:
    page = visit("Chloé", size=PHONE)
    page.goto("/planner/new/")
    for field, value in (("name", LONG), ("goal", "900000000"), ("click_rate", "0,01"),
                         ("conversion_rate", "99"), ("cpm", "12345,67")):  # fmt: skip
        page.locator(f"#id_{field}").fill(value)
    page.locator("button[value=save]").click()
    page.wait_for_url(re.compile(r"/planner/\d+/"))
    looked_at(page, "plan-phone")
    page.set_viewport_size({"width": 1440, "height": 900})
    looked_at(page, "plan")
    page.goto("/planner/")
    looked_at(page, "plans")


def test_a_table_to_describe_holds(visit, looked_at, site) -> None:
    page = visit("Diane")
    path = site.files / f"{UNBROKEN}.csv"
    rows = [f"0{day}.11.2026;{LONG};1.000,50;{UNBROKEN}" for day in range(1, 10)]
    path.write_text("\n".join(["Tag;Kampagne;Kosten netto;Bemerkung", *rows]), encoding="utf-8")
    page.goto("/imports/")
    page.locator("#id_upload").set_input_files(path)
    page.get_by_role("button", name="Importer").click()
    row = page.locator("#imports-list tbody tr").first
    row.locator(".badge").wait_for()
    looked_at(page, "import-asks")
    row.get_by_role("link").first.click()
    page.locator("a[href$='/mapping/']").click()
    looked_at(page, "mapping")
    page.set_viewport_size({"width": 390, "height": 844})
    looked_at(page, "mapping-phone")


def test_a_report_on_paper_holds_figures_and_no_furniture(visit, looked_at) -> None:
    page = visit("Chloé", language="en", size=(1000, 1400))
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".top").is_visible()
    looked_at(page, "print")


def test_errors_hold_and_say_what_to_do(visit, looked_at, site) -> None:
    page = visit("Amélie", language="en")
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.remove())"
    )
    page.locator(".person summary").click()
    page.locator(".person").get_by_role("button", name="Sign out").click()
    looked_at(page, "expired-form")
    url = site.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("ALTER TABLE budgets_plan RENAME TO budgets_plan_away")
        answer = page.goto("/planner/")
        database.execute("ALTER TABLE budgets_plan_away RENAME TO budgets_plan")
    assert answer is not None
    assert answer.status == 500
    looked_at(page, "broken")
