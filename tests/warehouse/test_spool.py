"""Rows between two steps, and the files that days are written to."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.warehouse import spool as spools
from regie.warehouse.engine import scratch
from regie.warehouse.lake import Lake
from regie.warehouse.parquet import ROW_GROUP
from regie.warehouse.spool import Spool

DAY = date(2026, 1, 30)


def rows(texts: list[str | None], start: int) -> pa.RecordBatch:
    numbers = pa.array(range(start, start + len(texts)), pa.int64())
    words = pa.array(texts, pa.dictionary(pa.int32(), pa.string()))
    return pa.record_batch({"number": numbers, "word": words})


@pytest.fixture(params=[spools.MOST_HELD, 100_000, 0], ids=["in memory", "some of it", "on disk"])
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "MOST_HELD", request.param)


@pytest.mark.usefixtures("room")
def test_each_statement_reads_all_batches_from_the_first(tmp_path: Path) -> None:
    batches = [rows(["a", None, "b"], 0), rows(["c"] * (ROW_GROUP + 1), 3), rows([], 0)]
    with scratch(tmp_path) as engine:
        spool = Spool(engine, tmp_path)
        for batch in batches:
            spool.write(batch)
        spool.close()
        counted = (
            f"SELECT word, count(*), min(number) FROM {spool.relation} GROUP BY ALL ORDER BY 3"
        )
        found = [engine.execute(counted).fetchall() for _time in range(2)]
        together = engine.execute(
            f"SELECT count(*) FROM {spool.relation} a JOIN {spool.relation} b USING (number)"
        ).fetchall()
        order = engine.execute(f"SELECT number FROM {spool.relation}").fetchall()

    assert found == [[("a", 1, 0), (None, 1, 1), ("b", 1, 2), ("c", ROW_GROUP + 1, 3)]] * 2
    assert together == [(spool.rows,)]
    assert order == [(number,) for number in range(spool.rows)]


@pytest.mark.usefixtures("room")
def test_a_spool_without_rows_still_has_its_columns(tmp_path: Path) -> None:
    with scratch(tmp_path) as engine:
        spool = Spool(engine, tmp_path)
        spool.write(rows([], 0))
        spool.close()
        assert engine.execute(f"SELECT number, word FROM {spool.relation}").fetchall() == []


def test_spools_share_the_memory_that_is_for_all_and_give_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = rows(["a"] * 1_000, 0)
    monkeypatch.setattr(spools, "MOST_HELD", batch.nbytes * 3 // 2)

    def on_disk() -> list[bool]:
        written = [Spool(engine, tmp_path) for _number in range(2)]
        for spool in written:
            spool.write(batch)
            spool.close()
        return [(tmp_path / f"{spool.relation}.parquet").exists() for spool in written]

    with scratch(tmp_path) as engine:
        assert on_disk() == [False, True]
        assert on_disk() == [False, True]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 70), min_size=1, max_size=40))
def test_each_month_gets_its_days_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, after: list[int]
) -> None:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    days = [DAY + timedelta(days=number) for number in after]
    given_rows = ", ".join(f"(DATE '{day}', {place})" for place, day in enumerate(days))

    with scratch(lake.root) as engine:
        written = lake.write_months(
            engine, "facts", f"SELECT * FROM (VALUES {given_rows}) t(date, place)",
            complete=lambda batch: batch,
        )  # fmt: skip

    found = {
        one.month: pq.ParquetFile(lake.absolute(one.path)).read().to_pylist() for one in written
    }
    wanted: dict[date, list[dict[str, object]]] = {}
    for place, day in enumerate(days):
        wanted.setdefault(day.replace(day=1), []).append({"date": day, "place": place})
    assert found == wanted
    assert [one.month for one in written] == sorted(wanted)
    assert {one.month: one.rows for one in written} == {m: len(r) for m, r in wanted.items()}


def test_no_row_makes_no_file(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")

    with scratch(tmp_path) as engine:
        written = lake.write_months(
            engine, "facts", "SELECT DATE '2026-01-01' AS date WHERE false",
            complete=lambda batch: batch,
        )  # fmt: skip

    assert written == []
    assert lake.files() == set()
