"""What a chart shows, as plain values: the page draws it, the table beside it says the same.

All text is written here, by Babel; the script only places it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regie.kernel.fiscal import PLAIN, Calendar
from regie.ui import figures
from regie.ui.figures import Number
from regie.ui.ticks import ticks


@dataclass(frozen=True)
class Line:
    """One series; ``colour`` is a token (accent or one of the eight), ``dates`` its own days.

    ``explained`` are the addresses that say where each value comes from, where there are any.
    """

    name: str
    values: Sequence[Number | None]
    dates: Sequence[date]
    colour: str = "accent"
    comparison: bool = False
    target: bool = False
    explained: Sequence[str] = ()


@dataclass(frozen=True)
class Cell:
    """A cell of the table beside the chart; a figure may say where it comes from."""

    text: str
    explained: str = ""
    is_figure: bool = False


@dataclass(frozen=True)
class Mark:
    """An event on the time line: from ``start`` to ``end``, both included."""

    title: str
    kind: str
    start: date
    end: date
    under: str = ""  # whose it is, where that is not obvious
    note: str = ""
    address: str = ""  # where it is changed

    @property
    def days(self) -> str:
        is_one = self.start == self.end
        return figures.day(self.start) if is_one else figures.days(self.start, self.end)


@dataclass(frozen=True)
class TimeChart:
    """A metric over time. Days from ``provisional_from`` on may still change and are hatched."""

    key: str
    title: str
    unit: str
    currency: str
    grain: str
    lines: Sequence[Line]
    provisional_from: date | None = None
    empty: str = ""
    bars: bool = False
    calendar: Calendar = PLAIN
    marks: Sequence[Mark] = ()  # in the order of their days; the list beneath numbers them
    notes: Sequence[str] = field(default_factory=tuple)
    days: str = ""  # of what days it speaks: a picture taken out of the page says it

    @property
    def is_empty(self) -> bool:
        return all(value is None for line in self.lines for value in line.values)

    @property
    def text(self) -> str:
        """The chart in a sentence, for those who don't see it."""
        said = [self.title + "."]
        for line in self.lines:
            known = [(v, d) for v, d in zip(line.values, line.dates, strict=True) if v is not None]
            if known:
                low, high = min(known), max(known)
                said.append(
                    _("{name}: from {low} ({low_day}) to {high} ({high_day}).").format(
                        name=line.name,
                        low=figures.exact(low[0], self.unit, self.currency),
                        low_day=self._label(low[1]),
                        high=figures.exact(high[0], self.unit, self.currency),
                        high_day=self._label(high[1]),
                    )
                )
        if self.marks:
            titles = "; ".join(f"{one.title}, {one.days}" for one in self.marks)
            said.append(_("Events: {titles}.").format(titles=titles))
        return " ".join(said)

    @property
    def header(self) -> list[Cell]:
        head = [Cell(grain_name(self.grain)), Cell(self.lines[0].name, is_figure=True)]
        for line in self.lines[1:]:
            head += [Cell(_("Day compared with"))] if line.comparison else []
            head.append(Cell(line.name, is_figure=True))
        return [*head, Cell(_("Events"))] if self.marks else head

    @property
    def table(self) -> list[list[Cell]]:
        return [self._row(index) for index in range(len(self.lines[0].dates))]

    def _row(self, index: int) -> list[Cell]:
        first = self.lines[0]
        row = [Cell(self._label(first.dates[index])), self._cell(first, index)]
        for line in self.lines[1:]:
            if line.comparison:
                days = line.dates
                row.append(Cell(self._label(days[index]) if index < len(days) else ""))
            row.append(self._cell(line, index))
        return [*row, Cell(self.events_on(first.dates[index]))] if self.marks else row

    def events_on(self, day: date) -> str:
        """The events of the step that begins on ``day``, by name."""
        last = self.last_day(day)
        return "; ".join(one.title for one in self.marks if one.start <= last and day <= one.end)

    def _cell(self, line: Line, index: int) -> Cell:
        value = line.values[index] if index < len(line.values) else None
        explained = line.explained[index] if index < len(line.explained) else ""
        return Cell(figures.exact(value, self.unit, self.currency), explained, is_figure=True)

    def spec(self) -> dict[str, Any]:
        """What the script needs to draw, all text already written."""
        every = [value for line in self.lines for value in line.values]
        marks = ticks(every, whole=self.unit == "count")
        return {
            "title": self.title,
            "days": self.days,
            "text": self.text,
            "file": self.key,
            "bars": self.bars,
            "labels": [short_label(day, self.grain, self.calendar) for day in self.lines[0].dates],
            "axis": {
                "low": float(marks.low),
                "high": float(marks.high),
                "step": float(marks.step),
                "labels": [figures.axis(v, self.unit, self.currency) for v in marks.values],
            },
            "series": [self._series(line) for line in self.lines],
            "provisional": self.provisional_index,
            "provisional_word": _("Provisional"),
            "events": [self._event(n, one) for n, one in enumerate(self.marks, start=1)],
        }

    def _event(self, number: int, mark: Mark) -> dict[str, Any]:
        """At which steps of the chart it stands; what began before it stands at its edge."""
        steps = self.lines[0].dates
        return {
            "number": number,
            "text": mark.title,
            "from": max(0, bisect_right(steps, mark.start) - 1),
            "to": max(0, bisect_right(steps, mark.end) - 1),
        }

    @property
    def json(self) -> SafeString:
        """The spec for a script element: names of other people must not close it."""
        text = json.dumps(self.spec(), separators=(",", ":"), ensure_ascii=False)
        return SafeString(text.translate({60: "\\u003c", 62: "\\u003e", 38: "\\u0026"}))

    def _series(self, line: Line) -> dict[str, Any]:
        return {
            "name": line.name,
            "colour": line.colour,
            "comparison": line.comparison,
            "target": line.target,
            "values": [None if value is None else float(value) for value in line.values],
            "texts": [figures.exact(v, self.unit, self.currency) for v in line.values],
            "days": [self._label(day) for day in line.dates],
        }

    @property
    def provisional_index(self) -> int | None:
        if self.provisional_from is None:
            return None
        for index, day in enumerate(self.lines[0].dates):
            if self.last_day(day) >= self.provisional_from:
                # Where all is provisional a hatch would only be noise: the legend says it.
                return index or None
        return None

    @property
    def is_all_provisional(self) -> bool:
        first = self.last_day(self.lines[0].dates[0])
        return self.provisional_from is not None and first >= self.provisional_from

    def _label(self, day: date) -> str:
        return long_label(day, self.grain, self.calendar)

    def last_day(self, day: date) -> date:
        """The last of the step that ``day`` is in."""
        return self.calendar.step(day, self.grain).end


