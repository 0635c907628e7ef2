"""``regie attribute``: a file in, credits out, and neither a database nor the web application."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet
import pytest

from regie.cli.main import main
from tests.environment import SOURCE

EVENTS = """customer_id,ts,channel,value
amelie,2026-03-01T09:00:00,search,
amelie,2026-03-03T09:00:00,e-mail,
amelie,2026-03-04T09:00:00,,99.50
chloe,2026-03-02T09:00:00,search,
"""
PATHS = """path;total_conversions;total_conversion_value;total_null
search > e-mail;1;99.50;0
search;0;0;1
"""
LOADED = """
import sys
from regie.cli.main import main
status = main(sys.argv[1:])
print(sorted({name.partition(".")[0] for name in sys.modules}
             & {"django", "psycopg", "duckdb", "procrastinate", "polars", "scipy"}))
sys.exit(status)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    (tmp_path / "paths.csv").write_text(PATHS, encoding="utf-8")
    pyarrow.parquet.write_table(
        pyarrow.csv.read_csv(tmp_path / "events.csv"), tmp_path / "events.parquet"
    )
    return tmp_path


@dataclass(frozen=True)
class Done:
    stdout: str
    stderr: str


Attribute = Callable[..., Done]


@pytest.fixture
def attribute(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Attribute:
    """The command in this process, from the folder of the files."""
    monkeypatch.chdir(folder)

    def run(*arguments: str, status: int = 0) -> Done:
        capsys.readouterr()
        assert main(["attribute", *arguments]) == status
        return Done(*capsys.readouterr())

    return run


def process(folder: Path, *start: str) -> str:
    """What a process says, in an environment that knows no database."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, *start], cwd=folder, capture_output=True,
        env={**known, "PYTHONPATH": str(SOURCE), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"},
        text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def credits_of(attribute: Attribute, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(attribute(*arguments, "--format", "json").stdout)[
        "credits"
    ]
    return found


@pytest.mark.parametrize("name", ["events.csv", "events.parquet", "paths.csv"])
def test_a_file_gives_the_credits_of_all_models(attribute: Attribute, name: str) -> None:
    found = credits_of(attribute, name)

    assert len(found) == 9 * 2
    by = {(row["model"], row["channel"]): row for row in found}
    assert by["first_touch", "search"]["conversion_value"] == 99.5
    assert by["last_touch", "e-mail"]["conversions"] == 1.0
    # Two walk through search and one converts; without e-mail nobody does.
    assert by["markov", "search"]["removal_effect"] == pytest.approx(1.0)


def test_neither_a_database_nor_the_web_application_is_loaded(folder: Path) -> None:
    said = process(folder, "-c", LOADED, "attribute", "events.parquet", "--models", "linear")

    assert said.splitlines()[-1] == "[]"


@pytest.mark.parametrize("customers", [1, 5_000])
def test_whoever_reads_no_further_is_not_told_of_it(folder: Path, customers: int) -> None:
    header, *rows = EVENTS.splitlines(keepends=True)
    text = "".join(rows[0].replace("search", f"channel {one}") for one in range(customers))
    (folder / "many.csv").write_text(header + text, encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [sys.executable, "-m", "regie.cli.main", "attribute", "many.csv", "--models", "linear",
         "--format", "csv"],
        cwd=folder, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    os.close(writing)

    assert (done.returncode, "Traceback" in done.stderr, "Exception" in done.stderr) == (
        0, False, False
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
def test_an_answer_that_finds_no_room_says_so(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "regie.cli.main", "attribute", "events.csv"],
            cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith("regie: The disk is full")
    assert "Traceback" not in done.stderr


def test_a_process_says_what_the_same_call_says(folder: Path, attribute: Attribute) -> None:
    said = process(folder, "-m", "regie.cli.main", "attribute", "events.csv", "--format", "json")

    assert json.loads(said)["credits"] == credits_of(attribute, "events.csv")


def test_the_table_on_the_screen_adds_up_to_the_cent(attribute: Attribute) -> None:
    done = attribute("events.csv", "--models", "linear,markov")

    assert [line.split() for line in done.stdout.splitlines() if line.startswith("all")] == [
        ["all", "1.00", "1.00"], ["all", "99.50", "99.50"],
    ]  # fmt: skip
    assert "1 conversion attributed; 1 path without conversion." in done.stderr


@pytest.mark.parametrize("ending", ["parquet", "csv", "arrow"])
def test_the_exact_credits_are_written_to_a_file(
    folder: Path, attribute: Attribute, ending: str
) -> None:
    out = folder / f"credits.{ending}"

    done = attribute("events.csv", "--out", str(out))

    assert done.stdout == ""
    read = {
        "parquet": pyarrow.parquet.read_table, "csv": pyarrow.csv.read_csv,
        "arrow": lambda path: pyarrow.ipc.open_file(path).read_all(),
    }[ending]  # fmt: skip
    table = read(out)
    assert table.column_names == [
        "model", "channel", "conversions", "conversion_value", "removal_effect", "low", "high",
    ]  # fmt: skip
    assert [row["conversions"] for row in table.to_pylist()] == [
        row["conversions"] for row in credits_of(attribute, "events.csv")
    ]
    assert sorted(one.name for one in folder.iterdir() if one.name.startswith("cred")) == [out.name]


def test_the_credits_as_csv_are_exact(attribute: Attribute) -> None:
    printed = attribute("events.csv", "--models", "time_decay", "--format", "csv").stdout

    rows = list(csv.DictReader(io.StringIO(printed)))
    assert [float(row["conversions"]) for row in rows] == [
        row["conversions"] for row in credits_of(attribute, "events.csv", "--models", "time_decay")
    ]


def test_columns_of_other_names_are_read(folder: Path, attribute: Attribute) -> None:
    text = EVENTS.replace("customer_id,ts,channel,value", "visitor;seen at;campaign;revenue")
    (folder / "mine.csv").write_text(text.replace(",", ";"), encoding="utf-8-sig")

    found = credits_of(
        attribute, "mine.csv", "--customer", "visitor", "--ts", "seen at", "--unit", "campaign",
        "--value", "revenue",
    )  # fmt: skip

    assert found == credits_of(attribute, "events.csv")


@pytest.mark.parametrize(
    ("text", "arguments", "sentence"),
    [
        (EVENTS, ("absent.csv",), "There is no file “absent.csv”"),
        (EVENTS, ("e.csv", "--models", "lineer"), "Did you mean “linear”?"),
        (EVENTS, ("e.csv", "--unit", "creator"), "e.csv has no column “creator”; it has:"),
        (EVENTS, ("e.csv", "--lookback", "soon"), "“soon” is no span of time"),
        (EVENTS, ("e.csv", "--out", "credits.docx"), "End it with .parquet, .csv, .arrow"),
        (EVENTS, ("e.csv", "--out", "nowhere/credits.csv"), "There is no folder “nowhere”"),
        (EVENTS + "chloe,2026-03-02,,\n", ("e.csv",), "e.csv, row 5: it has neither a channel"),
        (EVENTS + "chloe,2026-03-02,print,1\n", ("e.csv",), "e.csv, row 5: it has both"),
        (EVENTS + "chloe,yesterday,print,\n", ("e.csv",), "e.csv, row 5: “ts” holds “yesterday”"),
        (EVENTS + "chloe,2026-03-02,,\"1,500\"\n", ("e.csv",), "row 5: “value” holds “1,500”"),
        (EVENTS + ",2026-03-02,print,\n", ("e.csv",), "e.csv, row 5: “customer_id” is empty"),
        (EVENTS + "chloe,2026-03-02\n", ("e.csv",), "e.csv cannot be read"),
        (EVENTS + "chloe,2026-03-02T09:00:00Z,print,\n", ("e.csv",),
         "e.csv, row 5: “ts” holds “2026-03-02T09:00:00Z” with a UTC offset, the first has none"),
        ("path,conversions\na > b,1\n", ("e.csv",), "e.csv has no column “total_conversions”"),
        ("PAR1 and then nothing", ("e.csv",), "e.csv cannot be read"),
        ("", ("e.csv",), "e.csv is empty, or begins with an empty line"),
        ("\x1f\x8b\x08\x00\x02", ("e.csv",), "e.csv does not begin with the names of columns"),
        (EVENTS, ("some.parquet",), "“some.parquet” is a folder. Name one of its files"),
        (EVENTS, ("absent.csv", "--out", "some.parquet"), "“some.parquet” is a folder. Name the"),
        (EVENTS, ("absent.csv", "--out", "credits.docx"), "“credits.docx” says no known kind"),
        (EVENTS, ("e.csv", "--out", "x" * 240 + ".csv"), "xxx.csv” cannot be written: File name"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_sentence(
    folder: Path, attribute: Attribute, text: str, arguments: tuple[str, ...], sentence: str
) -> None:
    (folder / "e.csv").write_text(text, encoding="utf-8")
    (folder / "some.parquet").mkdir()

    done = attribute(*arguments, status=2)

    assert sentence in done.stderr
    assert done.stdout == ""


def test_a_parquet_file_without_the_columns_says_which_it_has(
    folder: Path, attribute: Attribute
) -> None:
    table = pyarrow.parquet.read_table(folder / "events.parquet")
    pyarrow.parquet.write_table(
        table.rename_columns(["client", "date", "canal", "montant"]), folder / "mine.parquet"
    )

    done = attribute("mine.parquet", status=2)

    assert "mine.parquet has no column “customer_id”; it has: client, date, canal" in done.stderr


@pytest.mark.parametrize(
    "columns", ["customer_id,ts,channel,value", "path,total_conversions,total_null"]
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_without_rows_has_nothing_to_attribute(
    folder: Path, attribute: Attribute, columns: str, ending: str
) -> None:
    file = folder / f"none.{ending}"
    file.write_text(columns + "\n", encoding="utf-8")
    if ending == "parquet":
        pyarrow.parquet.write_table(pyarrow.csv.read_csv(io.BytesIO(file.read_bytes())), file)

    done = attribute(file.name)

    assert done.stdout == ""
    assert done.stderr == "0 conversions attributed; 0 paths without conversion.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_a_spreadsheet_saved_is_read(
    folder: Path, attribute: Attribute, encoding: str
) -> None:
    text = EVENTS.replace(",", ";").replace("search", "Réseaux sociaux").replace("99.50", "99,50")
    (folder / "mine.csv").write_text(text, encoding=encoding)

    found = credits_of(attribute, "mine.csv", "--models", "first_touch")

    assert [(row["channel"], row["conversion_value"]) for row in found] == [
        ("Réseaux sociaux", 99.5), ("e-mail", 0.0),
    ]  # fmt: skip


def test_how_sure_a_model_is_can_be_read_on_the_screen(attribute: Attribute) -> None:
    arguments = ("paths.csv", "--models", "linear,markov", "--intervals")

    shown = attribute(*arguments).stdout.partition("95 % interval")[2]

    [one] = [
        row for row in credits_of(attribute, *arguments)
        if (row["model"], row["channel"]) == ("markov", "search")
    ]  # fmt: skip
    assert f"{one['low']:.2f} to {one['high']:.2f}" in shown
    assert "linear" not in shown


def test_times_are_of_one_kind_from_the_first_piece_of_a_file_to_the_last(
    folder: Path, attribute: Attribute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regie.warehouse.event_files.BATCH", 2)
    rows = [f"amelie,2026-03-0{day}T09:00:00,search,\n" for day in (1, 2)]
    rows += [f"amelie,2026-03-0{day}T09:00:00+01:00,search,\n" for day in (3, 4)]
    (folder / "mine.csv").write_text(EVENTS.splitlines(True)[0] + "".join(rows), encoding="utf-8")

    done = attribute("mine.csv", status=2)

    assert "row 3: “ts” holds “2026-03-03T09:00:00+01:00” with a UTC offset" in done.stderr
