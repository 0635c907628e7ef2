"""The tables of the comparison: every model beside the others, and what each euro earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

import numpy as np
from django.utils.translation import gettext as _

from regie.apps.attribution.selectors import SPLITS, Attribution, Beside, Paid
from regie.domain.attribution.models import models
from regie.domain.attribution.showing import to_the_cent
from regie.kernel.money import minor_digits
from regie.ui import figures
from regie.web.attribution.state import State
from regie.web.attribution.words import WITHOUT_SPEND, colour, unit_name

LEAST = 0.005  # what is shown as something else than zero
ENOUGH = Decimal("0.9")  # of what was received, beyond which a few more would change little


@dataclass(frozen=True)
class Head:
    label: str
    description: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """``share`` is of the largest, for the bar beneath the chosen model's figure."""

    name: str
    colour: str
    explained: str
    cells: Sequence[tuple[str, bool]]
    share: float = 0.0
    bounds: str = ""


@dataclass(frozen=True)
class Table:
    heads: Sequence[Head]
    rows: Sequence[Row]
    totals: Sequence[str]
    note: str = ""


COUNTS = ("conversions", "cost")  # of what is shown, that which rests on conversions


def shares(state: State, answer: Attribution, name: str) -> dict[str, Decimal]:
    """What the model ``name`` gives to each unit, rounded so that it adds up to its total."""
    credit = answer.credits[name]
    if state.show in COUNTS or not answer.has_value:
        return dict(zip(answer.units, to_the_cent(credit.conversions), strict=True))
    digits = minor_digits(state.currency)
    return dict(zip(answer.units, to_the_cent(credit.value, digits), strict=True))


def compared(
    state: State,
    answer: Attribution,
    beside: Beside,
    names: Mapping[str, str],
    both: tuple[Attribution, Attribution] | None = None,
) -> Table:
    """One row a unit, one column a model; the largest of the chosen model first.

    ``both`` are the answers by certain links alone and with the probable ones.
    """
    given = {name: shares(state, answer, name) for name in answer.credits}
    chosen = given[state.model]
    shown = sorted(
        (unit for unit in answer.units if any(one[unit] for one in given.values())),
        key=lambda unit: (-chosen[unit], unit),
    )
    most = max((float(one) for one in chosen.values()), default=0) or 1
    bounds = (
        _removal(state, answer) | _bounds(state, answer) | (_range(state, *both) if both else {})
    )
    rows = [
        Row(
            unit_name(state.unit, unit, names), colour(unit), explained(state, unit),
            [(_cell(state, one[unit], beside.units.get(unit)), name == state.model)
             for name, one in given.items()],
            float(chosen[unit]) / most, bounds.get(unit, ""),
        )
        for unit in shown
    ]  # fmt: skip
    spend = beside.total
    totals = [_cell(state, sum(one.values(), Decimal(0)), spend) for one in given.values()]
    if state.show not in COUNTS and not answer.has_value:
        return _without_value(Table(_heads(state), rows, totals))
    return Table(_heads(state), rows, totals, _note(answer))


def _note(answer: Attribution) -> str:
    """Said where a model takes credit away."""
    if not any((one.conversions < -LEAST).any() for one in answer.credits.values()):
        return ""
    return _(
        "Where a model gives less than zero, journeys that came by this way convert less often "
        "than those that did not; the others then share more than there was."
    )


def _without_value(table: Table) -> Table:
    """Conversions that say nothing of their worth are not worth nothing."""
    rows = [
        replace(row, cells=[(figures.MISSING, chosen) for _value, chosen in row.cells], share=0.0)
        for row in table.rows
    ]
    said = _("None of these conversions says what it is worth.")
    return Table(table.heads, rows, [figures.MISSING for _total in table.totals], said)


def explained(state: State, unit: str) -> str:
    return state.address() + "&" + urlencode({"of": unit})


def _cell(state: State, given: Decimal, paid: Paid | None) -> str:
    if state.show == "conversions":
        return figures.decimal(given, digits=2)
    if state.show == "value":
        return figures.money(given, state.currency)
    if paid is None or not paid.spend:
        return figures.MISSING
    if state.show == "cost":
        return _cost(state, paid, given)
    return figures.decimal(given / paid.spend, digits=2)


def _cost(state: State, paid: Paid, conversions: Decimal) -> str:
    if not paid.spend or conversions <= 0:
        return figures.MISSING
    return figures.money(paid.spend / conversions, state.currency)


def _removal(state: State, answer: Attribution) -> dict[str, str]:
    effect = answer.credits[state.model].removal_effect
    if effect is None:
        return {}
    return {
        unit: _("without it, {share} would be lost").format(
            share=figures.percent(Decimal(repr(float(one))))
        )
        for unit, one in zip(answer.units, effect, strict=True)
    }


def _bounds(state: State, answer: Attribution) -> dict[str, str]:
    credit = answer.credits[state.model]
    if credit.low is None or credit.high is None or state.show != "conversions":
        return {}
    return {
        unit: _("between {low} and {high}").format(
            low=figures.decimal(round(Decimal(float(low)), 2)),
            high=figures.decimal(round(Decimal(float(high)), 2)),
        )
        for unit, low, high in zip(answer.units, credit.low, credit.high, strict=True)
        if not np.isnan(low)
    }


