"""What the figures rest on, in words: how many conversions have a journey, and of whose traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.apps.attribution.selectors import (
    COUNTED,
    Attribution,
    Beside,
    BothWays,
    Revised,
)
from regie.domain.traffic.declared import ANSWERS, TOUCHES
from regie.ui import figures
from regie.web.attribution.controls import lookback_word
from regie.web.attribution.state import State
from regie.web.attribution.words import (
    PLURALS,
    REVISED,
    WAYS,
    colour,
    conversions_of,
    unit_name,
)
from regie.web.channels import channel_name

# A share of fewer conversions would say more of chance than of people.
ENOUGH = 30
Said = tuple[str, str, str]


def headline(state: State, answer: Attribution, beside: Beside) -> list[Said]:
    """Label, figure and what it means, for the top of the page."""
    found = answer.rests
    known = found.conversions - found.unattributed
    return [
        (conversions_of(state.kind), _measured(found.conversions, beside),
         _("Measured by yourselves in the period, of all that the report knows.")),
        (_("Value"), figures.money(_decimal(found.value), state.currency)
         if answer.has_value else figures.MISSING,
         _("Refunds are taken off the order they belong to, on the day of the order.")
         if answer.has_value else _("None of these conversions says what it is worth.")),
        (_("With a journey"), _share(known, found.conversions),
         _("Conversions that at least one visit led to.")),
        (_("Half take less than"), _days(answer.median_days),
         _("From the first visit that counts to the conversion.")),
        (_("Visits with consent"), _share(found.consented, found.visits),
         _("Only these can be joined from day to day.")),
    ]  # fmt: skip


def _measured(count: int, beside: Beside) -> str:
    if beside.real is None or beside.real <= count:
        return _count(count)
    return _("{measured} of {all}").format(
        measured=_count(count), all=figures.exact(beside.real, "count")
    )


@dataclass(frozen=True)
class ToldRow:
    answer: str
    count: str
    share: str
    counts: str
    explained: str


@dataclass(frozen=True)
class Told:
    rows: list[ToldRow]
    of: str


def counts_as(name: str) -> str:
    if name in TOUCHES:
        return _("Counts as a touch: {channel}").format(channel=channel_name(TOUCHES[name]))
    if name == "other":
        return _("Names nothing that could count")
    return _("Measured by the visit itself, if at all")


def told(state: State, answers: Mapping[str, int], answer: Attribution) -> Told:
    """What people say led them, and whether it counts as a touch of their journeys."""
    known = sum(answers.values())
    rows = [
        ToldRow(
            _(ANSWERS[name]), _count(count), _share(count, known),
            counts_as(name), f"{state.address()}&heard={name}",
        )
        for name, count in answers.items() if name in ANSWERS
    ]  # fmt: skip
    return Told(rows, _(
        "{known} of {all} conversions say it. Nobody else is asked: models that learn from "
        "journeys without conversion overrate such touches."
    ).format(
        known=_count(known), all=_count(max(known, answer.rests.conversions))
    ))  # fmt: skip


@dataclass(frozen=True)
class WayRow:
    """``of`` says of how many; ``explained`` is the address of the sales behind it."""

    way: str
    count: str
    value: str
    of: str
    share: str
    explained: str


def shops(state: State, found: BothWays | None) -> list[WayRow]:
    """From the site to the shop and back."""
    return [] if found is None else [way_row(state, found, name) for name in WAYS]


def way_row(state: State, found: BothWays, name: str) -> WayRow:
    """One of ``WAYS``, in words."""
    label, whole, of = WAYS[name]
    sold, of_all = getattr(found, name), getattr(found, whole)
    return WayRow(
        _(label), _count(sold.count), figures.money(_decimal(sold.value), state.currency),
        _(of).format(count=_count(of_all.count)), _share(sold.count, of_all.count),
        f"{state.address()}&way={name}",
    )  # fmt: skip


def rests(answer: Attribution, beside: Beside) -> list[Said]:
    found = answer.rests
    lines = [
        (_("Joined with consent"), _count(found.joined),
         _("Conversions of people who agreed: all their visits of the look-back window count.")),
        (_("Known within their day"), _count(found.within_a_day),
         _("Measured without consent: only visits of the same day and site can earn them, and "
           "nothing is joined.")),
        (_("Without a journey"), _count(found.unattributed),
         _("No visit led to them as far as is known; no model gives them to anybody.")),
        (_("Journeys without conversion"), _count(found.not_converted),
         _("Of consented visits; data-driven models learn from them.")),
        (_("Visits measured"), _count(found.visits),
         _("Visits without consent are traffic: they are counted and never followed.")),
    ]  # fmt: skip
    if beside.real is not None:
        lines.append((
            _("Known to the report"), figures.exact(beside.real, "count"),
            _("All that was received in the period, imported files included; those have no "
              "journey."),
        ))  # fmt: skip
    if found.devices_known >= ENOUGH:
        lines.append((
            _("Across devices"), _share(found.across_devices, found.devices_known),
            _("Journeys that began on one kind of device and ended on another."),
        ))  # fmt: skip
    if found.without_rate:
        lines.append((
            _("Without a rate"), _count(found.without_rate),
            _("Their amount could not be converted: they count, their value does not."),
        ))  # fmt: skip
    return lines


@dataclass(frozen=True)
class RevisedMonth:
    """``change`` counts what came or went; ``rows`` are channels with what they had and have."""

    month: str
    change: str
    why: str
    other_window: str
    rows: Sequence[tuple[str, str, Sequence[str]]]


def revised(state: State, found: Sequence[Revised], names: Mapping[str, str]) -> list[RevisedMonth]:
    """Each closed month that is no longer what it was, by the chosen model and unit."""
    return [
        RevisedMonth(
            figures.skeleton(one.month, "yMMMM"),
            ", ".join(_moved(name, getattr(one.change, name)) for name in COUNTED
                      if getattr(one.change, name)),
            " ".join([*(_(REVISED[reason]) for reason in one.reasons), *_unknown(state, one)]),
            _other_window(state, one),
            [
                (unit_name(state.unit, move.unit, names), colour(move.unit), [
                    figures.decimal(_decimal(move.conversions_then)),
                    figures.decimal(_decimal(move.conversions)),
                    figures.money(_decimal(move.value_then), move.currency),
                    figures.money(_decimal(move.value), move.currency),
                ])
                for move in one.moved if move.model == state.model
            ],
        )
        for one in found
    ]  # fmt: skip


def uncounted(months: Sequence[date]) -> str:
    """Said of events of one's own, where a closing did not count them yet."""
    if not months:
        return ""
    named = figures.skeleton(months[0], "yMMMM")
    if len(months) == 1:
        return _("{month} was closed before events of your own were counted: what came or went "
                 "since its closing cannot be said.").format(month=named)  # fmt: skip
    return _("From {first} to {last}, {n} months were closed before events of your own were "
             "counted: what came or went since their closing cannot be said.").format(
        first=named, last=figures.skeleton(months[-1], "yMMMM"), n=_count(len(months))
    )  # fmt: skip


