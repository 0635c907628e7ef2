"""The flow of journeys that led to a conversion, step by step, as a drawing and as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from regie.apps.attribution.selectors import Attribution
from regie.domain.attribution.summaries import CONVERSION
from regie.ui import figures
from regie.ui.flows import Diagram, Flow, diagram
from regie.web.attribution.state import State
from regie.web.attribution.words import colour, conversions_of, unit_name

STEPS, EACH = 4, 6
LAST = STEPS + 1


@dataclass(frozen=True)
class FlowRow:
    step: str
    source: str
    target: str
    conversions: str


@dataclass(frozen=True)
class Flowing:
    drawing: Diagram
    rows: Sequence[FlowRow]
    text: str


def flowing(state: State, answer: Attribution, names: Mapping[str, str]) -> Flowing | None:
    """Journeys longer than the drawing end in its last column; None where none converted."""
    end = conversions_of(state.kind)
    others = _("All others")
    given = [row for row in answer.steps.to_pylist() if row["conversions"]]
    shown = _frequent(given)

    def named(step: int, unit: str) -> str:
        return unit_name(state.unit, unit, names) if unit in shown.get(step, ()) else others

    sums: dict[tuple[int, str, int, str], float] = defaultdict(float)
    for row in given:
        step, source, target = row["step"], row["from"], row["to"]
        if step > STEPS:
            continue
        ends = target == CONVERSION or step == STEPS
        goal = (LAST, end) if ends else (step + 1, named(step + 1, target))
        sums[step, named(step, source), *goal] += row["conversions"]
    flows = [Flow(*key, weight) for key, weight in sums.items()]
    colours = {unit_name(state.unit, unit, names): colour(unit) for unit in answer.units}
    colours |= {end: "accent", others: "c8"}
    totals: dict[tuple[int, str], float] = defaultdict(float)
    for one in flows:
        totals[one.column, one.source] += one.weight
        if one.to_column == LAST:
            totals[LAST, end] += one.weight
    drawing = diagram(
        flows, colours=colours,
        texts={place: f"{place[1]}: {_count(total)}" for place, total in totals.items()},
        ribbon_texts={
            one: f"{one.source} → {one.target}: {_count(one.weight)}" for one in flows
        },
        heads={step: _step_word(step) for step in range(1, STEPS + 1)},
    )  # fmt: skip
    if drawing is None:
        return None
    ordered = sorted(flows, key=lambda one: (one.column, -one.weight, one.source, one.target))
    rows = [
        FlowRow(_step_word(one.column), one.source, one.target, _count(one.weight))
        for one in ordered
    ]
    first = ordered[0]
    said = _("Ways to {conversions}: the most travelled first step is {name}, for {count}.")
    text = said.format(
        conversions=end.lower(), name=first.source, count=_count(totals[1, first.source])
    )
    return Flowing(drawing, rows, text)


def _frequent(rows: Sequence[Mapping[str, float | str | int]]) -> dict[int, set[str]]:
    """The units of each step that stand by their name."""
    seen: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        seen[int(row["step"])][str(row["from"])] += float(row["conversions"])
    return {
        step: set(sorted(units, key=lambda unit: (-units[unit], unit))[:EACH])
        for step, units in seen.items()
    }


def _step_word(step: int) -> str:
    return (
        _("Visit {n}").format(n=step) if step < STEPS else _("Visit {n} and later").format(n=step)
    )


def _count(value: float) -> str:
    return figures.exact(Decimal(repr(float(value))), "count")
