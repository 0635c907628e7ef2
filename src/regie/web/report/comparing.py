"""Two campaigns or two ads compared at equal budget: which brings more for a same euro.

How sure that is stands beside it: a handful of sales decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.query import Answer, Query
from regie.domain.metrics.versus import (
    ADS,
    CAMPAIGNS,
    FEW,
    Basis,
    Side,
    chance_of_gap,
    judge,
    likely_range,
    versus,
)
from regie.ui import figures
from regie.ui.platforms import platform
from regie.web.report import results
from regie.web.report.asked import TABLE, row_key
from regie.web.report.asked import Asked as Figure
from regie.web.report.breakdown import row_name
from regie.web.report.state import MayAnswer, ReportState, several

MOST = 200
BASES: dict[str, Basis] = {"campaign": CAMPAIGNS, "ad": ADS}


@dataclass(frozen=True)
class Asked:
    """Two rows of one level; ``picked`` says how many were ticked in the report."""

    level: str
    first: str
    second: str
    picked: int = 0

    @property
    def is_odd(self) -> bool:
        return self.picked > 0 and not (self.first and self.second)


@dataclass(frozen=True)
class Line:
    """A figure of both, with the range in which it likely lies; ``better`` is 1, 2 or 0."""

    label: str
    first: str
    second: str
    better: int = 0
    ranges: tuple[str, str] = ("", "")
    why: tuple[str, str] = ("", "")  # the addresses that say where each comes from


@dataclass(frozen=True)
class Comparison:
    """``is_sure`` says whether chance alone would seldom show such a gap."""

    names: tuple[str, str]
    happened: Sequence[Line]
    at_equal_budget: Sequence[Line]
    budget: str
    verdict: str
    doubt: str
    is_sure: bool


def asked_for(asked: Mapping[str, str]) -> Asked:
    """``pick=ad.5&pick=ad.6`` comes from the report, ``level``, ``first`` and ``second`` from
    the page itself."""
    picks = several(asked, "pick")
    if picks:
        pairs = [one.split(".", 1) for one in picks if one.split(".", 1)[0] in BASES]
        level = pairs[0][0] if pairs else "campaign"
        keys = [key for name, key in pairs if name == level]
        second = keys[1] if len(keys) == len(picks) == 2 else ""
        return Asked(level, keys[0] if keys else "", second, picked=len(picks))
    level = asked.get("level", "")
    level = level if level in BASES else "campaign"
    return Asked(level, asked.get("first", ""), asked.get("second", ""))


def answer(state: ReportState, level: str, ask: MayAnswer) -> Answer | None:
    """What each campaign, or each ad, cost and brought."""
    if level == "campaign":
        asked = replace(state, split="campaign", view="results")
        return results.answer(asked, ask, CAMPAIGNS.metrics)
    by = ("platform", "campaign", "ad")
    return ask(Query(ADS.metrics, by, state.period, state.where, currency=state.money))


def choices(found: Answer, asked: Asked) -> list[tuple[str, str]]:
    """Those that cost something, the dearest first, and those that are asked for: key and name."""
    rows = [row for row in found.rows if row.get(asked.level) and row.get("spend")]
    rows.sort(key=lambda row: row["spend"], reverse=True)
    wanted = {asked.first, asked.second}
    beyond = [row for row in rows[MOST:] if key_of(row, asked.level) in wanted]
    return [
        (key_of(row, asked.level), _long_name(row, asked.level)) for row in rows[:MOST] + beyond
    ]


def unless_asked(asked: Asked, offered: Sequence[tuple[str, str]]) -> Asked:
    """The two dearest, where none was named."""
    if asked.first or asked.second or asked.picked or len(offered) < 2:
        return asked
    return replace(asked, first=offered[0][0], second=offered[1][0])


def key_of(row: Mapping[str, Any], level: str) -> str:
    """Two platforms may give an ad the same number."""
    value = row.get(level)
    return f"{row.get('platform')}~{value}" if level == "ad" else str(value)


def comparison(state: ReportState, found: Answer, asked: Asked) -> Comparison | None:
    """None where one of the two is unknown."""
    rows = {key_of(row, asked.level): row for row in found.rows if row.get(asked.level)}
    if asked.first not in rows or asked.second not in rows or asked.first == asked.second:
        return None
    one, two = rows[asked.first], rows[asked.second]
    names, basis = _names(one, two, asked.level), BASES[asked.level]
    sides = versus(one, two, basis)
    counted = [name for name in basis.counted if _is_known(name, one, two)]
    verdict, doubt, is_sure = _verdict(names, sides, basis)
    return Comparison(
        names=names,
        happened=[
            _explained(line, name, (one, two), state, asked.level)
            for name, line in [
                *(
                    (name, _line(name, one.get(name), two.get(name), state))
                    for name in ("spend", *counted)
                ),
                *(
                    (name, _rate(name, sides, state))
                    for name in basis.rates
                    if _has_rate(name, sides)
                ),
            ]
        ],
        at_equal_budget=[
            _explained(line, name, (one, two), state, asked.level, one.get("spend"))
            for name, line in ((name, _equal(name, sides, state)) for name in counted)
            if one.get("spend") is not None
        ],
        budget=figures.exact(one.get("spend"), "money", state.money),
        verdict=verdict,
        doubt=doubt,
        is_sure=is_sure,
    )


def _names(one: dict[str, Any], two: dict[str, Any], level: str) -> tuple[str, str]:
    """Names that are the same are told apart by where they stand."""
    names = row_name(one, level), row_name(two, level)
    return names if names[0] != names[1] else (_long_name(one, level), _long_name(two, level))


def _long_name(row: dict[str, Any], level: str) -> str:
    name = row_name(row, level)
    if level == "campaign":
        return name
    return f"{name} · {row_name(row, 'campaign')} · {platform(str(row.get('platform'))).name}"


def _is_known(name: str, one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    return one.get(name) is not None or two.get(name) is not None


def _has_rate(name: str, sides: tuple[Side, Side]) -> bool:
    return any(side.rates[name] is not None for side in sides)


def _line(name: str, first: Any, second: Any, state: ReportState, better: int = 0) -> Line:
    unit = metric(name).unit
    shown = [
        figures.exact(None if value is None else Decimal(value), unit, state.money)
        for value in (first, second)
    ]
    return Line(_(metric(name).label), shown[0], shown[1], better)


def _rate(name: str, sides: tuple[Side, Side], state: ReportState) -> Line:
    better = 1 if name in sides[0].better else 2 if name in sides[1].better else 0
    return _line(name, sides[0].rates[name], sides[1].rates[name], state, better)


def _explained(
    line: Line, name: str, rows: tuple[dict[str, Any], dict[str, Any]], state: ReportState,
    level: str, budget: Decimal | None = None,
) -> Line:  # fmt: skip
    """Each figure opens the same explanation as in the table of the report, and at a ``budget``
    what that would have brought."""
    table = replace(state, split=level, view="results" if level == "campaign" else "")
    addresses = [
        Figure(
            table, name, TABLE, row_key(level, row.get(level)),
            platform=str(row.get("platform") or "") if level == "ad" else "", budget=budget,
        ).address()
        for row in rows
    ]  # fmt: skip
    return replace(line, why=(addresses[0], addresses[1]))


def _equal(name: str, sides: tuple[Side, Side], state: ReportState) -> Line:
    values = [side.at_equal_budget[name] for side in sides]
    line = _line(name, values[0], values[1], state)
    if metric(name).unit == "money":
        return line  # amounts differ from sale to sale: their number says nothing of their range
    return replace(line, ranges=(_range(name, sides[0]), _range(name, sides[1])))


def _range(name: str, side: Side) -> str:
    count, value = side.sums.get(name), side.at_equal_budget[name]
    if not count or value is None:
        return ""
    pace = float(value) / float(count)
    low, high = (round(one * pace) for one in likely_range(round(count)))
    return _("{low} to {high}").format(
        low=figures.decimal(low, digits=0), high=figures.decimal(high, digits=0)
    )


def _verdict(
    names: tuple[str, str], sides: tuple[Side, Side], basis: Basis
) -> tuple[str, str, bool]:
    """Which is better and on what, how far that can be trusted, and whether it can."""
    if any((side.sums.get("spend") or 0) <= 0 for side in sides):
        return _("They cannot be compared: one of them cost nothing."), "", False
    found = judge(sides[0].sums, sides[1].sums, basis)
    if found is None:
        return _("Neither brought anything that can be compared."), "", False
    rate, count = found
    doubt, is_sure = _doubt(count, names, sides)
    sentences = {
        "cpa": _("{name} is better: a sale costs less there."),
        "cost_per_mql": _("{name} is better: a qualified lead (MQL) costs less there."),
        "cpl_received": _("{name} is better: a lead costs less there."),
        "cpa_claimed": _("{name} is better: a conversion that its platform claims costs less."),
        "cpl": _("{name} is better: a lead that its platform claims costs less."),
        "cpc": _("{name} is better: a click costs less there; neither has known results."),
    }
    for name, side in zip(names, sides, strict=True):
        if rate in side.better:
            return sentences[rate].format(name=name), doubt, is_sure
    return _("Neither is better: both cost the same for what they bring."), doubt, False


def _doubt(count: str, names: tuple[str, str], sides: tuple[Side, Side]) -> tuple[str, bool]:
    for name, side in zip(names, sides, strict=True):
        if side.sums.get(count) is None:
            return _("No order or lead names “{name}”: check that its links carry its tags before "
                     "you choose.").format(name=name), False  # fmt: skip
    counts = (round(sides[0].sums.get(count) or 0), round(sides[1].sums.get(count) or 0))
    budgets = [Decimal(side.sums.get("spend") or 0) for side in sides]
    said = {
        "first": figures.decimal(counts[0], digits=0),
        "second": figures.decimal(counts[1], digits=0),
        "what": _(metric(count).label),
    }
    if sum(counts) < FEW:
        return _("{what}: {first} and {second}. That is too few to choose by; wait for more."
                 ).format(**said), False  # fmt: skip
    chance = chance_of_gap(counts, (budgets[0], budgets[1]))
    if chance >= 0.1:
        times = max(1, round(chance * 10))
        return ngettext(
            "{what}: {first} and {second}. Chance alone would show such a gap {times} time in 10: "
            "it may be none.",
            "{what}: {first} and {second}. Chance alone would show such a gap {times} times in 10: "
            "it may be none.",
            times,
        ).format(times=times, **said), False
    if chance >= 0.01:
        return _("{what}: {first} and {second}. Chance alone would show such a gap less than once "
                 "in 10: likely, not certain.").format(**said), True  # fmt: skip
    return _("{what}: {first} and {second}. Chance alone would show such a gap less than once in "
             "100.").format(**said), True  # fmt: skip
