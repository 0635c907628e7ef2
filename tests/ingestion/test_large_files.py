"""Files over 8 MB go through Arrow's reader: the same rows, sums and line numbers."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regie.ingestion import raw_cells
from regie.ingestion.files import sheet
from tests.ingestion.desk import Imported, bring

pytestmark = pytest.mark.slow

# The mark and the blocks of the reader are a quarter of what they are in life, but once.
MARK, BLOCK, GOOD = sheet.LARGE // 4, raw_cells.BLOCK // 4, 6_750
HEADER = "Campaign report\n\nCampaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks\n"


def padded(lines: list[str], count: int = GOOD) -> str:
    """``lines`` and enough good ones after them to go over the mark."""
    wide = "Padding " * 40
    good = [f"{wide}{n},{n},2026-09-{n % 30 + 1:02},EUR,1,10,1" for n in range(count)]
    return HEADER + "\n".join([*lines, *good]) + "\n"


def both(
    folder: Path, text: str, encoding: str = "utf-8", *, mark: int = MARK, block: int = BLOCK
) -> tuple[Imported, Imported]:
    """``text`` read by Arrow and read by us, line by line."""
    path = folder / "large.csv"
    path.write_bytes(text.encode(encoding))
    assert path.stat().st_size > max(mark, 2 * block)
    (folder / "quick").mkdir()
    (folder / "patient").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_cells, "BLOCK", block)
        patch.setattr(sheet, "LARGE", mark)
        quick = bring(path, folder / "quick")
        patch.setattr(sheet, "LARGE", 1 << 40)
        return quick, bring(path, folder / "patient")


def outcome(one: Imported) -> tuple[object, ...]:
    staged = one.read.tables[0]
    refused = [(r.line, r.column, str(r.reason), r.cells) for r in staged.refusals]
    counts = (staged.rows_read, staged.rows_data, staged.rows_refused, staged.rows_aside)
    return counts, refused, one.prepared.totals, staged.period


def spend(one: Imported) -> Decimal:
    return one.prepared.totals["spend"]["EUR"]


def test_a_refused_line_has_its_number_in_a_large_file(tmp_path: Path) -> None:
    text = padded(["A,1,2026-09-01,EUR,5,10,1", "", "B,2,2026-09-01,EUR,oops,10,1"])
    quick, patient = both(tmp_path, text)
    assert [r.line for r in quick.read.tables[0].refusals] == [6]
    assert outcome(quick) == outcome(patient)


def test_cells_of_several_lines_do_not_shift_the_numbers(tmp_path: Path) -> None:
    lines = ['"A\nwith\nthree",1,2026-09-01,EUR,5,10,1', "B,2,2026-09-01,EUR,oops,10,1"]
    quick, patient = both(tmp_path, padded(lines))
    assert [r.line for r in quick.read.tables[0].refusals] == [7]
    assert outcome(quick) == outcome(patient)


def test_quotation_marks_above_the_header_cost_no_line(tmp_path: Path) -> None:
    text = padded(["A,1,2026-09-01,EUR,5,10,1"]).replace("Campaign report", '"Report of\nall"', 1)
    quick, patient = both(tmp_path, text)
    assert spend(quick) == GOOD + 5
    assert outcome(quick) == outcome(patient)


def test_short_and_long_lines_are_accounted_for_one_by_one(tmp_path: Path) -> None:
    lines = ["A,1,2026-09-01,EUR,5", "B,2,2026-09-01,EUR,5,10,1,more", "C,3,2026-09-01,EUR,5,1,1,"]
    quick, patient = both(tmp_path, padded(lines))
    assert [r.line for r in quick.read.tables[0].refusals] == [4, 5]
    assert outcome(quick) == outcome(patient)


def test_the_total_of_a_large_file_is_a_checksum(tmp_path: Path) -> None:
    text = padded([], 27_000) + "Total: Campaigns,,,,27000,270000,27000\n"
    quick, patient = both(tmp_path, text, mark=sheet.LARGE, block=raw_cells.BLOCK)
    assert quick.read.tables[0].rows_aside == 1
    assert quick.read.tables[0].notes == []
    assert spend(quick) == 27_000
    assert outcome(quick) == outcome(patient)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str) -> None:
    quick, patient = both(tmp_path, padded(["A,1,2026-09-01,EUR,x,1,1"]).replace("\n", end))
    assert spend(quick) == GOOD
    assert [r.line for r in quick.read.tables[0].refusals] == [4]
    assert outcome(quick) == outcome(patient)


def test_mixed_line_ends_are_read(tmp_path: Path) -> None:
    text = padded(["A,1,2026-09-01,EUR,5,10,1"])
    half = len(text) // 2
    quick, patient = both(tmp_path, text[:half].replace("\n", "\r\n") + text[half:])
    assert spend(quick) == GOOD + 5
    assert outcome(quick) == outcome(patient)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    text = padded(["Été à Nantes,1,2026-09-01,EUR,5,10,1", "É,2,2026-09-01,EUR,oops,10,1"])
    quick, patient = both(tmp_path, text, encoding)
    assert spend(quick) == GOOD + 5
    assert [r.line for r in quick.read.tables[0].refusals] == [5]
    assert outcome(quick) == outcome(patient)


CELLS = st.sampled_from(
    ["A", "", " ", '"B, quoted"', '"two\nlines"', '"a ""mark"""', 'an "odd" one', "–", "Total", "é"]
)
COSTS = st.sampled_from(["1", '"1,234.50"', "0.10", "", "--", "oops", "-2E-18", '""', "1_000"])
DAYS = st.sampled_from(["2026-09-01", '"Sep 3, 2026"', "", "Total", "2026-13-01"])
ROWS = st.one_of(
    st.tuples(CELLS, st.integers(1, 3), DAYS, st.just("EUR"), COSTS, COSTS).map(
        lambda cells: ",".join(map(str, [*cells, 1]))
    ),
    st.sampled_from(["", ",,,,,,", " , ,,,,,", "short", "A,1,2026-09-01,EUR,1,1,1,,"]),
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example writes megabytes
    suppress_health_check=list(HealthCheck),
)
@given(
    rows=st.lists(ROWS, max_size=12), end=st.sampled_from(["\n", "\r\n"]), seed=st.integers(0, 9)
)
def test_both_readers_agree_on_any_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], end: str, seed: int
) -> None:
    good = padded([]).removeprefix(HEADER).splitlines()
    dice = random.Random(seed)  # noqa: S311 - no secret
    for row in rows:
        good.insert(dice.randrange(len(good)), row)
    text = (HEADER + "\n".join(good) + "\n").replace("\n", end)
    quick, patient = both(tmp_path_factory.mktemp("both"), text)
    assert outcome(quick) == outcome(patient)
