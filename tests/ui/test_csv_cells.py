"""What leaves as CSV is read by spreadsheets, and none of its cells runs."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from regie.ui.csv_cells import Writer


def test_a_cell_like_a_formula_gets_an_apostrophe_and_a_number_none() -> None:
    out = io.StringIO()
    writer = Writer(out, lineterminator="\n")
    writer.row(["name", "spend"])
    writer.rows([["=HYPERLINK(1)", "-12.50"], [None, "@home"]])

    assert out.getvalue() == "name,spend\n'=HYPERLINK(1),-12.50\n,'@home\n"


@given(st.text())
def test_no_text_begins_as_a_formula_would(text: str) -> None:
    out = io.StringIO()
    Writer(out).row([text, "end"])

    first = next(csv.reader(io.StringIO(out.getvalue(), newline="")))[0]
    assert first in (text, f"'{text}")
    assert not first.startswith(("=", "@", "\t", "\r"))
    if first.startswith(("+", "-")):
        float(first)
