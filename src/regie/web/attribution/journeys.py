"""What journeys look like: who helps, how long they take, their usual ways, and their flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.apps.attribution.selectors import Attribution
from regie.domain.attribution.matrices import CONVERSION, NULL, START
from regie.ui import figures
from regie.web.attribution.state import State
from regie.web.attribution.words import colour, unit_name

SHOWN, MOVES = 25, 30


@dataclass(frozen=True)
class Helper:
    name: str
    colour: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Bin:
    """One step of a histogram; ``share`` is of the fullest."""

    label: str
    conversions: str
    of_all: str
    share: float


@dataclass(frozen=True)
class Move:
    """``odds`` are of all moves from the same step; ``share`` is the same from 0 to 1."""

    source: str
    target: str
    count: str
    odds: str
    share: float


@dataclass(frozen=True)
class Step:
    name: str
    colour: str


@dataclass(frozen=True)
class Way:
    steps: Sequence[Step]
    converted: str
    value: str
    ended: str
    rate: str


def moves(state: State, answer: Attribution, names: Mapping[str, str]) -> list[Move]:
    """From one step to the next, the most frequent first."""
    known = {unit: unit_name(state.unit, unit, names) for unit in answer.units}
    known |= {START: _("Start"), CONVERSION: _("Conversion"), NULL: _("No conversion")}
    rows = sorted(
        answer.transitions.to_pylist(), key=lambda row: (-row["count"], row["from"], row["to"])
    )
    return [
        Move(
            _state(row["from"], known), _state(row["to"], known), _count(row["count"]),
            figures.percent(Decimal(repr(row["probability"]))), float(row["probability"]),
        )
        for row in rows[:MOVES]
    ]  # fmt: skip


def _state(text: str, known: Mapping[str, str]) -> str:
    """A state of several steps is written in the order in which they were met."""
    return known.get(text) or " › ".join(known.get(one, one) for one in text.split(" > "))


def helpers(state: State, answer: Attribution, names: Mapping[str, str]) -> list[Helper]:
    """Who closes conversions and who helped before, the most helpful first."""
    rows = [row for row in answer.assisted.to_pylist() if row["last"] or row["assisted"]]
    rows.sort(key=lambda row: (-row["assisted"], -row["last"], row["channel"]))
    return [
        Helper(
            unit_name(state.unit, row["channel"], names), colour(row["channel"]),
            [_count(row["opened"]), _count(row["assisted"]), _count(row["last"]),
             figures.MISSING if row["per_last"] is None
             else figures.decimal(Decimal(repr(row["per_last"]))),
             _worth(state, answer, row["assisted_value"])],
        )
        for row in rows
    ]  # fmt: skip


def days_to(answer: Attribution) -> list[Bin]:
    found, before = [], -1
    for row in answer.days_to.to_pylist():
        until = row["up_to_days"]
        found.append((_days_word(before + 1, until), row["conversions"]))
        before = until if until is not None else before
    return _bins(found)


def touches_to(answer: Attribution) -> list[Bin]:
    rows = answer.touches_to.to_pylist()
    found = [
        (
            _("{n} or more").format(n=row["touches"])
            if place == len(rows) - 1
            else ngettext("{n} visit", "{n} visits", row["touches"]).format(n=row["touches"]),
            row["conversions"],
        )
        for place, row in enumerate(rows)
    ]
    return _bins(found)


def _days_word(first: int, last: int | None) -> str:
    if last is None:
        return _("More than {n} days").format(n=first - 1)
    if last == 0:
        return _("Within a day")
    if first == last:
        return ngettext("{n} day", "{n} days", last).format(n=last)
    return _("{first} to {last} days").format(first=first, last=last)


def _bins(found: Sequence[tuple[str, float]]) -> list[Bin]:
    """Up to the last that holds something."""
    total = sum(count for _label, count in found)
    most = max((count for _label, count in found), default=0)
    if not total:
        return []
    last = max(place for place, (_label, count) in enumerate(found) if count)
    return [
        Bin(label, _count(count), figures.percent(_decimal(count / total)), count / most)
        for label, count in found[: last + 1]
    ]


def ways(state: State, answer: Attribution, names: Mapping[str, str]) -> list[Way]:
    found = []
    for row in answer.paths.slice(0, SHOWN).to_pylist():
        converted, ended = row["total_conversions"], row["total_null"]
        seen = converted + ended
        found.append(
            Way(
                [Step(unit_name(state.unit, one, names), colour(one)) for one in row["path"]],
                _count(converted),
                _worth(state, answer, row["total_conversion_value"]),
                _count(ended),
                figures.percent(_decimal(converted / seen)) if seen else figures.MISSING,
            )
        )
    return found


def _worth(state: State, answer: Attribution, value: float) -> str:
    return figures.money(_decimal(value), state.currency) if answer.has_value else figures.MISSING


def _count(value: float) -> str:
    return figures.exact(_decimal(value), "count")


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))
