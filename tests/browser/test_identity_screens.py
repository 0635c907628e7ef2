"""Recognised people and privacy on screen: nothing overflows, is cut, or fails accessibility.

With ``REGIE_SCREENS=FOLDER`` each state is also written there as a picture, to be looked at.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import DESK, PHONE, WALL, is_sound
from tests.environment import SOURCE
from tests.served import Site, served

pytestmark = [pytest.mark.browser, pytest.mark.long]

PEOPLE = """
from regie.config.boot import start
start()
from datetime import timedelta
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.identity import services
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from tests.identity.visits import open_shop
with operating():
    nantes = Organisation.objects.get(slug="nantes")
    chloe = User.objects.get(name="Chloé")
shop = open_shop(chloe, nantes)
day = clock.now() - timedelta(days=3)
yes = {"granted": True, "text": "2026-11", "ads": True}
for number in range(60):
    at = day + timedelta(minutes=number)
    login = f"cliente-de-longue-date-{number:03d}"
    shop.heard("consent", device=f"phone-of-{number:05d}", consent=yes, at=at)
    shop.heard("identify", device=f"phone-of-{number:05d}", login=login, consent=yes, at=at)
    if number % 3:
        shop.heard("identify", device=f"desktop-of-{number:05d}", login=login, consent=yes,
                   at=at + timedelta(seconds=2))
    shop.heard("order", login=login, order_id=f"{number}", value=20, currency="EUR",
               at=at + timedelta(seconds=5))
for login in ("cliente-de-longue-date-001", "client-nouveau"):
    shop.heard("identify", device="tablette-familiale", login=login, consent=yes)
shop.heard("consent", device="phone-of-00004", consent={"granted": False, "text": "2026-11"})
shop.heard("page_view", device="phone-of-00001", consent=yes, at=day)
shop.known()
from pathlib import Path
import tempfile
from regie.apps.connections import services as connections
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "visits.csv"
    path.write_text(f"date,channel,source,visits\\n{day.date()},Email,crm,1234\\n")
    orders = Path(folder) / "orders.csv"
    orders.write_text("ordered_at;order_id;revenue;currency;channel\\n"
                      f"{day.date()};T-1;40;EUR;Email\\n")
    for one in (path, orders):
        connections.import_files(actor=chloe, organisation=nantes, files=[(one, one.name)],
                                 options=connections.Options())
with operating():
    services.cut_link(actor=None, one=shop.key("desktop-of-00001"),
                      other=shop.key("cliente-de-longue-date-001"))
"""
SCREENS = {
    "people": ("Chloé", "fr", "light", DESK, "/identity/"),
    "people-phone": ("Chloé", "fr", "dark", PHONE, "/identity/"),
    "people-wall": ("Amélie", "en", "light", WALL, "/identity/"),
    "people-empty": ("Diane", "en", "dark", DESK, "/identity/"),
    "follow": ("Chloé", "en", "light", DESK, "/identity/audience/"),
    "follow-phone": ("Chloé", "fr", "light", PHONE, "/identity/audience/"),
    "privacy": ("Chloé", "fr", "dark", DESK, "/privacy/"),
    "policy": ("Chloé", "fr", "light", DESK, "/privacy/policy/"),
    "codes-bulk": ("Chloé", "en", "light", DESK, "/codes/bulk/"),
    "codes-bulk-phone": ("Chloé", "fr", "dark", PHONE, "/codes/bulk/"),
    "link-new": ("Chloé", "fr", "light", DESK, "/links/new/"),
    "link-new-phone": ("Chloé", "en", "dark", PHONE, "/links/new/"),
    "link-new-wall": ("Amélie", "en", "light", WALL, "/links/new/"),
    "code-new": ("Chloé", "en", "dark", DESK, "/codes/new/"),
    "code-new-phone": ("Chloé", "fr", "light", PHONE, "/codes/new/"),
    "counting": ("Chloé", "fr", "light", DESK, "/sites/counting/"),
    "counting-phone": ("Chloé", "en", "dark", PHONE, "/sites/counting/"),
    "counting-orders": ("Chloé", "fr", "light", DESK, "/sites/counting/?of=orders"),
    "counting-empty": ("Diane", "fr", "light", DESK, "/sites/counting/"),
    "policy-phone": ("Diane", "en", "light", PHONE, "/privacy/policy/"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(debug=False) as one:
        root = SOURCE.parent
        subprocess.run(
            [sys.executable, "-c", PEOPLE], check=True, timeout=300, cwd=root,
            env=one.environment | {"PYTHONPATH": f"{SOURCE}{os.pathsep}{root}"},
        )  # fmt: skip
        yield one


@pytest.fixture
def looked_at(tmp_path: Path) -> Callable[[Page, str], None]:
    folder = Path(os.environ.get("REGIE_SCREENS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def look(page: Page, name: str) -> None:
        page.wait_for_timeout(250)
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        is_sound(page)

    return look


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_holds(visit, looked_at, name: str) -> None:
    who, language, theme, size, path = SCREENS[name]
    page = visit(who, language=language, theme=theme, size=size)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    looked_at(page, name)


def test_a_person_is_looked_up_told_and_forgotten(visit, looked_at) -> None:
    page = visit("Chloé", language="fr")
    page.goto("/identity/")
    page.locator("#id_text").fill("cliente-de-longue-date-001")
    page.get_by_role("button", name="Chercher").click()
    page.wait_for_url(re.compile(r"/identity/\d+/"))
    looked_at(page, "person")
    page.set_viewport_size({"width": 390, "height": 844})
    looked_at(page, "person-phone")

    page.goto("/privacy/")
    page.locator("#id_text").fill("cliente-de-longue-date-001")
    page.get_by_role("button", name="Voir ce qui est détenu").click()
    page.get_by_text("Oublier cette personne").first.click()
    looked_at(page, "held-phone")
    page.set_viewport_size({"width": 1440, "height": 900})
    looked_at(page, "held")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Oublier cette personne").click()
    page.get_by_text("plus rien ne nomme cette personne").wait_for()
    looked_at(page, "forgotten")
