"""Every address of the pages: who may open it, and what an outsider learns there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver
from openpyxl import load_workbook

from regie.apps.access.context import operating
from regie.apps.assets.models import Asset
from regie.apps.connections.models import Import
from regie.apps.organisations.models import Organisation
from regie.web.urls import urlpatterns
from tests.access.given import colleague, partners, shared
from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.today import today
from tests.web.looking import LookingClient

HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"
SECRET = "Campagne secrète"
OPEN = {"home", "demo-sign-in", "set_language", "invitation", "invitation-opened"}


@dataclass(frozen=True)
class Page:
    """A name and an address with its converters, such as ``imports/<int:import_id>/``."""

    name: str
    pattern: str


def _every(patterns, before: str = "") -> list[Page]:
    """The addresses of ``patterns`` and of those they include, one after the other."""
    found: list[Page] = []
    for one in patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += _every(one.url_patterns, here)
        elif isinstance(one, URLPattern) and one.name not in OPEN:
            found.append(Page(one.name or here, here))
    return found


PAGES = _every(urlpatterns)


@pytest.fixture(scope="module")
def import_id(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> int:
    """An import of the agency of Nantes, of the last days."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        days = [today() - timedelta(days=back) for back in range(1, 10)]
        rows = [f"{SECRET},201,{day},EUR,10.00,100,5,1.00,20.00" for day in days]
        path = folder / "google.csv"
        text = "\n".join(["Campaign report", '"All time"', HEADER, *rows])
        path.write_text(text + "\n", encoding="utf-8")
        (record,) = bring(company.nantes, path, account="123-456-7890")
        return int(record.pk)


def address(page: Page, import_id: int) -> str:
    said = re.sub(r"<int:\w+>", str(import_id), page.pattern)
    return "/" + said.replace("<slug:room>", "accounts").replace("<slug:family_name>", "ad_account")


def signed_in(person, language="fr") -> Client:
    client = LookingClient()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def read(answer) -> str:
    """The text of an answer; of a workbook, that of its cells."""
    if "spreadsheetml" not in answer.headers.get("Content-Type", ""):
        return answer.content.decode()
    book = load_workbook(io.BytesIO(answer.content))
    return " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)


every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@every_page
@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in(page: Page) -> None:
    for call in (Client().get, Client().post):
        answer = call(address(page, 1))

        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


@pytest.mark.slow
def test_an_outsider_learns_nothing(cast: Cast, import_id: int) -> None:
    client = signed_in(cast.diane)
    for page in PAGES:
        with transaction.atomic():
            for text, answer in _read_and_write(client, page, import_id):
                assert answer.status_code in {200, 302, 400, 404, 405}, page
                assert SECRET not in text, page
                assert "Horizon" not in text, page
                assert "google.csv" not in text, page
                if "import_id" in page.pattern and answer.status_code != 405:
                    assert answer.status_code == 404, page
            transaction.set_rollback(True)  # what she made for herself is not met by the next
    assert client.get("/report/").status_code == 200, "signed out on the way"


def test_an_agency_may_not_take_back_what_its_sister_brought(cast: Cast, import_id: int) -> None:
    assert signed_in(cast.bruno).get(f"/imports/{import_id}/").status_code == 200
    assert signed_in(cast.diane).post(f"/imports/{import_id}/undo/").status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_whoever_owns_the_figures_reads_them(cast: Cast, import_id: int, language: str) -> None:
    for person in (cast.amelie, cast.bruno, cast.chloe):
        text = signed_in(person, language).get("/report/?split=campaign").content.decode()

        assert SECRET in text


def test_an_answer_lets_no_foreign_script_in(cast: Cast) -> None:
    policy = signed_in(cast.amelie).get("/report/")["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_an_unknown_address_has_a_page_of_its_own(cast: Cast) -> None:
    answer = signed_in(cast.amelie).get("/nowhere/")

    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()


def test_the_table_leaves_as_csv_that_a_spreadsheet_can_open_safely(
    cast: Cast, tmp_path: Path
) -> None:
    day = today() - timedelta(days=2)
    path = tmp_path / "google.csv"
    row = f'"=HYPERLINK(""http://x"")",201,{day},EUR,10.50,100,5,1.00,20.00'
    path.write_text(f'Campaign report\n"All time"\n{HEADER}\n{row}\n', encoding="utf-8")
    bring(cast.studio, path, account="123-456-7890")

    text = signed_in(cast.diane).get("/report/table.csv?split=campaign").content.decode("utf-8-sig")

    assert text.splitlines()[0].startswith("campaign,spend,")
    assert "'=HYPERLINK" in text
    assert ",10.5," in text


def test_the_demo_signs_nobody_in_where_it_is_not_served(cast: Cast) -> None:
    answer = Client().post("/demo/sign-in/", {"person": "amelie@great-insurance.example"})

    assert answer.status_code == 404


def test_the_cards_of_the_demo_are_its_people() -> None:
    from regie.demo.network import PEOPLE
    from regie.web.views.demo import PEOPLE as CARDS

    assert [(one.email, one.name) for one in CARDS] == [(one.email, one.name) for one in PEOPLE]


def _read_and_write(
    client: Client, page: Page, import_id: int
) -> Iterator[tuple[str, HttpResponse]]:
    for call in (client.get, client.post):
        answer = call(address(page, import_id), {"split": "campaign", "platform": "google_ads"})
        yield read(answer), answer


def _open_each(client: Client, import_id: int) -> Iterator[tuple[Page, str, HttpResponse]]:
    """Every address, read and written to, one after the other."""
    for page in PAGES:
        for text, answer in _read_and_write(client, page, import_id):
            yield page, text, answer


@pytest.mark.slow
def test_a_colleague_who_was_given_nothing_reads_no_figure_anywhere(
    cast: Cast, import_id: int
) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.nantes.pk).update(members_see_all=False)
    colleague_ = colleague("Colleague of Chloé", cast.nantes)

    for page, text, answer in _open_each(signed_in(colleague_.user), import_id):
        assert answer.status_code in {200, 302, 400, 403, 404, 405}, page
        assert SECRET not in text, page
        assert "google.csv" not in text, page
    with operating():
        assert Import.objects.get(pk=import_id).state == "published"
        assert Asset.objects.filter(organisation=cast.nantes, status="found").count() == 1


@pytest.mark.slow
def test_a_partner_reads_no_figure_that_the_ceiling_leaves_out_and_changes_nothing(
    cast: Cast, import_id: int
) -> None:
    """What is shared with him is seen by its name, and by no figure."""
    with operating():
        Asset.objects.update(status="linked", organisation=cast.network)
        key = Asset.objects.get().pk
    share = shared(cast, partners(cast), key, frozenset({"billing.view"}))

    for page, text, answer in _open_each(signed_in(cast.diane), import_id):
        assert answer.status_code in {200, 302, 400, 403, 404, 405}, page
        assert SECRET not in text, page
        assert "google.csv" not in text, page
    with operating():
        share.refresh_from_db()
        assert share.ceiling == ["billing.view"]
        assert Asset.objects.get(pk=key).status == "linked"
        assert Import.objects.get(pk=import_id).state == "published"
