"""``regie import`` as a person and a program use it: what it says, remembers, and gives as JSON."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regie.apps.access.context import operating
from regie.apps.connections.models import Import
from regie.cli.main import main
from tests.cast import Cast
from tests.installation import Installation, installation, shared

__all__ = ["installation", "shared"]
GOOGLE = """Campaign report
"September 1, 2026 - September 2, 2026"
Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value
Brand,11,2026-09-01,EUR,"1,000.10",1000,10,1,50
Brand,11,2026-09-02,EUR,20,500,5,0,0
"""
RADIO = "Datum;Kampagne;Kosten;Hörer\n01/09/2026;Herbst;1.234,50;90\n02/09/2026;Herbst;0,50;10\n"
MAPPING = """name = "radio"
platform = "radio"
fact = "performance"
date_order = "dmy"
decimal = ","
currency = "EUR"
[columns]
date = "Datum"
campaign = "Kampagne"
spend = "Kosten"
impressions = "Hörer"
"""
KEYS = {
    "file", "format", "platform", "state", "rows_read", "rows_imported", "rows_refused",
    "rows_total_or_skipped", "import_id", "totals", "counts", "refused", "notes", "question",
}  # fmt: skip

Command = Callable[..., dict[str, Any]]


@pytest.fixture
def brought(cast: Cast, capsys: pytest.CaptureFixture[str]) -> Command:
    """What ``regie import --json`` says of one file, and its standard error as ``"err"``."""

    def run(path: Path, *more: str, status: int = 0) -> dict[str, Any]:
        here = ("--organisation", cast.nantes.slug, "--json")
        assert main(["import", str(path), *more, *here]) == status
        told = capsys.readouterr()
        (file,) = json.loads(told.out)["files"]
        return {**file, "err": told.err}

    return run


@pytest.fixture
def asked(cast: Cast, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*words: str) -> dict[str, Any]:
        here = ("--organisation", cast.nantes.slug, "--format", "json")
        assert main(["query", *words, *here]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_that_names_no_account_says_so_once_and_remembers_the_answer(
    brought: Command, asked: Command, tmp_path: Path
) -> None:
    first = written(tmp_path / "report 2026-09.csv", GOOGLE)
    by_account = ("--metrics", "spend", "--by", "account", "--currency", "EUR")

    told = brought(first)
    assert "names no account" in told["err"]
    assert f"Name it with `regie import {first} --account NAME`." in told["err"]
    assert told["notes"] == [one for one in told["notes"] if "names no account" in one]
    assert (told["state"], told["question"]) == ("published", None)

    named = brought(first, "--account", "Horizon FR")
    assert (named["err"], named["notes"]) == ("", [])

    october = GOOGLE.replace("September", "October").replace("2026-09", "2026-10")
    later = brought(written(tmp_path / "report 2026-10.csv", october))
    assert (later["err"], later["notes"]) == ("", [])
    assert [(row["account"], row["spend"]) for row in asked(*by_account)["rows"]] == [
        ("Horizon FR", "2040.2")
    ]


def test_a_table_that_a_person_describes_gives_its_figures(
    brought: Command, asked: Command, tmp_path: Path
) -> None:
    mapping = written(tmp_path / "radio.toml", MAPPING)

    told = brought(written(tmp_path / "spots.csv", RADIO), "--mapping", str(mapping))

    assert (told["format"], told["platform"]) == ("mapping:radio", "radio")
    assert (told["rows_read"], told["rows_imported"], told["rows_refused"]) == (2, 2, 0)
    assert told["totals"] == {"spend": {"EUR": "1235"}, "impressions": {"": "100"}}
    rows = asked("--metrics", "spend,impressions", "--by", "date,platform")["rows"]
    assert [(row["date"], row["spend"], row["impressions"]) for row in rows] == [
        ("2026-09-01", "1234.5", "90"), ("2026-09-02", "0.5", "10"),
    ]  # fmt: skip


def test_json_has_these_keys_and_no_others(brought: Command, tmp_path: Path) -> None:
    good = brought(written(tmp_path / "a.csv", GOOGLE), "--account", "1")
    bad = brought(
        written(tmp_path / "b.csv", GOOGLE.replace(",20,", ",2O,").replace("11,", "12,")),
        "--account", "2", status=3,
    )  # fmt: skip
    none = brought(written(tmp_path / "c.csv", "one,two\n1,2\n"), status=3)

    for told in (good, bad, none):
        assert set(told) == {*KEYS, "err"}
        assert told["rows_read"] == (
            told["rows_imported"] + told["rows_refused"] + told["rows_total_or_skipped"]
        )
    assert [set(one) for one in bad["refused"]] == [{"line", "column", "reason"}]
    assert (none["format"], none["platform"], none["totals"]) == (None, None, {})


def test_what_is_only_counted_is_counted(brought: Command, shared: Path) -> None:
    """Connections and invitations of a person's own archive: nothing is stored of them."""
    exports = shared / "exports"

    connections = brought(exports / "linkedin_Connections_en.csv")
    invitations = brought(exports / "linkedin_Invitations_en.csv")

    assert connections["counts"] == {"connections": 2, "connections_hidden": 1}
    assert invitations["counts"] == {"invitations_sent": 2, "invitations_received": 1}
    for told in (connections, invitations):
        assert told["totals"] == {}
        assert told["platform"] == "linkedin_archive"
        assert (told["rows_refused"], told["err"], told["notes"]) == (0, "", [])


@pytest.mark.parametrize("account", ["a" * 181, "two\nlines", "zero\0byte"])
def test_what_can_be_no_account_is_refused_before_anything_is_kept(
    cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path, account: str
) -> None:
    file = written(tmp_path / "a.csv", GOOGLE)

    here = ("--organisation", cast.nantes.slug)
    assert main(["import", str(file), "--account", account, *here]) == 2

    said = capsys.readouterr()
    assert (said.out, "is no account" in said.err) == ("", True)
    with operating():
        assert not Import.objects.exists()


def test_names_without_end_are_cut_where_they_are_kept(
    brought: Command, asked: Command, tmp_path: Path
) -> None:
    header = "Campaign,Campaign ID,Day"
    text = GOOGLE.replace(header, f"Account name,{header}").replace("Brand,", "a" * 300 + ",Brand,")

    told = brought(written(tmp_path / "a.csv", text))
    again = brought(written(tmp_path / "b.csv", text))

    assert (told["rows_imported"], again["rows_imported"]) == (2, 2)
    rows = asked("--metrics", "clicks", "--by", "account")["rows"]
    assert [row["clicks"] for row in rows] == ["15"]


@pytest.mark.slow
def test_at_a_terminal_the_account_is_asked_for(installation: Installation, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", GOOGLE)
    ours, theirs = pty.openpty()
    os.write(ours, b"Horizon FR\n")

    done = subprocess.run(
        installation.command("import", file), env=installation.environment, stdin=theirs,
        stderr=theirs, stdout=subprocess.PIPE, text=True, timeout=120, check=True,
    )  # fmt: skip
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    os.close(theirs)

    assert "Name or number of the account" in shown
    assert "names no account" not in done.stdout
    rows = installation.json("query", "--metrics", "clicks", "--by", "account", "--format", "json")[
        "rows"
    ]
    assert [(row["account"], row["clicks"]) for row in rows] == [("Horizon FR", "15")]
