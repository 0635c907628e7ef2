"""Filters of the report: what it was narrowed to, and what it can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.metrics.query import Filter, Query
from regie.web.report.asked import row_key
from regie.web.report.breakdown import NAMES, row_name
from regie.web.report.state import FILTERS, ONLY, MayAnswer, ReportState

# By these the values stand in order: the largest first.
WEIGHTS = ("spend", "revenue", "visits")
OF_EVENTS = ("own_events",)
MOST = 300
NAMED_BY_ID = ("account", "campaign", "beneficiary")
OF_NETWORKS = ("organisation", "beneficiary")


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the address without it."""

    dimension: str
    label: str
    without: str


@dataclass(frozen=True)
class Value:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The values of one dimension; ``hidden`` are too many to list."""

    name: str
    field: str
    label: str
    values: Sequence[Value]
    hidden: int


def chips(state: ReportState, ask: MayAnswer, organisations: Mapping[str, str]) -> list[Chip]:
    found = []
    for dimension, values in state.filters:
        names = _names(state, dimension, values, ask, organisations)
        for value in values:
            others = tuple(one for one in values if one != value)
            label = names.get(value) or row_name({dimension: value}, dimension, organisations)
            found.append(Chip(_(NAMES[dimension]), label, state.only(dimension, *others).address()))
    return found


def groups(state: ReportState, ask: MayAnswer, organisations: Mapping[str, str]) -> list[Group]:
    """What each dimension has in the period; what is chosen stays in sight, found or not."""
    has_network = len(organisations) > 1
    wanted = [one for one in FILTERS if has_network or one not in OF_NETWORKS]
    return [_group(state, dimension, ask, organisations) for dimension in wanted]


def caveat(state: ReportState) -> str:
    """What a filter leaves out: advertising knows no channel."""
    if "channel" not in dict(state.filters):
        return ""
    return _("Platforms say nothing of channels: their spend and clicks are left out here.")


def _group(
    state: ReportState, dimension: str, ask: MayAnswer, organisations: Mapping[str, str]
) -> Group:
    chosen = dict(state.filters).get(dimension, ())
    answer = ask(
        Query(
            metrics=OF_EVENTS if dimension == "event" else WEIGHTS,
            by=(dimension,),
            period=state.period,
            where=replace(state, filters=()).where,
            currency=state.money,
        )
    )
    rows = [row for row in answer.rows if row.get(dimension)] if answer else []
    rows.sort(key=_weight, reverse=True)
    named = {row_key(dimension, row[dimension]): row for row in rows}
    for value in chosen:
        named.setdefault(value, {dimension: value})
    values = [
        Value(key, row_name(row, dimension, organisations), key in chosen)
        for key, row in named.items()
    ]
    values.sort(key=lambda one: not one.is_chosen)
    return Group(
        name=dimension,
        field=ONLY + dimension,
        label=_(NAMES[dimension]),
        values=values[:MOST],
        hidden=max(0, len(values) - MOST),
    )


def _weight(row: Mapping[str, Any]) -> tuple[Decimal, ...]:
    return tuple(Decimal(row.get(name) or 0) for name in (*WEIGHTS, *OF_EVENTS))


def _names(
    state: ReportState,
    dimension: str,
    values: tuple[str, ...],
    ask: MayAnswer,
    organisations: Mapping[str, str],
) -> dict[str, str]:
    """Accounts, campaigns and beneficiaries are filtered by key and shown by name."""
    if dimension not in NAMED_BY_ID:
        return {}
    where = (Filter(dimension, values),)
    answer = ask(Query(WEIGHTS, by=(dimension,), where=where, currency=state.money))
    rows = answer.rows if answer else []
    return {
        row_key(dimension, row[dimension]): row_name(row, dimension, organisations) for row in rows
    }
