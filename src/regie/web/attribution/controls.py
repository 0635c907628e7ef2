"""The menus above a page of attribution: each choice is an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.domain.attribution.durations import parse_duration
from regie.domain.attribution.questions import BASES, UNITS
from regie.ui import figures
from regie.web.attribution.state import LAGS, LOOKBACKS, ORDERS, SHOWN, State
from regie.web.attribution.words import CONVERSIONS, PLURALS, conversions_of
from regie.web.report.page import Choice
from regie.web.report.periods import DEFAULT, LABELS, PRESETS


@dataclass(frozen=True)
class Menu:
    """One question and its answers; ``word`` is the one in force."""

    label: str
    word: str
    choices: list[Choice]


def controls(
    state: State, page: str, *, has_probable: bool = False, events: Sequence[str] = ()
) -> dict[str, Any]:
    """``events`` are the kinds of conversion that people named themselves."""
    said = figures.days(state.period.start, state.period.end)
    return {
        "period_word": said if state.preset == "dates" else _(LABELS[state.preset]),
        "period_text": said,
        "presets": [
            Choice(_(LABELS[name]), state.address(preset=name), name == state.preset)
            for name in PRESETS
        ],
        "kept": parse_qsl(state.address(preset=DEFAULT).removeprefix("?")),
        "menus": [_kinds(state, events), _units(state), _lookbacks(state)],
        "bases": [
            Choice(_(label), state.address(basis=name), name == state.basis)
            for name, label in BASES.items()
        ],
        "directs": [
            Choice(_("Keeps its credit"), state.address(exclude_direct=False),
                   not state.exclude_direct),
            Choice(_("Leaves its credit to the others"), state.address(exclude_direct=True),
                   state.exclude_direct),
        ],
        "orders": [
            Choice(_order(number), state.address(order=number), number == state.order)
            for number in ORDERS
        ],
        "lags": [
            Choice(_lag(one), state.address(lag=one), one == state.lag)
            for one in dict.fromkeys([*LAGS, state.lag])
        ],
        "sure": [
            Choice(_("Figures only"), state.address(intervals=False), not state.intervals),
            Choice(_("With their uncertainty"), state.address(intervals=True), state.intervals),
        ],
        "joined": [
            Choice(_("Certain links only"), state.address(probable=False), not state.probable),
            Choice(_("With probable links"), state.address(probable=True), state.probable),
        ] if has_probable else [],
        "shows": [
            Choice(label, state.address(show=name), name == state.show)
            for name, label in zip(
                SHOWN,
                (_("Conversions"), _("Value"), _("Cost per conversion"), _("Return (ROAS)")),
                strict=True,
            )
        ],
        "pages": [
            Choice(_("Models"), reverse("attribution") + state.address(), page == "attribution"),
            Choice(_("Journeys"), reverse("attribution-journeys") + state.address(),
                   page == "attribution-journeys"),
        ],
    }  # fmt: skip


def _order(number: int) -> str:
    if number == 1:
        return _("Markov remembers the last step")
    return _("Markov remembers the last {n} steps").format(n=number)


def _lag(text: str) -> str:
    if not text:
        return _("Counts up to the conversion")
    return _("Counts when it is {span} old").format(span=span_word(text))


def _kinds(state: State, events: Sequence[str]) -> Menu:
    kinds = dict.fromkeys([*CONVERSIONS, *events, state.kind])
    return Menu(
        _("Conversion"), conversions_of(state.kind),
        [Choice(conversions_of(one), state.address(kind=one), one == state.kind)
         for one in kinds],
    )  # fmt: skip


def _units(state: State) -> Menu:
    return Menu(
        _("Shared among"), _(PLURALS[state.unit]),
        [Choice(_(PLURALS[name]), state.address(unit=name), name == state.unit) for name in UNITS],
    )  # fmt: skip


def _lookbacks(state: State) -> Menu:
    offered = dict.fromkeys([*LOOKBACKS, state.lookback])
    return Menu(
        _("Look-back window"), lookback_word(state.lookback),
        [Choice(lookback_word(one), state.address(lookback=one), one == state.lookback)
         for one in offered],
    )  # fmt: skip


def lookback_word(text: str) -> str:
    span = parse_duration(text)
    if span.seconds or not span.days:
        return _("Look back {span}").format(span=text)
    words = ngettext("Look back {n} day", "Look back {n} days", span.days)
    return words.format(n=span.days)


def span_word(text: str) -> str:
    """“1d” as one day."""
    span = parse_duration(text)
    if span.days and not span.seconds:
        return ngettext("{n} day", "{n} days", span.days).format(n=span.days)
    hours = span.days * 24 + span.seconds // 3600
    if span.seconds % 3600:
        return text
    return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
