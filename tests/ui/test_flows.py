"""A drawing of flows: names keep to their column."""

from __future__ import annotations

import pytest

from regie.ui.flows import LABEL, WIDTH, Flow, diagram, shortened


def test_a_name_too_long_for_its_column_is_cut_and_told_whole() -> None:
    long = "FR_PROSP_" + "habitation-automobile_" * 5
    flows = [Flow(1, long, 2, "A", 3), Flow(1, "B", 2, long, 1)]
    drawn = diagram(flows, colours={}, texts={(1, long): f"{long}: 3"}, ribbon_texts={}, heads={})

    assert drawn is not None
    first = next(one for one in drawn.nodes if one.text == f"{long}: 3")
    last = next(one for one in drawn.nodes if one.name == long and one is not first)
    assert long.startswith(first.label[:-1])  # it has the width of several columns
    assert last.label.endswith("…")
    assert len(last.label) < LABEL / 5 < len(first.label)
    assert {one.label for one in drawn.nodes} >= {"A", "B"}
    assert all(one.label_x < WIDTH for one in drawn.nodes)


@pytest.mark.parametrize(
    ("room", "said"), [(1000, "un nom"), (33, "un n…"), (26, "un…"), (0, "un…")]
)
def test_a_name_is_cut_between_letters(room: float, said: str) -> None:
    assert shortened("un nom", room) == said
