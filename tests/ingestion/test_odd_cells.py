"""Cells as spreadsheets leave them: credits, days of other forms, totals of nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from regie.ingestion.files.refusal import UnreadableFile
from tests.ingestion.desk import bring, bring_text
from tests.ingestion.test_variants import FRENCH, TITLE, days, refused, spend


@pytest.mark.parametrize("day", ["12/9/25", "12/09/25", "9/12/25"])
def test_a_short_day_is_of_this_century(day: str, tmp_path: Path) -> None:
    lines = f"A;{day};EUR;1,50;10;1\nA;13/9/25;EUR;1,00;10;1\n"

    imported = bring_text(tmp_path, FRENCH + lines)

    assert refused(imported) == []
    assert days(imported) < {"2025-09-12", "2025-09-13", "2025-12-09"}


def test_a_short_date_is_no_day_of_the_first_century(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as question:
        bring_text(tmp_path, FRENCH + "A;01/09/26;EUR;1,50;10;1\n")

    assert question.value.code == "needs_period"


def test_a_year_beyond_all_figures_is_refused_as_such(tmp_path: Path) -> None:
    lines = "A;2026-09-01;EUR;1,50;10;1\nA;2126-09-01;EUR;1,50;10;1\nA;1900-01-01;EUR;1;10;1\n"

    imported = bring_text(tmp_path, FRENCH + lines)

    assert refused(imported) == [(3, "Jour"), (4, "Jour")]
    told = {str(one.reason) for one in imported.read.tables[0].refusals}
    assert told == {
        f"“{day}” lies beyond the years that figures can be of, 1990 to 2100."
        for day in ("2126-09-01", "1900-01-01")
    }


@pytest.mark.parametrize(
    ("header", "moment"),
    [("call_id,started_at", "started_at"), ("order_id,ordered_at,revenue,currency", "ordered_at"),
     ("lead_id,received_at", "received_at")],
)  # fmt: skip
def test_a_moment_beyond_all_figures_is_refused_as_such(
    header: str, moment: str, tmp_path: Path
) -> None:
    rest = ",1.50,EUR" if "revenue" in header else ""
    moments = ("2026-09-01 10:00", "2126-09-01 10:00", "2026-09-01 11:00", "1900-01-01 10:00")
    lines = [f"n{number},{one}{rest}" for number, one in enumerate(moments)]

    imported = bring_text(tmp_path, "\n".join([header, *lines, ""]))

    assert refused(imported) == [(3, moment), (5, moment)]
    told = {str(one.reason) for one in imported.read.tables[0].refusals}
    assert told == {
        f"“{moments[place]}” lies beyond the years that figures can be of, 1990 to 2100."
        for place in (1, 3)
    }


@pytest.mark.slow
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "  "])
@pytest.mark.parametrize("day", ["2026-09-01", "2026/09/01", "1 sept. 2026", "20260901"])
def test_spaces_around_a_cell_say_nothing(day: str, space: str, tmp_path: Path) -> None:
    cells = ["A", day, "EUR", "3,10", "10", "1"]

    imported = bring_text(tmp_path, FRENCH + ";".join(f"{space}{c}{space}" for c in cells) + "\n")

    assert (refused(imported), days(imported)) == ([], {"2026-09-01"})
    assert spend(imported) == Decimal("3.10")
    assert imported.facts["performance"][0]["campaign_id"] == "name:A"


@pytest.mark.parametrize("credit", ["-3,10", "−3,10", "(3,10)", "3,10-", "(3,10 €)", "- 3,10"])
def test_a_credit_is_negative_however_it_is_written(credit: str, tmp_path: Path) -> None:
    imported = bring_text(tmp_path, FRENCH + f"A;2026-09-01;EUR;{credit};0;0\n")

    assert (refused(imported), spend(imported)) == ([], Decimal("-3.10"))


@pytest.mark.parametrize("nonsense", ["(3,10", "3,10)", "(-3,10)", "-3,10-", "()", "3-10"])
def test_a_sign_too_many_is_no_number(nonsense: str, tmp_path: Path) -> None:
    lines = f"A;2026-09-01;EUR;{nonsense};0;0\nA;2026-09-02;EUR;1,00;0;0\n"

    assert refused(bring_text(tmp_path, FRENCH + lines)) == [(2, "Coût")]


def test_a_total_of_nothing_agrees_with_no_row(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path, TITLE.format("1 septembre 2026 - 30 septembre 2026") + FRENCH
        + "Total : campagnes;;EUR;0,00;0;0\n",
    )  # fmt: skip

    assert imported.prepared.notes == []


def test_a_table_on_another_sheet_is_told_and_not_lost(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Lisez-moi : export de septembre"])
    for title, day in (("Semaine 36", 1), ("Semaine 37", 8), ("Vide", None)):
        sheet = book.create_sheet(title)
        sheet.append(FRENCH.strip().split(";"))
        if day:
            sheet.append(["A", date(2026, 9, day), "EUR", 10.5, 100, 3])
    path = tmp_path / "classeur.xlsx"
    book.save(path)

    imported = bring(path, tmp_path)

    (staged,) = imported.read.tables
    assert (days(imported), spend(imported)) == ({"2026-09-01"}, Decimal("10.5"))
    assert (staged.rows_read, staged.rows_data, staged.rows_aside) == (2, 1, 1)
    assert [str(note) for note in imported.prepared.notes] == [
        "Lines left aside: 1 (they are on the sheet “Semaine 37”: send it as a file of its own)"
    ]
