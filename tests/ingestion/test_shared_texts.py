"""Texts that many rows share are resolved once, and the facts are those that each row gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.pipeline import Answers, read_file
from regie.ingestion.staging import Staged
from regie.warehouse.engine import scratch
from tests.ingestion.desk import Imported, bring_text

HEADER = (
    "Day,Customer ID,Account,Campaign,Campaign ID,Ad group,Currency code,Cost,Impr.,Clicks,"
    "Conversions,Search impr. share\n"
)
TEXTS = (
    "111,Maison A,Été,1,Groupe,EUR",
    "111,Maison A,Été,1,–,EUR",
    "111,Maison A, Été ,1,Groupe,CHF",
    "222,,Total: winter,2,,eur",
    "222,Maison B,Total: winter,2,,",
)
FIGURES = ("1.50,10,1,0.5,12.5%", ",,,,", '"1,234.5",20,2,,--', "0,0,0,3,< 10%")


def lines() -> list[str]:
    days = [f"2026-{month:02}-{day:02}" for month in (7, 8, 9) for day in (1, 15, 28)]
    return [
        f"{day},{text},{FIGURES[(i + n) % len(FIGURES)]}"
        for i, day in enumerate(days)
        for n, text in enumerate(TEXTS)
    ]


def facts(one: Imported) -> dict[str, list[str]]:
    return {
        table: sorted(str(sorted(row.items(), key=str)) for row in rows)
        for table, rows in one.facts.items()
    }


@pytest.mark.parametrize("in_order", [True, False])
def test_facts_are_those_that_each_row_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_order: bool
) -> None:
    wrong = "2026-07-01,333,Nobody,Été,9,Groupe,EUR,oops,1,1,1,"
    total = "Total: account,,,,,,,99,99,9,9,"
    body = lines() if in_order else lines()[::-1]
    text = HEADER + "\n".join([wrong, *body, total]) + "\n"

    shared = bring_text(tmp_path, text)
    assert shared.read.tables[0].shares_texts
    monkeypatch.setattr(Staged, "shares_texts", False)
    (tmp_path / "each").mkdir()
    each = bring_text(tmp_path / "each", text)

    assert facts(shared) == facts(each)
    assert set(facts(each)) == {"performance", "conversions", "nonadditive", "entities"}
    assert shared.prepared.totals == each.prepared.totals
    assert shared.prepared.windows == each.prepared.windows
    assert sorted(shared.book.accounts) == sorted(each.book.accounts)
    assert ("google_ads", "333") not in each.book.accounts  # its only line was refused


def test_reading_stops_between_two_batches(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "\n".join(lines()) + "\n", encoding="utf-8")

    def check() -> None:
        raise UnreadableFile("stopped")

    with scratch(tmp_path) as engine:
        read = read_file(path, path.name, Answers(), engine, check=check)

    assert str(read.problem) == "stopped"
    assert read.tables == []
