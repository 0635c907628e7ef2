"""The plan laid beside what happened: volumes, the three factors, and what each did to the CPA."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from regie.domain.planning.gap import Actual, Gap, split
from regie.domain.planning.plan import BudgetPlan
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.changes import Change, change
from regie.ui.templatetags.ui import say
from regie.web.planner import words
from regie.web.planner.actuals import Happened

Ask = Callable[[Period, Period], Happened]
Why = Callable[[str], str]
PLANNED = {"clicks": "visits", "spend": "budget"}  # what a plan calls what happened


@dataclass(frozen=True)
class Row:
    """``effect`` is what this factor did to the cost of a sale; volumes have none. ``why`` is
    the address that explains what happened.

    Without a ``change`` the two are not to be judged by one another.
    """

    label: str
    planned: str
    actual: str
    change: Change | None
    effect: str = ""
    why: str = ""
    name: str = ""  # of the figure of the plan

    @property
    def is_rate(self) -> bool:
        return self.name in {"click_rate", "conversion_rate"}


@dataclass(frozen=True)
class Beside:
    period: Period
    days: str
    sentence: str
    cause: str
    factors: tuple[Row, ...]
    total: Row | None
    volumes: tuple[Row, ...]
    notes: tuple[str, ...]
    problem: str = ""

    @property
    def said(self) -> str:
        """Its days, as an address says them."""
        return f"from={self.period.start}&to={self.period.end}"


def beside(plan: BudgetPlan, period: Period, ask: Ask, *, today: date, why: Why) -> Beside:
    """``why`` gives the address that explains a figure, or nothing where none may be opened."""
    selling = plan.sales_period(period)
    try:
        found = ask(period, selling)
    except RegieError as error:
        return _without(period, f"{say(error.sentence)} {say(error.hint)}".strip())
    notes = tuple(_notes(plan, period, selling, found, today))
    is_whole = period == plan.period and period.end < today
    volumes = tuple(_volumes(plan, found.actual, why, is_whole=is_whole))
    try:
        gap = split(plan.assumptions, found.actual, plan.currency)
    except RegieError as error:
        problem = f"{say(error.sentence)} {say(error.hint)}".strip()
        return _without(period, problem, volumes, notes)
    code = plan.currency
    return Beside(
        period=period,
        days=figures.days(period.start, period.end),
        sentence=_sentence(gap, code),
        cause=_cause(gap, code),
        factors=tuple(_factor(gap, place, code, why) for place in range(len(gap.effects))),
        total=Row(
            _("Cost per acquisition (CPA)"),
            figures.money(gap.planned, code),
            figures.money(gap.actual, code),
            change(gap.actual, gap.planned, unit="money", better="lower", currency=code),
            _signed(gap.amount, code),
            why("cpa"),
            "cpa",
        ),
        volumes=volumes,
        notes=notes,
    )


def _without(
    period: Period, problem: str, volumes: tuple[Row, ...] = (), notes: tuple[str, ...] = ()
) -> Beside:
    days = figures.days(period.start, period.end)
    return Beside(period, days, "", "", (), None, volumes, notes, problem)


def _factor(gap: Gap, place: int, code: str, why: Why) -> Row:
    effect = gap.effects[place]
    is_price = effect.name == "cpm"
    planned, actual = words.exact(effect.planned), words.exact(effect.actual)
    write: Callable[[Decimal | Fraction], str] = (
        (lambda value: words.money(value, code)) if is_price else words.rate
    )
    return Row(
        words.label(effect.name),
        write(planned),
        write(effect.actual),
        change(
            actual, planned, unit="money" if is_price else "share",
            better="lower" if is_price else "higher", currency=code,
        ),
        _signed(effect.amount, code),
        why(effect.name),
        effect.name,
    )  # fmt: skip


def _signed(amount: Decimal, code: str) -> str:
    return figures.signed(amount, lambda size: figures.money(size, code))


def _volumes(plan: BudgetPlan, actual: Actual, why: Why, *, is_whole: bool) -> list[Row]:
    """Volumes of days that are not over, or not the planned ones, are shown and not judged."""
    shown, code = plan.forecast().shown(plan.currency), plan.currency
    lines = (
        (
            _("Impressions"),
            shown.impressions,
            actual.impressions,
            "count",
            "neither",
            "impressions",
        ),
        (_("Visits / leads (clicks)"), shown.visits, actual.clicks, "count", "higher", "clicks"),
        (_("Sales"), shown.sales, actual.sales, "count", "higher", "sales"),
        (_("Budget"), shown.budget, actual.spend, "money", "neither", "spend"),
    )
    return [
        Row(
            label,
            figures.exact(planned, unit, code),
            figures.exact(happened, unit, code),
            change(happened, planned, unit=unit, better=better, currency=code)
            if is_whole
            else None,
            why="" if happened is None else why(name),
            name=PLANNED.get(name, name),
        )
        for label, planned, happened, unit, better, name in lines
    ]


def _sentence(gap: Gap, code: str) -> str:
    said = {
        "amount": figures.money(abs(gap.amount), code),
        "planned": figures.money(gap.planned, code),
        "actual": figures.money(gap.actual, code),
    }
    if gap.amount == 0:
        return _("A sale cost what was planned: {actual}.").format(**said)
    if gap.amount > 0:
        return _("A sale cost {amount} more than planned: {actual} instead of {planned}.").format(
            **said
        )
    return _("A sale cost {amount} less than planned: {actual} instead of {planned}.").format(
        **said
    )


def _cause(gap: Gap, code: str) -> str:
    if gap.main is None:
        return ""
    dearer = gap.amount > 0
    causes = {
        ("cpm", True): _("The main reason: impressions were dearer than planned ({effect})."),
        ("cpm", False): _("The main reason: impressions were cheaper than planned ({effect})."),
        ("click_rate", True): _(
            "The main reason: fewer of those who saw the ads clicked ({effect})."
        ),
        ("click_rate", False): _(
            "The main reason: more of those who saw the ads clicked ({effect})."
        ),
        ("conversion_rate", True): _("The main reason: fewer visits ended in a sale ({effect})."),
        ("conversion_rate", False): _("The main reason: more visits ended in a sale ({effect})."),
    }
    return causes[gap.main.name, dearer].format(effect=_signed(gap.main.amount, code))


def _note_of_days(plan: BudgetPlan, period: Period, today: date) -> str:
    """Why volumes are not judged; empty where they are."""
    if plan.period is None:
        return _("The plan names no days: its volumes are not judged by these.")
    if plan.period != period:
        return _("These are not the days of the plan: its volumes are not judged by them.")
    if period.end >= today:
        return _("These days are not over: volumes so far are not judged yet.")
    return ""


def _notes(
    plan: BudgetPlan, period: Period, selling: Period, found: Happened, today: date
) -> list[str]:
    notes = list(filter(None, [_note_of_days(plan, period, today)]))
    if plan.campaign:
        notes.append(
            _("Counted for the campaign “{name}” alone: sales are the orders that name it.").format(
                name=plan.campaign
            )
        )
    if plan.lag_days:
        notes.append(
            _("Sales are those of {days}: {count} days after the spend.").format(
                days=figures.days(selling.start, selling.end), count=plan.lag_days
            )
        )
    if plan.settles_on(period) > today:
        notes.append(
            _(
                "Clicks of these days can still sell until {day}: the cost of a sale may fall."
            ).format(day=figures.day(plan.settles_on(period)))
        )
    if found.provisional_from:
        notes.append(
            _("Figures from {day} on are provisional: platforms may still correct them.").format(
                day=figures.day(found.provisional_from)
            )
        )
    if found.actual.conversion_rate is not None and found.actual.conversion_rate > 1:
        notes.append(
            _("There were more sales than clicks: many came from elsewhere than these ads.")
        )
    return notes + [say(note) for note in found.notes]
