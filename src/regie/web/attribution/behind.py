"""The conversions behind a figure, in words: of a unit, of a way to a shop, of what people say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from regie.apps.attribution import selectors
from regie.apps.attribution.selectors import SPLITS, Attribution, Beside, Part, Trace
from regie.domain.attribution.models import models
from regie.domain.attribution.questions import NOTHING
from regie.domain.traffic.declared import ANSWERS
from regie.kernel.scope import Scope
from regie.ui import figures
from regie.ui.platforms import platform
from regie.web.attribution.rests import counts_as, way_row
from regie.web.attribution.state import State
from regie.web.attribution.words import BEEN, WAYS, colour, conversions_of, unit_name
from regie.web.report.periods import said_of_period
from regie.web.tracking.words import DEVICES


@dataclass(frozen=True)
class ShownTouch:
    name: str
    colour: str
    when: str
    device: str
    share: str


@dataclass(frozen=True)
class ShownSale:
    ref: str
    when: str
    value: str
    is_consented: bool
    touches: Sequence[ShownTouch]


@dataclass(frozen=True)
class ShownPart:
    """A row of the report: what was spent, what is claimed and for how much."""

    name: str
    colour: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Behind:
    """``facts`` are labels with figures; of ``count`` conversions ``sales`` are the latest.
    ``is_part`` where it was one touch among others of their journeys; ``parts`` are what is spent
    and claimed beside it, and ``report`` the address of the report that says so."""

    name: str
    about: str
    facts: Sequence[tuple[str, str]]
    note: str
    is_part: bool
    sales: Sequence[ShownSale]
    count: int
    parts: Sequence[ShownPart] = ()
    report: str = ""

    @property
    def has_more(self) -> bool:
        return self.count > len(self.sales)


def of_unit(
    state: State, answer: Attribution, beside: Beside, scope: Scope, unit: str,
    names: Mapping[str, str],
) -> Behind:  # fmt: skip
    """What the chosen model gives to ``unit``, or to all where it is empty."""
    found = selectors.trace(state.question, scope, unit=unit, model=state.model)
    model = models()[state.model]
    return Behind(
        f"{unit_name(state.unit, unit, names) if unit else _('All')} · {_(model.label)}",
        _(model.description), _given(state, answer, unit), _learns(found), True,
        _traced(state, found, lambda one: unit_name(state.unit, one, names)), found.count,
        [_part(state, one, names) for one in beside.parts.get(unit, ())],
        reverse("report") + _in_report(state),
    )  # fmt: skip


def _part(state: State, one: Part, names: Mapping[str, str]) -> ShownPart:
    """A platform has its name and colour; a place is known by its name, the rest as it is."""
    shown = platform(one.platform)
    name = shown.name if one.platform else unit_name(state.unit, one.name or NOTHING, names)
    paid = one.paid
    return ShownPart(
        name, shown.colour if one.platform else colour(one.name),
        [figures.exact(paid.spend, "money", state.currency), figures.exact(paid.claimed, "count"),
         figures.exact(paid.claimed_value, "money", state.currency)],
    )  # fmt: skip


def _in_report(state: State) -> str:
    """The same days in the report, split as the unit is."""
    split = SPLITS.get(state.unit, "")
    said = said_of_period(state.preset, state.period) | ({"split": split} if split else {})
    return "?" + urlencode(said)


def of_way(state: State, scope: Scope, way: str) -> Behind | None:
    """A figure of shops and the site, one of ``WAYS``; None where there is none."""
    sold = selectors.both_ways(state.question, scope)
    if way not in WAYS or sold is None:
        return None
    row = way_row(state, sold, way)
    found = selectors.trace_way(state.question, scope, way)
    return Behind(
        row.way,
        _("Buyers who are known, and where they had been within the look-back window before they "
          "bought."),
        [(conversions_of(state.kind), row.count), (_("Value"), row.value),
         (_("Share of sales"), f"{row.share} {row.of}")],
        "", False, _traced(state, found, lambda one: _(BEEN.get(one, one))), found.count,
    )  # fmt: skip


def of_answer(state: State, scope: Scope, answer: str, names: Mapping[str, str]) -> Behind | None:
    """Who gave this answer, one of `declared.ANSWERS`, and which visits were measured."""
    if answer not in ANSWERS:
        return None
    found = selectors.trace_answer(state.question, scope, answer=answer, model=state.model)
    return Behind(
        _(ANSWERS[answer]),
        _("What they answered when a form asked, beside the visits that were measured."),
        [(conversions_of(state.kind), figures.exact(found.count, "count"))],
        counts_as(answer) + ".", False,
        _traced(state, found, lambda one: unit_name(state.unit, one, names)), found.count,
    )  # fmt: skip


def _learns(found: Trace) -> str:
    if found.is_rule:
        return ""
    return _("This model learns from all journeys, those without a conversion too: it gives to "
             "channels, and not to single visits. These are the conversions that this one was "
             "part of.")  # fmt: skip


def _traced(state: State, found: Trace, named: Callable[[str], str]) -> list[ShownSale]:
    return [
        ShownSale(
            one.ref, figures.moment(one.at.replace(tzinfo=UTC), "short"),
            figures.MISSING if one.value is None
            else figures.money(_decimal(one.value), state.currency), one.is_consented,
            [
                ShownTouch(
                    named(touch.unit), colour(touch.unit),
                    figures.moment(touch.at.replace(tzinfo=UTC), "short"),
                    _(DEVICES[touch.device]) if touch.device in DEVICES else "",
                    "" if touch.share is None else figures.percent(_decimal(touch.share), digits=0),
                )
                for touch in one.touches
            ],
        )
        for one in found.sales
    ]  # fmt: skip


def _given(state: State, answer: Attribution, unit: str) -> list[tuple[str, str]]:
    """What the chosen model gives to ``unit``; of all where it is empty."""
    credit = answer.credits[state.model]
    places = [n for n, name in enumerate(answer.units) if name == unit or not unit]
    if not places:
        return []
    lines = [
        (_("Conversions"), figures.decimal(_decimal(sum(credit.conversions[n] for n in places)))),
        (_("Value"),
         figures.money(_decimal(sum(credit.value[n] for n in places)), state.currency)
         if answer.has_value else figures.MISSING),
    ]  # fmt: skip
    if credit.removal_effect is not None and unit:
        lines.append(
            (
                _("Would be lost without it"),
                figures.percent(_decimal(credit.removal_effect[places[0]])),
            )
        )
    return lines


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))