def _unknown(state: State, one: Revised) -> list[str]:
    if one.is_kept:
        return []
    said = _("What models gave then by “{unit}” is not known: when this month was closed, only "
             "channels were kept, for orders and thirty days.")  # fmt: skip
    return [said.format(unit=_(PLURALS[state.unit]))]


def _other_window(state: State, one: Revised) -> str:
    """Said where the closing kept nothing for the window of the page."""
    if not one.lookback or (one.lookback, one.lag) == (state.lookback, state.lag):
        return ""
    return _("At its closing it was kept for this window: {window}.").format(
        window=lookback_word(one.lookback)
    )


def _moved(name: str, count: int) -> str:
    much = abs(count)
    words = {
        "visits": ngettext("{n} visit", "{n} visits", much),
        "orders": ngettext("{n} order", "{n} orders", much),
        "refunds": ngettext("{n} refund", "{n} refunds", much),
        "leads": ngettext("{n} lead", "{n} leads", much),
        "calls": ngettext("{n} call", "{n} calls", much),
        "own_events": ngettext("{n} event of your own", "{n} events of your own", much),
    }
    sign = "+" if count > 0 else "\N{MINUS SIGN}"
    return sign + words[name].format(n=_count(much))


def _days(value: float | None) -> str:
    if value is None:
        return figures.MISSING
    if value < 1:
        hours = round(value * 24)
        return ngettext("{n} hour", "{n} hours", hours).format(n=_count(hours))
    return _("{n} days").format(n=figures.decimal(_decimal(value), digits=1))


def _share(part: int, whole: int) -> str:
    return figures.percent(Decimal(part) / Decimal(whole), digits=0) if whole else figures.MISSING


def _count(value: int) -> str:
    return figures.exact(value, "count")


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))
