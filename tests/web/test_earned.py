"""Earned media by every door: the page, its explanation, the exports, the command and the API."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from regie.cli import main as command
from tests.api.test_api import call, token_of
from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of

PERIOD = "from=2026-09-01&to=2026-09-30"
OWN = "date,platform,kind,count,location"
FOLLOWERS = "Date,Sponsored followers,Organic followers,Total followers"
COLUMNS = "columns=media.followers_gained&columns=media.mentions"


@pytest.fixture(scope="module")
def noticed(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        bring(
            company.nantes, written(folder / "followers.csv", FOLLOWERS, "09/01/2026,4,1250,1254")
        )
        bring(company.nantes, written(folder / "own.csv", OWN, "2026-09-02,Ouest-Matin,mention,17,",
                                      "2026-09-03,LinkedIn,review,3,"))  # fmt: skip


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.requirement("MEAS-11")
def test_every_door_gives_the_same_followers_and_mentions(
    cast: Cast, noticed: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regie.config.boot.start", lambda: None)
    due = {"earned": (1250, 17), "paid": (4, None)}

    text = text_of(cast.chloe, f"/report/?{PERIOD}&split=media&{COLUMNS}&compare=none")
    assert "New followers" in text
    assert "1,250" in text
    sent = signed_in(cast.chloe, "en").get(f"/report/table.csv?{PERIOD}&split=media&{COLUMNS}")
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    shown = {"Earned media": due["earned"], "Paid media": due["paid"]}
    assert {row["media"]: figures(row) for row in rows} == shown
    token = token_of(cast.chloe, cast.nantes)
    asked = {"metrics": ["followers_gained", "mentions"], "by": ["media"]}
    answer = call(token, "/query", "post", asked).json()
    assert {row["media"]: figures(row) for row in answer["rows"]} == due
    capsys.readouterr()
    assert command.main([
        "query", "--metrics", "followers_gained,mentions", "--by", "media", "--format", "json",
        "--as", "chloe@horizon.example", "--organisation", "horizon-nantes",
    ]) == 0  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert {row["media"]: figures(row) for row in told["rows"]} == due


def figures(row: dict[str, str | None]) -> tuple[int | None, ...]:
    found = (row["followers_gained"], row["mentions"])
    return tuple(int(float(one)) if one not in (None, "") else None for one in found)


def test_a_figure_opens_to_the_rows_that_it_was_added_up_from(cast: Cast, noticed: None) -> None:
    text = text_of(cast.chloe, f"/report/explain/?figure=mentions&{PERIOD}")

    assert "Mentions of the brand" in text
    assert "the 1 row that was added up" in text or "the row that was added up" in text
    assert "own.csv" in text
    assert "Ouest-Matin" in text


def test_who_sees_nothing_of_the_page_sees_none_of_its_followers(cast: Cast, noticed: None) -> None:
    text = text_of(cast.diane, f"/report/?{PERIOD}&split=media&{COLUMNS}")

    assert "1,250" not in text
