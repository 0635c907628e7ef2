"""A change of rules is tried before it is made: what moves, who gains and who loses."""

from __future__ import annotations

import csv
import io
import string
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.cli import main as command
from tests.api.test_api import call, token_of
from tests.beneficiaries.given import by_id, campaigns, groups, ruled
from tests.cast import Cast, ask
from tests.lasting import Lasting
from tests.today import today
from tests.web.test_every_page import signed_in

YESTERDAY = str(today() - timedelta(days=1))


@pytest.fixture(scope="module")
def key(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        key = campaigns(
            folder, company.network,
            ("Search Nantes", "21", YESTERDAY, "100.00"),
            ("Search Rennes", "31", YESTERDAY, "8.00"),
        )  # fmt: skip
        ruled(company, key, by_id("21", "horizon-nantes"))
        return key


def test_a_program_tries_a_change_and_nothing_changes(cast: Cast, key: int) -> None:
    address = f"/accounts/{key}/beneficiary-rules"
    token = token_of(cast.amelie, cast.network)
    before = call(token, address).json()
    change = {
        "rules": [
            {"by": "id", "value": "21", "beneficiary": "horizon-rennes",
             "starts_on": "2030-01-01"},
            {"by": "pattern", "value": "*rennes", "beneficiary": "horizon-rennes"},
        ],
    }  # fmt: skip
    tried = call(token, f"{address}/dry-run", "post", change).json()

    assert (tried["added"], tried["removed"], tried["count"]) == (2, 0, 2)
    moved = {one["name"]: (one["before"], one["after"]) for one in tried["moved"]}
    assert moved["Search Rennes"] == (
        [], [{"beneficiary": "horizon-rennes", "starts_on": None, "ends_on": None}],
    )  # fmt: skip
    assert moved["Search Nantes"][1] == [
        {"beneficiary": "horizon-nantes", "starts_on": None, "ends_on": "2029-12-31"},
        {"beneficiary": "horizon-rennes", "starts_on": "2030-01-01", "ends_on": None},
    ]
    balances = {one["beneficiary"]: one for one in tried["beneficiaries"]}
    assert (balances["horizon-rennes"]["gained"], balances["horizon-rennes"]["lost"]) == (2, 0)
    assert balances["horizon-rennes"]["gained_spend"] == {"EUR": "108"}
    assert (balances["horizon-nantes"]["gained"], balances["horizon-nantes"]["lost"]) == (1, 1)
    assert call(token, address).json() == before
    for person, place in ((cast.chloe, cast.nantes), (cast.diane, cast.studio)):
        assert call(token_of(person, place), f"{address}/dry-run", "post",
                    change).status_code == 404  # fmt: skip


def test_what_is_tried_is_what_then_happens(cast: Cast, key: int, tmp_path: Path) -> None:
    """Ad group by ad group, where a rule takes one out of its campaign."""
    groups(tmp_path, cast.network,
           ("Search Nantes", "21", "Centre", "211", YESTERDAY, "60.00"),
           ("Search Nantes", "21", "Nord", "212", YESTERDAY, "40.00"))  # fmt: skip
    address = f"/accounts/{key}/beneficiary-rules"
    token = token_of(cast.amelie, cast.network)
    first = call(token, address).json()["rules"][0]["id"]
    change = {"rules": [{"level": "ad_group", "by": "name", "value": "nord",
                         "beneficiary": "horizon-ouest"}]}  # fmt: skip
    tried = call(token, f"{address}/dry-run", "post", change).json()
    assert [(one["level"], one["name"]) for one in tried["moved"]] == [("ad_group", "Nord")]
    call(token, address, "post", change)
    assert ask(cast.chloe, "spend").totals["spend"] == {"EUR": 60}
    without = call(token, f"{address}/dry-run", "post", {"rules": [], "remove": [first]}).json()
    assert [(one["name"], one["after"]) for one in without["moved"]] == [("Centre", [])]
    assert (without["added"], without["removed"]) == (0, 1)


def test_the_page_and_the_command_try_a_list(
    cast: Cast, key: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "campaign id,beneficiary\n21,Horizon Rennes\n31,Horizon Rennes\n"
    client = signed_in(cast.amelie, "en")
    page = f"/manager/beneficiaries/{key}/"
    shown = client.post(f"{page}list/", {
        "upload": SimpleUploadedFile("rules.csv", text.encode()), "act": "try", "replace": "on",
    }).content.decode()  # fmt: skip
    assert "Would gain" in shown
    assert "€108" in shown
    assert "2 move" in shown
    rule = shown.split('name="rule" value="', 1)[1].split('"', 1)[0]
    without = client.post(f"{page}remove/", {"rule": rule, "act": "try"}).content.decode()
    assert "What taking them away would change" in without
    assert "1 moves" in without
    assert ask(cast.chloe, "spend").totals["spend"] == {"EUR": 100}

    path = tmp_path / "rules.txt.csv"
    path.write_text(text, encoding="utf-8")
    words = ["beneficiaries", "100-000-0001", "--organisation", "horizon", "--bring", str(path)]
    assert command.main([*words, "--try", "--replace"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {(row["id"], row["when"], row["beneficiary"]) for row in rows} == {
        ("21", "now", "horizon-nantes"), ("21", "then", "horizon-rennes"),
        ("31", "then", "horizon-rennes"),
    }  # fmt: skip
    assert ask(cast.bruno, "spend").totals["spend"] == {"EUR": 100}


def test_a_list_that_no_form_could_send_back_is_refused_in_words(cast: Cast, key: int) -> None:
    """Thousands of names without any likeness: a page would lose them without a word."""
    random = Random(1)  # noqa: S311 - names, not a secret
    letters = string.ascii_letters + string.digits
    names = ("".join(random.choices(letters, k=190)) for _ in range(13_000))
    text = "campaign name,beneficiary\n" + "".join(f"{one},Horizon Rennes\n" for one in names)
    client = signed_in(cast.amelie, "en")
    told = client.post(
        f"/manager/beneficiaries/{key}/list/",
        {"upload": SimpleUploadedFile("rules.csv", text.encode()), "act": "try"}, follow=True,
    )  # fmt: skip
    assert told.status_code == 200
    assert "This list is too large to be tried as a whole." in told.content.decode()


def test_the_report_has_a_split_by_beneficiary(cast: Cast, key: int) -> None:
    client = signed_in(cast.amelie, "en")
    days = f"from={YESTERDAY}&to={YESTERDAY}"
    page = client.get(f"/report/?split=beneficiary&{days}").content.decode()
    assert "Horizon Nantes" in page
    assert "Nobody yet" in page
    text = client.get(f"/report/table.csv?split=beneficiary&{days}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(float(row["spend"] or 0) for row in rows) == 108
    hers = client.get(f"/report/table.csv?split=campaign&beneficiary=horizon-nantes&{days}")
    assert "Rennes" not in hers.content.decode()
    assert "Search Nantes" in hers.content.decode()
    explained = client.get(
        f"/report/explain/?figure=spend&of=table&split=beneficiary&row=&{days}"
    ).content.decode()
    assert "€8.00" in explained
    assert "Search Nantes" not in explained
