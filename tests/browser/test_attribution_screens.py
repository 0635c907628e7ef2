"""Pages of attribution with names and amounts that break layouts, and with nothing at all.

With ``REGIE_SCREENS=FOLDER`` each is also written there as a picture.
"""

from __future__ import annotations

import os
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

MEASURED = """
from regie.config.boot import start
start()
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.attribution.services import close_months
from regie.apps.connections import services as connections
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from tests.attribution.heard import Heard, a_site, publish
with operating():
    nantes = Organisation.objects.get(slug="nantes")
    chloe = User.objects.get(name="Chloé")
    nantes.members.filter(user=chloe).update(role="administrator")
site = a_site(nantes, chloe)
day = clock.now().replace(tzinfo=None, hour=9) - timedelta(days=6)
LONG = "Campagne de prospection de l’assurance habitation et automobile des indépendants"
names = ["Rentrée", LONG, "FR_PROSP_" + "habitation-automobile_" * 5, "A"]
ways = ["utm_source=google&utm_medium=cpc", "utm_source=instagram&utm_medium=social",
        "utm_source=lettre&utm_medium=email", ""]
happened = []
for person in range(90):
    login = {"login": f"c-{person}"}
    for step in range(1 + person % 5):
        cookie = f"{person}-{step % 2}"
        at = day - timedelta(days=(person * 7 + step * 3) % 24, minutes=person)
        way, name = ways[(person // 2 + step) % 4], quote(names[(person + step) % 4])
        query = way and f"?{way}&utm_campaign={name}&utm_content=Studio+Lune"
        how = {"via": "direct", "device": ["phone", "desktop"][step % 2]}
        happened.append(Heard(f"{person}-{step}", "page_view", at, cookie, query=query, **how))
        happened.append(Heard(f"{person}-{step}-i", "identify", at, cookie, p=login))
    if person % 3 == 0:
        value = 9_999_999_999.99 if person == 0 else 40 + person / 7
        happened.append(Heard(
            f"o-{person}", "order", day + timedelta(minutes=person), is_server=True,
            p={"order_id": f"COMMANDE-{person:012}", "value": value, "currency": "EUR"} | login,
        ))
    if person % 4 == 0:
        happened.append(Heard(f"n-{person}", "newsletter_signup_at_the_foot_of_a_page", day,
                              f"{person}-0"))
publish(site, *happened)
close_months(today=clock.today() + timedelta(days=40))
publish(site, Heard("late", "order", day + timedelta(hours=1), is_server=True,
        p={"order_id": "TARDIVE", "value": 70, "currency": "EUR", "login": "c-4"}))
with tempfile.TemporaryDirectory() as folder:
    costs = Path(folder) / "creators.csv"
    rows = (f"{day.date()},{name},Rentrée,{cost},EUR"
            for name, cost in (("Studio Lune", 450), (LONG, 98765432.1)))
    costs.write_text("\\n".join(["date,creator,campaign,cost,currency", *rows]))
    connections.import_files(actor=chloe, organisation=nantes, files=[(costs, costs.name)],
                             options=connections.Options())
"""
SIGNUP = "kind=event:newsletter_signup_at_the_foot_of_a_page"
SCREENS = {
    "models": ("Chloé", "fr", "light", DESK, ""),
    "models-phone": ("Chloé", "en", "dark", PHONE, "?show=value&model=markov"),
    "models-wall": ("Amélie", "en", "light", WALL, "?intervals=1&model=shapley_rate"),
    "campaigns": ("Chloé", "en", "dark", DESK, "?unit=campaign&show=value"),
    "campaigns-phone": ("Chloé", "fr", "light", PHONE, "?unit=campaign&show=value"),
    "creators": ("Chloé", "fr", "dark", DESK, "?unit=content&show=cost"),
    "creators-phone": ("Chloé", "en", "light", PHONE, "?unit=content&show=roas"),
    "own-event": ("Chloé", "fr", "light", DESK, f"?{SIGNUP}"),
    "own-event-phone": ("Chloé", "en", "dark", PHONE, f"?{SIGNUP}&unit=campaign"),
    "nothing": ("Diane", "fr", "light", PHONE, ""),
    "journeys": ("Chloé", "fr", "light", DESK, "journeys/"),
    "journeys-campaigns": ("Chloé", "en", "dark", DESK, "journeys/?unit=campaign&order=2"),
    "journeys-phone": ("Chloé", "fr", "dark", PHONE, "journeys/?unit=campaign"),
    "journeys-wall": ("Amélie", "fr", "light", WALL, "journeys/"),
    "journeys-nothing": ("Diane", "en", "dark", DESK, "journeys/"),
    "explain": ("Chloé", "en", "light", DESK, "explain/?unit=campaign&of=A"),
    "explain-phone": ("Chloé", "fr", "dark", PHONE, "explain/?unit=campaign&of=A&model=markov"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(debug=False) as one:
        root = SOURCE.parent
        subprocess.run(
            [sys.executable, "-c", MEASURED], check=True, timeout=300, cwd=root,
            env=one.environment | {"PYTHONPATH": f"{SOURCE}{os.pathsep}{root}"},
        )  # fmt: skip
        yield one


@pytest.fixture
def looked_at(tmp_path: Path) -> Callable[[Page, str], None]:
    folder = Path(os.environ.get("REGIE_SCREENS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def look(page: Page, name: str) -> None:
        page.wait_for_timeout(250)
        page.screenshot(path=folder / f"attribution-{name}.png", full_page=True)
        is_sound(page)

    return look


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_holds(visit, looked_at, name: str) -> None:
    who, language, theme, size, path = SCREENS[name]
    page = visit(who, language=language, theme=theme, size=size)
    answer = page.goto(f"/attribution/{path}")
    assert answer is not None
    assert answer.status == 200
    looked_at(page, name)


def test_a_figure_is_explained_beside_the_table(visit, looked_at) -> None:
    page = visit("Chloé", language="fr")
    page.goto("/attribution/?unit=campaign")
    page.locator("#models a.why").first.click()
    page.locator("dialog[open] table, dialog[open] ol").first.wait_for()
    looked_at(page, "explained")
