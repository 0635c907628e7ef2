"""Files made to harm, or merely broken: a sentence each, and neither memory nor service is lost."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from regie.ingestion.files.refusal import UnreadableFile
from tests.ingestion.desk import bring
from tests.installation import Installation

pytestmark = pytest.mark.slow

HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks\n"
ROW = "Brand,1,2026-09-01,EUR,5,10,1\n"
MEMORY = 500 << 20


def workbook(path: Path, *cells: tuple[str, object]) -> Path:
    book = openpyxl.Workbook()
    for place, value in cells:
        book.active[place] = value
    book.save(path)
    return path


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A workbook with its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))
    return path


def zip_bomb(path: Path) -> Path:
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    return repacked(
        workbook(path, ("A1", "x")),
        lambda name, content: (
            content.replace(b"</sheetData>", row * 3_000_000 + b"</sheetData>")
            if name.endswith("sheet1.xml")
            else content
        ),
    )


def far_corner(path: Path) -> Path:
    """Two cells: laid out as a block they are seventeen thousand million."""
    return workbook(path, ("A1", "x"), ("XFD1048576", "y"))


def outside_entity(path: Path) -> Path:
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;'
    return repacked(
        workbook(path, ("A1", "x")),
        lambda name, content: (
            content.replace(b"<worksheet", evil + b"<worksheet", 1)
            if name.endswith("sheet1.xml")
            else content
        ),
    )


def late_entity(path: Path) -> Path:
    """The declaration stands behind a long comment."""
    evil = b"<!--" + b"x" * 9000 + b'--><!DOCTYPE x [<!ENTITY e "boom">]>'
    return repacked(
        workbook(path, ("A1", "x")),
        lambda name, content: (
            content.replace(b"<worksheet", evil + b"<worksheet", 1)
            if name.endswith("sheet1.xml")
            else content
        ),
    )


def nested_zip(path: Path) -> Path:
    content = HEADER.encode()
    for depth in range(20):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"level{depth}.zip", content)
        content = packed.getvalue()
    path.write_bytes(content)
    return path


def text(content: str | bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def long_line(path: Path) -> Path:
    """Four times the memory that may be used, on one line; on the disk it is a hole."""
    with path.open("wb") as file:
        file.write(HEADER.encode() + b"Brand,1,2026-09-01,EUR,5,10,")
        for _megabyte in range(3):
            file.write(b"1" * (1 << 20))
        file.truncate(2 << 30)
    return path


MANY_ROWS = "".join(f"Brand {n},{n},2026-09-01,EUR,5,10,1\n" for n in range(300_000))
FILES: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "a zip bomb": ("a.xlsx", zip_bomb, "unfolds to far more"),
    "a workbook with one cell in the far corner": ("a.xlsx", far_corner, "unfolds to far more"),
    "an outside entity": ("a.xlsx", outside_entity, "outside entities"),
    "an entity declared late": ("a.xlsx", late_entity, "outside entities"),
    "zips in zips": ("a.xlsx", nested_zip, "zip archive"),
    "a damaged workbook": ("a.xlsx", text(b"PK\x03\x04" + bytes(range(256)) * 9), "damaged"),
    "an old workbook that is none": ("a.xls", text(b"\xd0\xcf\x11\xe0" + b"x" * 999), "damaged"),
    "binary": ("a.csv", text(bytes(range(256)) * 400), "binary"),
    "an image": ("a.csv", text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(9999)), "binary"),
    "zero bytes among the cells": ("a.csv", text(HEADER + "Br\0nd,1,2026-09-01\n"), "binary"),
    "zero bytes far below": ("a.csv", text(HEADER + MANY_ROWS + "a\0b\n"), "binary"),
    "zero characters in UTF-16": ("a.csv", text((HEADER + "a\0b").encode("utf-16")), "binary"),
    "nothing": ("a.csv", text(b""), "empty"),
    "a byte-order mark alone": ("a.csv", text(b"\xef\xbb\xbf"), "empty"),
    "a UTF-16 mark alone": ("a.csv", text(b"\xff\xfe"), "empty"),
    "blank lines alone": ("a.csv", text("\n \n\n"), "empty"),
    "a header alone": ("a.csv", text(HEADER), "no line"),
    "a line of two gigabytes": ("a.csv", long_line, "two megabytes"),
    "five thousand columns": (
        "a.csv", text(HEADER.strip() + ",x" * 5000 + "\n" + ROW.strip() + ",1" * 5000), "columns",
    ),
    "a quotation mark never closed": (
        "a.csv", text(HEADER + '"Brand,1,2026-09-01,EUR,5,10,1\n' + ROW * 9), "line 2",
    ),
    "a quotation mark never closed in a large file": (
        "a.csv", text(HEADER + '"' + MANY_ROWS), "line 2",
    ),
    "prose": ("a.csv", text("Dear all,\nplease find the figures, attached.\n"), "no known export"),
}  # fmt: skip


@pytest.mark.parametrize("case", [one for one in FILES if "gigabytes" not in one])
def test_a_hostile_file_gets_a_sentence(case: str, tmp_path: Path) -> None:
    name, make, said = FILES[case]
    with pytest.raises(UnreadableFile, match=said):
        bring(make(tmp_path / name), tmp_path)


def test_a_workbook_called_csv_and_a_csv_called_xlsx_are_read(tmp_path: Path) -> None:
    book = workbook(tmp_path / "book.xlsx", *_cells())
    lying = book.rename(tmp_path / "book.csv")
    assert bring(lying, tmp_path).read.tables[0].rows_data == 1
    plain = text(HEADER + ROW)(tmp_path / "plain.xlsx")
    assert bring(plain, tmp_path).read.tables[0].rows_data == 1


def _cells() -> list[tuple[str, object]]:
    lines = csv.reader((HEADER + ROW).splitlines())
    return [
        (f"{chr(65 + column)}{line}", cell)
        for line, cells in enumerate(lines, start=1)
        for column, cell in enumerate(cells)
    ]


def test_carriage_returns_alone_end_lines(tmp_path: Path) -> None:
    path = text((HEADER + ROW * 3).replace("\n", "\r"))(tmp_path / "a.csv")
    assert bring(path, tmp_path).read.tables[0].rows_data == 3


def test_only_the_lines_with_damaged_bytes_are_refused(tmp_path: Path) -> None:
    lines = [f"{name},1,2026-09-01,EUR,5,10,1\n".encode() for name in ("Été", "???", "Château")]
    content = HEADER.encode() + b"".join(lines).replace(b"???", b"Et\xe9")
    staged = bring(text(content)(tmp_path / "a.csv"), tmp_path).read.tables[0]
    assert (staged.rows_data, [r.line for r in staged.refusals]) == (2, [3])


def test_a_file_of_an_older_windows_is_read_in_its_own_letters(tmp_path: Path) -> None:
    path = text((HEADER + ROW.replace("Brand", "Été à Nîmes")).encode("cp1252"))
    staged = bring(path(tmp_path / "a.csv"), tmp_path).read.tables[0]
    assert (staged.rows_data, staged.rows_refused) == (1, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    ["a zip bomb", "a workbook with one cell in the far corner", "a line of two gigabytes",
     "five thousand columns", "a quotation mark never closed in a large file"],
)  # fmt: skip
def test_a_hostile_file_costs_little_memory(
    case: str, installation: Installation, tmp_path: Path
) -> None:
    """The command ends with 3, says one sentence, and never used half a gigabyte."""
    name, make, said = FILES[case]
    path = make(tmp_path / name)
    # The home of a test is in memory, and what is kept of a hole is none.
    (tmp_path / "raw").mkdir()
    (installation.home / "raw").symlink_to(tmp_path / "raw")
    measuring = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], capture_output=True, text=True)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "print(done.stdout)\n"
        "sys.stderr.write(done.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measuring, *installation.command("import", path)],
        env=installation.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    numbers, _end, told = done.stdout.partition("\n")
    status, peak = map(int, numbers.split())
    assert (status, done.stderr) == (3, "")
    assert said in told
    assert peak * (1 if sys.platform == "darwin" else 1024) < MEMORY


def test_wrong_use_is_said_before_anything_is_done(
    installation: Installation, tmp_path: Path
) -> None:
    installation.run("import", tmp_path, status=2)
    installation.run("import", tmp_path / "absent.csv", status=2)
    closed = text(HEADER + ROW)(tmp_path / "closed.csv")
    closed.chmod(0)
    if not os.access(closed, os.R_OK):
        installation.run("import", closed, status=2)


FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.mark.slow
def test_a_formula_goes_out_as_text(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "formula.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        out.write(HEADER)
        writer.writerows([name, i, "2026-09-01", "EUR", 5, 10, 1] for i, name in enumerate(
            (FORMULA, "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1+1", "plain")))  # fmt: skip
    installation.run("import", path)
    out = installation.run("query", "--metrics", "spend", "--by", "campaign", "--format", "csv")
    names = [row["campaign"] for row in csv.DictReader(io.StringIO(out))]
    assert len(names) == 6
    assert all(name == "plain" or name.startswith("'") for name in names)
