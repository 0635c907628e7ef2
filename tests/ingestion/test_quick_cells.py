"""The quick reading of a cell never says anything else than the patient one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regie.ingestion import parsing, quick_cells
from regie.ingestion.parsing import NULLS, Locale
from regie.warehouse.engine import Engine, scratch

DOT, COMMA = Locale("."), Locale(",")
LARGEST_EXACT = Decimal("99999999999")
_SPACES = " \t\u00a0\u202f"
_tokens = st.sampled_from(NULLS)
_edges = st.text(_SPACES, max_size=2)
# A number of each style, and what people and spreadsheets make of it.
_figures = st.text("0123456789.,-_+%€ \u00a0\u202f'", max_size=9) | st.from_regex(
    r"[-+]?[0-9]{1,3}([ ,.\u00a0\u202f][0-9]{3}){0,3}([.,][0-9]{0,9})?", fullmatch=True
)
_texts = st.text("aéNnlu/A<10%-—.'Z " + _SPACES, max_size=9)
_cells = st.builds("".join, st.tuples(_edges, _tokens | _figures | _texts, _edges))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("scratch")
    with scratch(folder) as engine:
        yield engine


def _read(engine: Engine, cells: list[str | None], *expressions: str) -> list[tuple[Any, ...]]:
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE cells AS SELECT unnest(?::VARCHAR[]) AS c", [cells]
    )
    return engine.execute(f"SELECT c, {', '.join(expressions)} FROM cells").fetchall()


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.none() | _cells, max_size=40))
@example(cells=["NULL", "null ", "N/A\u00a0", "< 10%", "<10%", "Nantes", "née", "n/a", "  ", "Été"])
def test_text_is_the_same(engine: Engine, cells: list[str | None]) -> None:
    for cell, quick, patient in _read(engine, cells, quick_cells.text("c"), parsing.text("c")):
        assert quick == patient, repr(cell)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.none() | _cells, max_size=40))
@example(cells=["007", "-5", "12", "1.2E+17", "120.0", " 12", "99999999999999999999", "1_0", "+5"])
def test_an_identifier_is_the_same(engine: Engine, cells: list[str | None]) -> None:
    found = _read(engine, cells, quick_cells.identifier("c"), parsing.identifier("c"))

    for cell, quick, patient in found:
        assert quick == patient, repr(cell)


@pytest.mark.parametrize("locale", [DOT, COMMA], ids=["dot", "comma"])
@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.none() | _cells, max_size=40))
@example(cells=["1,234", "1,23", "1.234", "12,5", "1 234,56", "1_000", ".5", "-0,00", "1,234."])
def test_a_number_is_the_same(engine: Engine, locale: Locale, cells: list[str | None]) -> None:
    found = _read(engine, cells, quick_cells.number("c", locale), parsing.number("c", locale))

    for cell, quick, patient in found:
        assert quick == patient, repr(cell)


@pytest.mark.parametrize("locale", [DOT, COMMA], ids=["dot", "comma"])
@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.none() | _cells, max_size=40))
@example(cells=["12.5", "12.0", "1,234", "1 234", "1 23", "-2E-18", "123456789012", "--", "1,5"])
def test_a_count_is_a_number_that_is_whole(
    engine: Engine, locale: Locale, cells: list[str | None]
) -> None:
    found = _read(engine, cells, quick_cells.count("c", locale), parsing.number("c", locale))

    for cell, quick, patient in found:
        if patient is not None and abs(patient) < LARGEST_EXACT:
            assert quick == (patient if patient == int(patient) else None), repr(cell)
