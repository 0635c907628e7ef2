"""Lines with the same texts have the same number, whatever batch they are in."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.ingestion import common_texts
from regie.ingestion.common_texts import CommonTexts

CELLS = st.none() | st.sampled_from(["", "a", "b", "ab", "Été"])
BATCHES = st.lists(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8), max_size=6)


def numbered(texts: CommonTexts, lines: list[tuple[str | None, ...]]) -> list[int]:
    columns = [
        pa.array(column, pa.dictionary(pa.int32(), pa.string()))
        for column in zip(*lines, strict=True)
    ]
    return [int(number) for number in texts.numbers(columns).to_pylist()]


@settings(max_examples=80, deadline=None)
@given(batches=BATCHES)
def test_numbers_are_counted_up_as_texts_appear(
    batches: list[list[tuple[str | None, ...]]],
) -> None:
    texts, known = CommonTexts(3), dict[tuple[str | None, ...], int]()
    for lines in batches:
        for line in lines:
            known.setdefault(line, len(known))
        assert numbered(texts, lines) == [known[line] for line in lines]
        assert texts.count == len(known)


def test_numbers_are_new_beyond_what_can_be_known() -> None:
    texts = CommonTexts(1)
    assert numbered(texts, [("a",), ("b",), ("a",)]) == [0, 1, 0]
    assert texts.new(3).to_pylist() == [2, 3, 4]
    assert numbered(texts, [("b",), ("a",)]) == [5, 6]
    assert texts.count == 7


def test_what_is_known_is_forgotten_once_it_is_too_much() -> None:
    texts = CommonTexts(1)
    known = [(str(number),) for number in range(common_texts.MOST_KNOWN + 1)]
    assert numbered(texts, known) == list(range(len(known)))
    assert numbered(texts, known[-2:]) == [len(known), len(known) + 1]