def grain_name(grain: str) -> str:
    names = {
        "week": _("Week"), "month": _("Month"), "fiscal_month": _("Fiscal month"),
        "fiscal_quarter": _("Quarter"),
    }  # fmt: skip
    return names.get(grain, _("Day"))


def short_label(day: date, grain: str, calendar: Calendar) -> str:
    if grain == "fiscal_quarter":
        return quarter_word(day, calendar)
    if grain == "fiscal_month":
        return _("P{number} {year}").format(
            number=calendar.month_number(day), year=year_word(day, calendar)
        )
    return figures.skeleton(day, "yMMM" if grain == "month" else "MMMd")


def quarter_word(day: date, calendar: Calendar) -> str:
    return _("Q{number} {year}").format(
        number=calendar.quarter_number(day), year=year_word(day, calendar)
    )


def year_word(day: date, calendar: Calendar) -> str:
    """2026, or 2026–27 for a year that ends in the next."""
    number = calendar.number_of(calendar.year(day))
    return str(number) if calendar.first_month == 1 else f"{number}–{(number + 1) % 100:02}"


def long_label(day: date, grain: str, calendar: Calendar) -> str:
    if grain == "month":
        return figures.skeleton(day, "yMMMM")
    if grain in {"fiscal_month", "fiscal_quarter"}:
        step = calendar.step(day, grain)
        return _("{name} ({days})").format(
            name=short_label(day, grain, calendar), days=figures.days(step.start, step.end)
        )
    if grain == "week":
        return _("Week of {day}").format(day=figures.day(day, "long"))
    return figures.skeleton(day, "yMMMEd")
