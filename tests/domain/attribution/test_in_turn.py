"""Rows that come in among others are where sorting all of them would put them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.attribution.in_turn import Merged, among_equals, in_turn, places_among

Row = tuple[int, int, str]
# Few persons and moments, so that many rows are of one person and moment.
_ROW = st.tuples(st.integers(-2, 2), st.integers(0, 3), st.text("ab", max_size=3))


def columns(rows: list[Row]) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    who, at, texts = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(who, np.int64), np.array(at, np.int64), pa.array(texts, pa.string())


@given(st.lists(_ROW, unique=True), st.lists(_ROW, unique=True))
def test_rows_merged_are_in_the_order_of_all_sorted_at_once(
    known: list[Row], others: list[Row]
) -> None:
    known = sorted(known)
    who, at, texts = columns(known)
    other_who, other_at, other_texts = columns(others)
    turn = in_turn(other_who, other_at, None, lambda some: other_texts.take(pa.array(some)))
    others = [others[row] for row in turn]
    other_who, other_at, other_texts = columns(others)

    before, same = places_among(who, at, other_who, other_at)
    before += among_equals(
        before, same, lambda some: texts.take(pa.array(some)),
        lambda some: other_texts.take(pa.array(some)),
    )  # fmt: skip
    merged = Merged.of(before, len(known))

    assert others == sorted(others)
    found = list(zip(merged(who, other_who).tolist(), merged(at, other_at).tolist(), strict=True))
    assert found == [row[:2] for row in sorted(known + others)]
    cells = merged(np.array([one for *_row, one in known], object),
                   np.array([one for *_row, one in others], object))  # fmt: skip
    assert [(*row, one) for row, one in zip(found, cells, strict=True)] == sorted(known + others)


@given(st.lists(st.booleans()))
def test_of_a_row_that_was_merged_it_is_known_where_it_came_from(is_second: list[bool]) -> None:
    second = np.flatnonzero(is_second)
    merged = Merged(len(is_second), second)

    there, first = merged.back(np.arange(len(is_second), dtype=np.int64))

    assert there.tolist() == [
        sum(is_second[:row]) if mine else -1 for row, mine in enumerate(is_second)
    ]
    assert [first[row] for row, mine in enumerate(is_second) if not mine] == list(
        range(len(is_second) - len(second))
    )
