"""What was asked lately is not asked again, and only so much of it is kept."""

from __future__ import annotations

from regie.warehouse.figures import Figures, Rows
from regie.warehouse.memory import Memory


class Source:
    def __init__(self, rows: int) -> None:
        self.rows, self.asked = [(number,) for number in range(rows)], 0

    def find(self) -> list[tuple[int]]:
        self.asked += 1
        return self.rows


def test_an_answer_is_found_once() -> None:
    memory, source = Memory[list[tuple[int]]](10), Source(3)

    assert [memory.recall("a", source.find) for _time in range(3)] == [source.rows] * 3
    assert source.asked == 1


def test_what_was_asked_longest_ago_goes_first() -> None:
    memory, first, second, large = Memory[list[tuple[int]]](10), Source(3), Source(3), Source(5)
    for key, source in (("first", first), ("second", second), ("first", first), ("large", large)):
        memory.recall(key, source.find)

    memory.recall("first", first.find)
    memory.recall("second", second.find)

    assert (first.asked, second.asked) == (1, 2)


def test_an_answer_beyond_all_room_is_given_and_not_kept() -> None:
    memory, source = Memory[list[tuple[int]]](10), Source(50)

    assert memory.recall("a", source.find) == memory.recall("a", source.find) == source.rows
    assert source.asked == 2


def test_facts_that_know_the_same_rows_in_another_order_stay_side_by_side() -> None:
    figures = Figures(parts={
        ("clicks",): Rows([["a", "b"]], ["", ""], [[1, 2]]),
        ("orders",): Rows([["c", "b", "a"]], ["", "", ""], [[30, 20, 10]]),
    })  # fmt: skip

    rows, sums = figures.by_row(None)

    assert [key for (key,), _currency in (key for key, _values in rows.each())] == ["a", "b", "c"]
    assert {name: list(values) for name, values in sums.items()} == {
        "clicks": [1, 2, None],
        "orders": [10, 20, 30],
    }
