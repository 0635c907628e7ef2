"""What distinct cells tell of a batch of lines is what each of its lines would have told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regie.ingestion import typed_cells
from regie.ingestion.staging_sql import StagingSql
from tests.ingestion.desk import Imported, bring_text

HEADER = "Day,Customer ID,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks,Search impr. share\n"
GOOD = "2026-09-01,111,Été,1,EUR,1.50,10,1,12.5%"
DAYS = st.sampled_from(["2026-09-01", "2026-09-02", "1889-01-01", "2101-01-01", "soon", "", "--"])
IDS = st.sampled_from(["1", "2", "1.2E+17", "", "–"])
FIGURES = st.sampled_from(["1", '"1,234.5"', "0", "-2E-18", "--", "", "oops"])
COSTS = FIGURES | st.sampled_from(["12 USD", "EUR 5"])
CODES = st.sampled_from(["EUR", "eur", "USD", ""])
SHARES = st.sampled_from(["12%", "0.5", "< 10%", "--", "half"])
NAMES = st.sampled_from(["Été", "", "Total: winter"])
LINES = st.tuples(DAYS, IDS, NAMES, IDS, CODES, COSTS, FIGURES, FIGURES, SHARES).map(",".join)


def told(one: Imported) -> tuple[object, ...]:
    staged = one.read.tables[0]
    refused = [(r.line, r.column, str(r.reason)) for r in staged.refusals]
    facts = {
        table: sorted(str(sorted(row.items(), key=str)) for row in rows)
        for table, rows in one.facts.items()
    }
    return dict(staged.rows.fates), refused, one.prepared.totals, one.prepared.windows, facts


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=4))
@example(lines=["2026-09-01,1,Été,1,EUR,--,,0,< 10%"])
@example(lines=["2026-09-01,1,Été,1,EUR,1,1,1,half"])
@example(lines=["2026-09-01,1,Été,1,EUR,1 USD,1,1,--"])
@example(lines=["1889-01-01,1,Été,1,EUR,1,1,1,--"])
@example(lines=["2026-09-01,1.2E+17,Été,1,EUR,1,1,1,--"])
@example(lines=[",,,,,1,1,1,--"])
@example(lines=["2026-09-01,1,Été,1,1"])
def test_cells_tell_what_lines_would(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    text = HEADER + "\n".join([GOOD, *lines, GOOD]) + "\n"
    by_cells = bring_text(tmp_path_factory.mktemp("cells"), text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StagingSql, "judged_by_cells", False)
        by_lines = bring_text(tmp_path_factory.mktemp("lines"), text)

    assert told(by_cells) == told(by_lines)


@pytest.mark.parametrize(
    "line", ["2026-09-02,2,,2,,--,0,,< 10%", "2026-09-02,1,Total: a,,EUR,1,1,1,--"]
)
def test_lines_whose_cells_all_read_well_are_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    def judged(*_given: object) -> dict[str, object]:
        raise AssertionError("each line was looked at")

    monkeypatch.setattr(typed_cells, "_judged", judged)

    one = bring_text(tmp_path, f"{HEADER}{GOOD}\n{line}\n")

    assert one.read.tables[0].rows_data == 2
    assert len(one.facts["performance"]) == 2
