"""Where a figure comes from, laid out for reading: the page and the panel show the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from regie.apps.dashboards.selectors import Explanation, FactRow, Rows
from regie.domain.metrics.catalog import all_metrics, metric
from regie.domain.metrics.definitions import Metric, Ratio, Sum, Unit
from regie.domain.metrics.query import Answer, Query
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.ui import figures
from regie.ui.changes import Change, change
from regie.ui.platforms import platform
from regie.web.report.asked import Asked
from regie.web.report.headline import why_missing
from regie.web.report.worked_out import AtBudget, formula, later, parts_of, together, value_of

MORNING = time(9)
Then = Callable[[Query, datetime], Answer | None]
FACTS = {
    "performance": _("Delivery, as the platforms report it"),
    "conversions": _("Conversions that the platforms claim"),
    "earned": _("Followers, reactions and mentions, by kind"),
    "orders": _("Orders"),
    "leads": _("Leads received"),
    "calls": _("Calls"),
    "visits": _("Visits"),
    "credits": _("Visits that led to a conversion, and what each earned by the model"),
    "tracked": _("Clicks on links and uses of codes"),
    "own_events": _("Events of your own"),
}


@dataclass(frozen=True)
class Part:
    """One of the two sums that a ratio is made of, or the sum itself."""

    label: str
    description: str
    value: str
    is_claimed: bool


@dataclass(frozen=True)
class Earlier:
    """What the same question gave on an earlier day, or why nobody can say."""

    moment: str
    value: str = ""
    change: Change | None = None
    reason: str = ""


@dataclass(frozen=True)
class Lines:
    """A page of the rows of one fact."""

    title: str
    key: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    totals: Sequence[tuple[str, Sequence[str]]]
    count: int
    page: int
    pages: int
    previous: str
    next: str


@dataclass(frozen=True)
class Explained:
    label: str
    description: str
    figure: figures.Figure
    formula: str
    parts: Sequence[Part]
    earlier: Earlier
    sources: Sequence[Mapping[str, Any]]
    lines: Sequence[Lines]
    notes: Sequence[Any]
    provisional: str
    converted: bool
    later: str = ""


def last_monday(today: date, zone: ZoneInfo) -> datetime:
    """Nine o'clock of the last Monday that is over: on a Monday, that of the week before."""
    back = today.weekday() or 7
    return datetime.combine(today - timedelta(days=back), MORNING, tzinfo=zone)


def lay_out(
    asked: Asked,
    now: Answer,
    found: Sequence[Explanation],
    then: Earlier,
    pages: Mapping[str, int],
) -> Explained:
    """``found`` are of different days: no row is in two of them."""
    wanted, currency = asked.figure, asked.state.money
    value = value_of(wanted, now.totals)
    first = now.provisional_from
    facts = [rows for one in found for rows in one.facts]
    return Explained(
        label=gettext(wanted.label),
        description=gettext(wanted.description),
        figure=figures.figure(value, wanted.unit, currency, reason=_reason(wanted, now)),
        formula=formula(wanted, currency),
        parts=[_part(metric(name), now, currency) for name in parts_of(wanted)],
        earlier=then,
        sources=[_source(one) for each in found for one in each.sources],
        lines=[_lines(asked, one, pages) for one in facts],
        notes=now.notes,
        provisional=figures.day(first, "long") if first else "",
        converted=_is_money(wanted)
        and any(code not in {"", currency} for one in facts for code, _v in one.totals),
        later=_later(asked),
    )


def _is_money(wanted: Metric) -> bool:
    return any(metric(name).unit is Unit.MONEY for name in parts_of(wanted))


def _later(asked: Asked) -> str:
    """Of which days the sales are, where they come later than what was spent for them."""
    days = later(asked.state.period, asked.lag)
    if days in {None, asked.state.period}:
        return ""
    return gettext("Sales are those of {days}: {count} days after the spend.").format(
        days=figures.days(days.start, days.end), count=asked.lag
    )


def earlier(
    asked: Asked, questions: Sequence[Query], now: Answer, moment: datetime, ask_then: Then
) -> Earlier:
    """What the questions gave at ``moment``, from the version that was published then."""
    said = f"{figures.skeleton(moment, 'yMMMEd')}, {figures.hour(moment)}"
    try:
        found = [ask_then(one, moment) for one in questions]
    except NotFound:
        return Earlier(said, reason=gettext("What was published then is no longer kept."))
    then = [one for one in found if one is not None]
    if len(then) < len(found):
        return Earlier(said, reason=gettext("Nothing had been published yet."))
    wanted, currency = asked.figure, asked.state.money
    value = value_of(wanted, now.totals)
    before = value_of(wanted, together(then).totals)
    shown = figures.exact(before, wanted.unit, currency)
    if before == value:
        return Earlier(said, shown, reason=gettext("The same as now."))
    moved = change(value, before, unit=wanted.unit, better=wanted.better, currency=currency)
    return Earlier(said, shown, change=moved)


def _reason(wanted: Metric, now: Answer) -> str:
    """A dash with its reason: nothing to divide by is not the same as nothing known."""
    if isinstance(wanted, AtBudget) and not now.totals.get("spend"):
        return gettext("Nothing was spent: there is no pace.")
    if isinstance(wanted, Ratio):
        bottom = metric(wanted.denominator)
        if now.totals.get(wanted.numerator) is not None and not now.totals.get(bottom.name):
            return gettext("Nothing to divide by: {metric} is zero or unknown.").format(
                metric=gettext(bottom.label)
            )
    name = wanted.name if wanted.name in all_metrics() else parts_of(wanted)[0]
    return why_missing(name, now)


def _part(one: Metric, now: Answer, currency: str) -> Part:
    return Part(
        label=gettext(one.label),
        description=gettext(one.description),
        value=figures.exact(now.totals.get(one.name), one.unit, currency),
        is_claimed=isinstance(one, Sum) and one.claimed,
    )


def _source(one: Any) -> dict[str, Any]:
    shown = platform(one.platform)
    return {"name": shown.name, "colour": shown.colour, "source": one}


def _lines(asked: Asked, found: Rows, pages: Mapping[str, int]) -> Lines:
    def at(page: int) -> str:
        return asked.address(**{**pages, f"rows_{found.fact}": page})

    return Lines(
        title=gettext(FACTS[found.fact]),
        key=found.fact,
        columns=[gettext(one.label) for one in found.sums],
        rows=[_line(row, found.sums) for row in found.rows],
        totals=[
            (currency, [_exact(one, values[one.name], currency) for one in found.sums])
            for currency, values in found.totals
        ],
        count=found.count,
        page=found.page,
        pages=found.pages,
        previous=at(found.page - 1) if found.page > 1 else "",
        next=at(found.page + 1) if found.page < found.pages else "",
    )


def _line(row: FactRow, sums: Sequence[Sum]) -> dict[str, Any]:
    return {
        "day": figures.days(row.day, row.until) if row.until else figures.day(row.day),
        "about": row.about[-1] if row.about else row.account,
        "under": " › ".join(
            filter(None, [platform(row.platform).name, row.account, *row.about[:-1]])
        ),
        "values": [
            _exact(one, value, row.currency) for one, value in zip(sums, row.values, strict=True)
        ],
        "is_provisional": row.is_provisional,
        "import_id": row.import_id,
    }


def _exact(one: Sum, value: Any, currency: str) -> str:
    return figures.exact(value, one.unit, currency)
