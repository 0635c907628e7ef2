"""The figures at the top of the report: eight values, what changed, and their recent shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.query import Answer
from regie.ui import figures
from regie.ui.changes import Change, change
from regie.web.objectives.words import Badge
from regie.web.report.asked import Asked
from regie.web.report.missing import has_no_rate, no_rate
from regie.web.report.state import ReportState

# The whole organisation is judged by what it really sold; a campaign, or whoever brought nothing
# but exports of platforms, only has their word.
BUSINESS = ("spend", "revenue", "roas", "orders", "cpa", "leads_received", "clicks", "visits")
REAL = ("revenue", "orders", "leads_received", "visits")
CLAIMED = (
    "spend", "impressions", "clicks", "ctr", "cpc", "conversions", "conversion_value",
    "roas_claimed",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    name: str
    label: str
    description: str
    figure: figures.Figure
    change: Change | None
    spark: Sequence[Any]
    address: str
    is_chosen: bool
    explained: str
    objective: Badge | None = None


def asked_metrics(state: ReportState) -> tuple[str, ...]:
    wanted = CLAIMED if state.depth or state.claims_only else BUSINESS
    return tuple(name for name in wanted if name in metrics())


def chosen_metric(state: ReportState) -> str:
    names = asked_metrics(state)
    offered = names if state.depth else {*BUSINESS, *CLAIMED} & metrics().keys()
    return state.metric if state.metric in offered else names[0]


def has_claims_only(state: ReportState, now: Answer | None) -> bool:
    """Platforms alone speak of these days: no sale, lead or visit was brought or measured."""
    if state.depth or now is None or now.totals.get("spend") is None:
        return False
    return all(now.totals.get(name) is None for name in REAL)


def cards(
    state: ReportState, now: Answer, before: Answer | None, *, unfair: str = ""
) -> list[Card]:
    """``unfair`` says why the comparison would mislead; it then stands where changes stand."""
    return [_card(name, state, now, before, unfair) for name in asked_metrics(state)]


def _card(name: str, state: ReportState, now: Answer, before: Answer | None, unfair: str) -> Card:
    metric, currency = metrics()[name], state.money
    value = now.totals.get(name)
    changed = None
    if before is not None and unfair:
        changed = Change("none", "neutral", figures.MISSING, "", "", unfair)
    elif before is not None:
        changed = change(
            value, before.totals.get(name), unit=metric.unit, better=metric.better,
            currency=currency,
        )  # fmt: skip
    return Card(
        name=name,
        label=_(metric.label),
        description=_(metric.description),
        figure=figures.figure(value, metric.unit, currency, reason=why_missing(name, now)),
        change=changed,
        spark=[row.get(name) for row in now.rows],
        address=state.address(metric="" if name == asked_metrics(state)[0] else name),
        is_chosen=name == chosen_metric(state),
        explained=Asked(state, name).address(),
    )


def why_missing(name: str, answer: Answer) -> str:
    """Why a card shows a dash: most often a kind of file that has not been brought yet."""
    if has_no_rate(name, answer):
        return no_rate(answer)
    if name in {"revenue", "orders", "roas", "cpa"}:
        return _("No orders were imported for this period.")
    if name == "leads_received":
        return _("No leads were imported for this period.")
    if name == "visits":
        return _("No visits were imported for this period.")
    return _("No advertising figures were imported for this period.")
