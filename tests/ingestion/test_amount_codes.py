"""Amounts that carry the code of their currency: read to the last decimal, never in another one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.ingestion.amount_codes import code_in, stated_in
from tests.ingestion.desk import Imported, bring_text

# One file of each writing: the other amounts settle its decimal mark.
DOTS = "Campaign,Day,Cost,Impr.,Clicks\nA,2026-09-01,{},10,1\nB,2026-09-01,{},10,1\n"
COMMAS = "Campagne;Jour;Coût;Impr.;Clics\nA;2026-09-01;{};10;1\nB;2026-09-01;{};10;1\n"
BESIDE = "Campaign,Day,Currency code,Cost,Impr.,Clicks\nA,2026-09-01,{},{},10,1\n"


def bring(folder: Path, text: str, **answers: Any) -> Imported:
    """As Google Ads gives it, of an account whose currency nobody has said."""
    return bring_text(folder, text, format="google_ads", **answers)


def spend(imported: Imported) -> dict[str, Decimal]:
    return imported.prepared.totals["spend"]


def refused(imported: Imported) -> list[tuple[int, str, str]]:
    return [(r.line, r.column, str(r.reason)) for r in imported.read.tables[0].refusals]


@pytest.mark.parametrize("amount", [
    "EUR 1,234.56", "1,234.56 EUR", "1234.56EUR", "eur\u00a01,234.56", "1,234.56\u202fEur",
    "+EUR1234.56",
])  # fmt: skip
def test_a_code_before_or_after_an_amount_names_its_currency(amount: str, tmp_path: Path) -> None:
    imported = bring(tmp_path, DOTS.format(f'"{amount}"', '"EUR 0.015"'))

    assert refused(imported) == []
    assert spend(imported) == {"EUR": Decimal("1234.575")}


@pytest.mark.parametrize("amount", ["1 234,56 EUR", "1\u202f234,56\u00a0EUR", "EUR 1.234,56"])
def test_a_code_stands_beside_a_decimal_comma_too(amount: str, tmp_path: Path) -> None:
    imported = bring(tmp_path, COMMAS.format(amount, "-0,06 EUR"))

    assert refused(imported) == []
    assert spend(imported) == {"EUR": Decimal("1234.5")}


def test_an_amount_in_another_currency_than_the_others_is_refused(tmp_path: Path) -> None:
    three = DOTS + "C,2026-09-01,USD 12.5,10,1\n"

    imported = bring(tmp_path, three.format("EUR 1.5", "EUR 2.5"))

    assert spend(imported) == {"EUR": Decimal(4)}
    ((line, column, reason),) = refused(imported)
    assert (line, column) == (4, "Cost")
    assert reason.startswith("“USD 12.5” is in USD, where this line should be in EUR")


def test_what_was_said_of_the_file_is_stronger_than_what_its_amounts_carry(tmp_path: Path) -> None:
    imported = bring(tmp_path, DOTS.format("EUR 1.5", "2.5"), currency="usd")

    assert spend(imported) == {"USD": Decimal("2.5")}
    assert [line for line, _column, _reason in refused(imported)] == [2]


@pytest.mark.parametrize(("currency", "amount", "is_read"), [
    ("EUR", "EUR 12.5", True), ("eur", "12.5 EUR", True), ("USD", "EUR 12.5", False),
    ("EUR", "12.5 USD", False), ("--", "EUR 12.5", True), ("EUR", "12.5", True),
])  # fmt: skip
def test_a_line_says_its_own_currency(
    currency: str, amount: str, is_read: bool, tmp_path: Path
) -> None:
    imported = bring(tmp_path, BESIDE.format(currency, amount))

    assert (refused(imported) == []) is is_read
    if is_read:
        assert spend(imported) == {"EUR": Decimal("12.5")}


@pytest.mark.parametrize("text", ["EUR", "12.5 EU", "12.5 EURO", "EUR 12.5 EUR", "None 5", "A12"])
def test_what_is_no_amount_stays_none(text: str, tmp_path: Path) -> None:
    imported = bring(tmp_path, DOTS.format(text, "EUR 2.5"))

    assert [line for line, _column, _reason in refused(imported)] == [2]
    assert spend(imported) == {"EUR": Decimal("2.5")}


@given(code=st.sampled_from(["EUR", "USD", "JPY"]), cents=st.integers(-(10**12), 10**12),
       is_ahead=st.booleans(), space=st.sampled_from(["", " ", "\u00a0", "\u202f"]))  # fmt: skip
def test_a_code_is_found_at_both_ends(code: str, cents: int, is_ahead: bool, space: str) -> None:
    figure = f"{Decimal(cents) / 100:.2f}"
    cell = f"{code}{space}{figure}" if is_ahead else f"{figure}{space}{code}"

    assert code_in(cell) == code
    assert stated_in([cell, figure, "ABC 1"]) == code
