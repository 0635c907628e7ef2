"""What works for Chloé is the same at every door, and what does not is named at none."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from regie.cli import main as command
from regie.library import Regie
from tests.api.test_api import call, token_of
from tests.beneficiaries.given import by_pattern, groups, ruled
from tests.cast import Cast
from tests.lasting import Lasting
from tests.web.test_every_page import signed_in

HERS, SECRET = "Search Nantes", "Campagne secrète"
DAYS = "from=2026-10-01&to=2026-10-31"


@pytest.fixture(scope="module")
def key(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        key = groups(
            folder, company.network,
            (HERS, "21", "Auto", "211", "2026-10-01", "1.50"),
            (HERS, "21", "Habitation", "212", "2026-10-02", "2.00"),
            (SECRET, "31", "Groupe secret", "311", "2026-10-01", "8.00"),
        )  # fmt: skip
        ruled(company, key, by_pattern("*nantes", "horizon-nantes", date(2026, 10, 1), None))
        return key


@pytest.mark.requirement("DASH-22", "FR-3")
def test_every_door_gives_the_same(
    cast: Cast, key: int, capsys: pytest.CaptureFixture[str]
) -> None:
    client = signed_in(cast.chloe, "en")
    for split in ("account", "campaign", "ad_group", "platform", "organisation"):
        text = client.get(f"/report/table.csv?split={split}&{DAYS}").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert sum(float(row["spend"] or 0) for row in rows) == 3.5
        assert "secrète" not in text
    explained = client.get(f"/report/explain/?figure=spend&{DAYS}").content.decode()
    assert "the 2 rows that were added up" in " ".join(explained.split())
    assert "€3.50" in explained
    assert "secrète" not in explained

    token = token_of(cast.chloe, cast.nantes)
    asked = {"metrics": ["spend"], "by": ["campaign"]}
    answer = call(token, "/query", "post", asked).json()
    assert [(row["campaign"], row["spend"]) for row in answer["rows"]] == [(HERS, "3.5")]

    arguments = ["query", "--metrics", "spend", "--by", "campaign", "--as", cast.chloe.email]
    assert command.main([*arguments, "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["campaign"], row["spend"]) == (HERS, "3.5")
    found = Regie().answer(metrics=["spend"], by=["ad_group"], person=cast.chloe.email)
    assert {row["ad_group_label"] for row in found.rows} == {"Auto", "Habitation"}


def test_a_hidden_name_finds_nothing(cast: Cast, key: int) -> None:
    client = signed_in(cast.chloe, "en")
    for asked in ("campaign=31", f"campaign={SECRET}", "campaign=name:31"):
        text = client.get(f"/report/table.csv?split=ad_group&{asked}&{DAYS}")
        assert "8.00" not in text.content.decode()
        assert "Groupe" not in text.content.decode()
    assert SECRET not in client.get(f"/report/filters/?{DAYS}").content.decode()
    assert SECRET not in client.get("/commands/").content.decode()


def test_rules_by_command_and_by_the_api_are_those_of_the_page(
    cast: Cast, key: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.csv"
    path.write_text("campaign id,beneficiary\n31,Horizon Rennes\n32,Nobody\n", encoding="utf-8")
    call_ = ["beneficiaries", "100-000-0001", "--organisation", "horizon"]
    assert command.main([*call_, "--bring", str(path)]) == 3
    said = capsys.readouterr()
    assert "31,horizon-rennes" in said.out
    assert "line 3: There is no organisation" in said.err
    assert command.main([*call_, "--campaigns"]) == 0
    assert f"campaign,31,{SECRET},,horizon-rennes,,,id,31" in capsys.readouterr().out

    address = f"/accounts/{key}/beneficiary-rules"
    token = token_of(cast.amelie, cast.network)
    found = call(token, address).json()
    assert [(one["value"], one["beneficiary"], one["working"]) for one in found["rules"]] == [
        ("31", "horizon-rennes", 1), ("*nantes", "horizon-nantes", 1),
    ]  # fmt: skip
    new = {"rules": [{"by": "name", "value": HERS, "beneficiary": "horizon-rennes"}]}
    written = call(token, address, "post", new).json()
    first = written["rules"][1]
    assert (first["by"], first["working"]) == ("name", 1)
    assert call(token, f"{address}/{first['id']}", "delete").json()["rules"] == found["rules"]
    wrong = {"rules": [{"by": "name", "value": HERS, "beneficiary": "atelier-diane"}]}
    assert call(token, address, "post", wrong).status_code == 400
    for person, place in ((cast.chloe, cast.nantes), (cast.diane, cast.studio)):
        assert call(token_of(person, place), address).status_code == 404
