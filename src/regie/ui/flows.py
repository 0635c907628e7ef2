"""A flow in columns (a Sankey diagram) laid out as SVG: no script, no inline style.

What flows is told by ``Flow``; nodes of a column stand one above the other, the largest on top, and
a ribbon is as thick as what it carries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960.0, 400.0
NODE, GAP, TOP = 12.0, 13.0, 26.0
LEAST = 2.0  # what little there is stays in sight
LABEL = 150.0  # room for the words of the last column
LETTER = 6.6  # how wide a letter is, on the whole
Place = tuple[int, str]


@dataclass(frozen=True)
class Flow:
    """``weight`` goes from a name in a column to a name in a later one."""

    column: int
    source: str
    to_column: int
    target: str
    weight: float


@dataclass(frozen=True)
class Node:
    """``label`` is as much of the name as has room before the next column; ``text`` says it all."""

    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float
    name: str
    label: str
    colour: str
    text: str


@dataclass(frozen=True)
class Ribbon:
    d: str
    colour: str
    text: str


@dataclass(frozen=True)
class Diagram:
    nodes: Sequence[Node]
    ribbons: Sequence[Ribbon]
    heads: Sequence[tuple[float, str]]
    width: float = WIDTH
    height: float = HEIGHT


def diagram(
    flows: Sequence[Flow],
    *,
    colours: Mapping[str, str],
    texts: Mapping[Place, str],
    ribbon_texts: Mapping[Flow, str],
    heads: Mapping[int, str],
) -> Diagram | None:
    """The drawing of ``flows``; None where nothing flows."""
    flows = [one for one in flows if one.weight > 0]
    if not flows:
        return None
    coming: dict[Place, float] = defaultdict(float)
    going: dict[Place, float] = defaultdict(float)
    for one in flows:
        going[one.column, one.source] += one.weight
        coming[one.to_column, one.target] += one.weight
    size = {place: max(going[place], coming[place]) for place in {*going, *coming}}
    columns = sorted({column for column, _name in size})
    x = {
        column: place * (WIDTH - LABEL - NODE) / max(len(columns) - 1, 1)
        for place, column in enumerate(columns)
    }
    boxes = _boxes(size, columns)
    between = (WIDTH - LABEL - NODE) / max(len(columns) - 1, 1)
    room = {column: LABEL if column == columns[-1] else between for column in columns}
    nodes = [
        Node(x[place[0]], top, NODE, height, x[place[0]] + NODE + 6, top + height / 2 + 4,
             place[1], shortened(place[1], room[place[0]] - NODE - 6),
             colours.get(place[1], "c8"), texts.get(place, place[1]))
        for place, (top, height) in boxes.items()
    ]  # fmt: skip
    return Diagram(
        nodes, _ribbons(flows, boxes, size, x, colours, ribbon_texts),
        [(x[column], heads.get(column, "")) for column in columns],
    )  # fmt: skip


def shortened(name: str, room: float) -> str:
    """As much of ``name`` as ``room`` holds, in units of the drawing."""
    most = max(int(room / LETTER), 3)
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _boxes(size: Mapping[Place, float], columns: Sequence[int]) -> dict[Place, tuple[float, float]]:
    """Top and height of each node; one scale for all columns."""
    room = HEIGHT - TOP
    by_column = {
        column: sorted(
            (place for place in size if place[0] == column), key=lambda p: (-size[p], p[1])
        )
        for column in columns
    }
    scale = min(
        (room - (GAP + LEAST) * len(places)) / sum(size[place] for place in places)
        for places in by_column.values()
    )
    found = {}
    for places in by_column.values():
        top = TOP
        for place in places:
            height = max(size[place] * scale, LEAST)
            found[place] = (top, height)
            top += height + GAP
    return found


def _ribbons(
    flows: Sequence[Flow], boxes: Mapping[Place, tuple[float, float]],
    size: Mapping[Place, float], x: Mapping[int, float], colours: Mapping[str, str],
    texts: Mapping[Flow, str],
) -> list[Ribbon]:  # fmt: skip
    left: dict[Place, float] = defaultdict(float)
    entered: dict[Place, float] = defaultdict(float)
    found = []
    ordered = sorted(
        flows, key=lambda f: (boxes[f.column, f.source][0], boxes[f.to_column, f.target][0])
    )
    for one in ordered:
        source, target = (one.column, one.source), (one.to_column, one.target)
        (top, height), (goal, goal_height) = boxes[source], boxes[target]
        thick = one.weight / size[source] * height
        arrives = one.weight / size[target] * goal_height
        y0, y1 = top + left[source], goal + entered[target]
        left[source] += thick
        entered[target] += arrives
        x0, x1 = x[one.column] + NODE, x[one.to_column]
        middle = (x0 + x1) / 2
        d = (
            f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
            f"V{y1 + arrives:.1f}C{middle:.1f} {y1 + arrives:.1f} {middle:.1f} "
            f"{y0 + thick:.1f} {x0:.1f} {y0 + thick:.1f}Z"
        )
        found.append(Ribbon(d, colours.get(one.source, "c8"), texts.get(one, "")))
    return found