def _range(state: State, certain: Attribution, probable: Attribution) -> dict[str, str]:
    low, high = (shares(state, one, state.model) for one in (certain, probable))
    said = _("deterministic only {low}, with probable links {high}")
    return {
        unit: said.format(
            low=_plain(state, low.get(unit, Decimal(0))),
            high=_plain(state, high.get(unit, Decimal(0))),
        )
        for unit in {*low, *high}
        if low.get(unit) != high.get(unit)
    }


def _plain(state: State, given: Decimal) -> str:
    """ROAS has no figure of its own here: its value says it."""
    if state.show in COUNTS:
        return figures.decimal(given, digits=2)
    return figures.money(given, state.currency)


def _heads(state: State) -> list[Head]:
    return [
        Head(_(one.label), _(one.description), state.address(model=name), name == state.model)
        for name, one in models().items()
    ]


_OPENED = (0, 1, 5)  # of a line


@dataclass(frozen=True)
class Earned:
    """One unit: what it cost, what the chosen model gives it, what its platforms claim; each figure
    with whether it opens what is behind the unit, at ``explained``."""

    name: str
    colour: str
    cells: Sequence[tuple[str, bool]]
    explained: str
    why: str = ""


@dataclass(frozen=True)
class EarnedTable:
    """``why`` says why there are no rows: what was spent is not known by this unit."""

    rows: Sequence[Earned] = ()
    total: Sequence[str] = ()
    real: Sequence[str] = ()
    why: str = ""
    note: str = ""


def earned(
    state: State, answer: Attribution, beside: Beside, names: Mapping[str, str]
) -> EarnedTable:
    if state.unit not in SPLITS:
        return EarnedTable(why=_(
            "Advertising accounts do not tell what they spent by this. Share conversions among "
            "channels, platforms, campaigns, ads, keywords or locations to see it beside them."
        ))  # fmt: skip
    if not any(one.spend for one in beside.units.values()):
        return EarnedTable(why=_(
            "No spend of these days is known in this detail. Import the reports of your "
            "advertising accounts, by keyword or by ad where these are asked for."
        ))  # fmt: skip
    credit = answer.credits[state.model]
    conversions = dict(zip(answer.units, to_the_cent(credit.conversions), strict=True))
    digits = minor_digits(state.currency)
    value = dict(zip(answer.units, to_the_cent(credit.value, digits), strict=True))
    every = {*beside.units, *(unit for unit in answer.units if conversions[unit] or value[unit])}
    nothing = Decimal(0)

    def weight(unit: str) -> tuple[Decimal, Decimal, str]:
        spend = beside.units.get(unit, Paid()).spend
        return -(spend or nothing), -value.get(unit, nothing), unit

    rows = [
        Earned(
            unit_name(state.unit, unit, names), colour(unit),
            _opened(_line(
                state, beside.units.get(unit, Paid()), conversions.get(unit, nothing),
                value.get(unit, nothing) if answer.has_value else None,
            )),
            explained(state, unit),
            _(WITHOUT_SPEND.get(state.unit, WITHOUT_SPEND["channel"]))
            if beside.units.get(unit, Paid()).spend is None else "",
        )
        for unit in sorted(every, key=weight)
    ]  # fmt: skip
    total = _line(
        state, beside.total, sum(conversions.values(), nothing),
        sum(value.values(), nothing) if answer.has_value else None,
    )  # fmt: skip
    # Claims of several platforms may be of the same sale: they are added to nothing.
    total[5:] = ["", ""] if len(beside.units) > 1 else total[5:]
    real: list[str] = []
    if beside.real is not None:
        all_of_it = _line(state, Paid(beside.total.spend), beside.real, beside.real_value)
        real = ["", figures.exact(beside.real, "count"), *all_of_it[2:5], "", ""]
    return EarnedTable(rows, total, real, note=_few(answer, beside))


def _opened(line: Sequence[str]) -> list[tuple[str, bool]]:
    """What was spent, given and claimed opens: the rest is worked out of these."""
    return [(text, n in _OPENED and text != figures.MISSING) for n, text in enumerate(line)]


def _few(answer: Attribution, beside: Beside) -> str:
    """Said where most of what was received has no journey: credits are then the least of it."""
    known = answer.rests.conversions - answer.rests.unattributed
    if beside.real is None or known >= beside.real * ENOUGH:
        return ""
    return _(
        "Only {known} of the {all} that were received have a journey, and models share these "
        "alone: costs are the most, and returns the least, that advertising may have come to."
    ).format(known=figures.exact(Decimal(known), "count"), all=figures.exact(beside.real, "count"))


def _line(state: State, paid: Paid, conversions: Decimal, value: Decimal | None) -> list[str]:
    back = figures.MISSING
    if paid.spend and value is not None:
        back = figures.decimal(value / paid.spend)
    return [
        _money(paid.spend, state),
        figures.decimal(conversions),
        _cost(state, paid, conversions),
        _money(value, state),
        back,
        figures.exact(paid.claimed, "count"),
        _money(paid.claimed_value, state),
    ]


def _money(value: Decimal | None, state: State) -> str:
    return figures.exact(value, "money", state.currency)
