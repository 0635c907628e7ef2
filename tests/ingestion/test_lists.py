"""Lists that people bring: whatever a spreadsheet does to them, each row stands by its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from regie.ingestion.files.lists import read_list
from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel.errors import Refused

NAMES = {"email": ("e-mail", "adresse e-mail"), "role": ("role", "rôle")}
ROWS = [(2, "Amélie@brand.example", "a"), (4, "bruno@brand.example", "b")]


def written(folder: Path, content: bytes) -> Path:
    path = folder / "list"
    path.write_bytes(content)
    return path


def read(path: Path, **said: int) -> list[tuple[int, str, str]]:
    with read_list(path, NAMES, **said) as found:
        return [(row.line, row["email"], row["role"]) for row in found.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_delimiter_and_line_ends_do_not_matter(tmp_path, encoding, delimiter, end) -> None:
    lines = ["Rôle;Nom;Adresse_E-Mail", "a;N;Amélie@brand.example", ";;", "b;;bruno@brand.example"]
    text = end.join(lines).replace(";", delimiter)
    assert read(written(tmp_path, text.encode(encoding))) == ROWS


def test_the_line_by_which_excel_names_the_delimiter_is_no_heading(tmp_path) -> None:
    text = "sep=;\nE-mail;Role\namelie@brand.example;a\n"
    assert read(written(tmp_path, text.encode())) == [(3, "amelie@brand.example", "a")]


def test_a_workbook_is_a_list_and_its_best_sheet_is_read(tmp_path) -> None:
    book = Workbook()
    book.active.append(["Notes", "of", "last", "year"])
    sheet = book.create_sheet("People")
    sheet.append(["E-mail", "Role"])
    sheet.append(["amelie@brand.example", "a"])
    book.save(tmp_path / "list")
    assert read(tmp_path / "list") == [(2, "amelie@brand.example", "a")]


def test_one_column_is_a_list(tmp_path) -> None:
    path = written(tmp_path, b"email\n\namelie@brand.example\n")
    with read_list(path, {"email": ("email",)}) as found:
        assert found.columns == {"email"}
        assert [(row.line, row["email"]) for row in found.rows] == [(3, "amelie@brand.example")]


def test_our_own_apostrophe_goes_and_another_stays(tmp_path) -> None:
    path = written(tmp_path, b"e-mail,role\n'=cmd@brand.example,'a'\n")
    assert read(path) == [(2, "=cmd@brand.example", "'a'")]


def test_a_line_with_more_cells_than_headings_says_so_and_the_others_go_on(tmp_path) -> None:
    path = written(tmp_path, b"e-mail,role\nx@brand.example,Admin, deputy\ny@brand.example,a,,\n")
    with read_list(path, NAMES) as found:
        problems = {row.line: row.problem for row in found.rows}
    assert "more cells than the first one" in str(problems[2])
    assert problems[3] is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b"e-mail,role\n\"x@brand.example,a\ny@brand.example,b\n", "opens on line 2"),
        (b"\"e-mail,role\nx@brand.example,a\n", "opens on line 1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d\x00\x01\x02\x03", ""),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, content, says) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(written(tmp_path, content))
    assert says in str(refused.value)


def test_a_list_that_is_too_long_is_refused_and_not_cut(tmp_path) -> None:
    path = written(tmp_path, b"e-mail,role\n" + b"x@brand.example,a\n" * 4)
    assert len(read(path, most=4)) == 4
    with pytest.raises(Refused, match="at most 3 lines"):
        read(path, most=3)


CELL = st.text("aé',;\"\n\t 0=@", min_size=1, max_size=8).filter(lambda text: text.strip())


@given(rows=st.lists(st.tuples(CELL, CELL), max_size=12), delimiter=st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_read_again(tmp_path_factory, rows, delimiter) -> None:
    import csv

    path = tmp_path_factory.mktemp("list") / "list"
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        csv.writer(out, delimiter=delimiter).writerows([("E-mail", "Role"), *rows])
    assert [(email, role) for _line, email, role in read(path)] == [
        tuple(unmarked(cell.strip()) for cell in row) for row in rows
    ]


def unmarked(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "@", "\t") else cell
