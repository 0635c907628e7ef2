"""Claimed beside real: what each platform says it sold, and what our own shop or CRM received.

Two platforms may claim the same sale, so that claims are laid beside sales and never added to them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.attribution.claims import Claims, side_by_side
from regie.domain.metrics.query import Answer, Query
from regie.ui import figures
from regie.ui.platforms import platform
from regie.web.report.asked import TABLE, Asked
from regie.web.report.state import MayAnswer, ReportState
from regie.web.report.worked_out import BEYOND

CLAIMS = ("conversions", "conversion_value")
OURS = {"conversions": "orders", "conversion_value": "revenue"}
UNITS = {"conversions": "count", "conversion_value": "money"}


@dataclass(frozen=True)
class Line:
    """A source with both of its figures; the address of each says where it comes from."""

    name: str
    colour: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Beside:
    """``beyond`` is what is claimed above what was received, for each figure, with its share."""

    platforms: Sequence[Line]
    claimed: Line
    real: Line
    beyond: Sequence[tuple[str, str]]


def beside(
    state: ReportState, now: Answer | None, table: Answer | None, ask: MayAnswer
) -> Beside | None:
    """None inside a platform, and where claims or sales are unknown: there is nothing to compare.

    ``now`` has our own totals; ``table`` is read where it has the claims by platform already.
    """
    if state.depth or now is None or now.totals.get("orders") is None:
        return None
    answer = table if _has_claims(state, table) else ask(_question(state))
    rows = [row for row in answer.rows if row.get("conversions") is not None] if answer else []
    if not rows:
        return None
    found = {name: _claims(name, rows, now) for name in CLAIMS}
    return Beside(
        platforms=[_platform(row, state) for row in _largest_first(rows)],
        claimed=_line(_("Claimed by all of them"), {n: found[n].claimed for n in CLAIMS},
                      state, asked=lambda name: Asked(state, name)),
        real=_line(_("Received by yourselves"), {n: now.totals.get(OURS[n]) for n in CLAIMS},
                   state, asked=lambda name: Asked(state, OURS[name])),
        beyond=[(_beyond(name, found[name], state), _why_beyond(name, state)) for name in CLAIMS],
    )  # fmt: skip


def _question(state: ReportState) -> Query:
    return Query(
        CLAIMS, by=("platform",), period=state.period, where=state.where, currency=state.money
    )


def _has_claims(state: ReportState, table: Answer | None) -> bool:
    return (
        table is not None and state.shown_split == "platform" and not state.shows_results
        and set(CLAIMS) <= set(table.metrics)
    )  # fmt: skip


def _claims(name: str, rows: Sequence[dict[str, Any]], now: Answer) -> Claims:
    claimed = {str(row["platform"]): Decimal(row[name]) for row in rows if row[name] is not None}
    return side_by_side(
        claimed=claimed, attributed={}, real=Decimal(now.totals.get(OURS[name]) or 0)
    )


def _largest_first(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-Decimal(row["conversions"]), str(row["platform"])))


def _platform(row: dict[str, Any], state: ReportState) -> Line:
    slug = str(row["platform"])
    shown, table = platform(slug), replace(state, split="platform", view="")
    return _line(
        shown.name, {name: row[name] for name in CLAIMS}, state,
        asked=lambda name: Asked(table, name, TABLE, slug), colour=shown.colour,
    )  # fmt: skip


def _line(
    name: str, values: dict[str, Any], state: ReportState, *, asked: Callable[[str], Asked],
    colour: str = "",
) -> Line:  # fmt: skip
    """``asked`` is what the figure of a claim, or its own in the same place, is a figure of."""
    cells = [
        (figures.exact(value, UNITS[one], state.money), asked(one).address())
        for one, value in values.items()
    ]  # fmt: skip
    return Line(name, colour, cells)


def _why_beyond(name: str, state: ReportState) -> str:
    return Asked(state, name, other=OURS[name], way=BEYOND).address()


def _beyond(name: str, found: Claims, state: ReportState) -> str:
    if found.overclaim is None or found.overclaim_share is None:
        return figures.MISSING
    if found.overclaim <= 0:
        return _("nothing")
    return _("{amount} ({share})").format(
        amount=figures.exact(found.overclaim, UNITS[name], state.money),
        share=figures.percent(found.overclaim_share, digits=0),
    )
