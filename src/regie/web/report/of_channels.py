"""How a budget would be shared out among channels, in words: each figure with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.apps.dashboards.selectors import Allocated
from regie.domain.metrics.catalog import metric
from regie.domain.planning.allocation import FEW, Basis, Kept, Share, Still
from regie.ui import figures
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.report import beyond_total
from regie.web.report.asked import TABLE, Asked
from regie.web.report.beyond_total import Panel
from regie.web.report.state import ReportState


@dataclass(frozen=True)
class Row:
    """What was spent and counted open where they come from; the rest is worked out of them, as
    ``channel_explained`` says."""

    name: str
    colour: str
    now: str
    why_now: str
    proposed: str
    difference: str
    counted: str
    why_counted: str
    expected: str
    cost: str
    why_cost: str
    marginal: str
    slug: str
    kept: str = ""

    @property
    def can_expect(self) -> bool:
        return self.expected != figures.MISSING

    @property
    def has_curve(self) -> bool:
        return self.marginal != figures.MISSING


@dataclass(frozen=True)
class Page:
    days: str
    measure: str
    title: str
    text: str
    moves: bool
    rows: Sequence[Row]
    total: str
    moved: str
    counted: str
    expected: str
    rests_on: Sequence[str]
    figures_rest_on: Sequence[str]
    has_curves: bool
    beyond: Panel

    @property
    def is_judged(self) -> bool:
        return self.counted != figures.MISSING


def caps(known: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    return [(name, figures.percent(cap, digits=0)) for name, cap in known.items()]


def measures(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, _(metric(name).label)) for name in names]


def laid_out(found: Allocated, state: ReportState) -> Page:
    said, code = found.allocation, found.currency
    title, text = _verdict(found)
    return Page(
        days=figures.days(found.period.start, found.period.end),
        measure=_(metric(found.measure).label),
        title=title,
        text=text,
        moves=said.still is None,
        rows=[_row(one, found, state) for one in said.shares],
        total=figures.money(said.total, code),
        moved=figures.money(said.moved, code),
        counted=_count(said.now) if said.now else figures.MISSING,
        expected=_count(said.expected) if said.now else figures.MISSING,
        rests_on=[*_rests_on(found), *_figures_rest_on(found)],
        figures_rest_on=list(_figures_rest_on(found)),
        has_curves=said.basis is Basis.CURVES,
        beyond=beyond_total.laid_out(found, state),
    )


def _row(one: Share, found: Allocated, state: ReportState) -> Row:
    slug, code = one.channel.name, found.currency
    shown, kept = platform(slug), _kept(one.kept)
    ours = "" if found.is_claimed else "results"
    table = replace(state, split="platform", path=(), filters=())
    theirs = replace(table, view=ours)
    return Row(
        name=shown.name,
        colour=shown.colour,
        now=figures.money(one.channel.spend, code),
        why_now=Asked(table, "spend", TABLE, slug).address(),
        proposed=figures.money(one.proposed, code),
        difference=_signed(one.difference, code),
        counted=figures.exact(one.channel.count, "count"),
        why_counted=Asked(theirs, found.measure, TABLE, slug).address(),
        expected=figures.MISSING if one.expected is None else _count(one.expected),
        cost=figures.exact(one.cost, "money", code),
        why_cost=Asked(theirs, "spend", TABLE, slug, other=found.measure).address(),
        marginal=figures.exact(one.marginal_cost, "money", code),
        slug=slug,
        kept=kept,
    )


def _kept(kept: Kept | None) -> str:
    said = {
        Kept.FEW: _("Kept: fewer than {few}, too few to judge by.").format(few=FEW),
        Kept.UNKNOWN: _("Kept: what it brought is not known."),
    }
    return said[kept] if kept else ""


def _verdict(found: Allocated) -> tuple[str, str]:
    said, code = found.allocation, found.currency
    if said.still is None:
        title = _("{moved} of {total} could change hands.").format(
            moved=figures.money(said.moved, code), total=figures.money(said.total, code)
        )
        text = _(
            "{measure}: about {expected} instead of {now}, were as much spent again in as many "
            "days and nothing else changed. That is a hypothesis, and no promise."
        )
        return title, text.format(
            expected=_count(said.expected), now=_count(said.now),
            measure=_(metric(found.measure).label),
        )  # fmt: skip
    reasons = {
        Still.ALONE: _("Fewer than two channels brought enough to be judged. Choose more days, or "
                       "another result."),
        Still.CHANCE: _("The dearest and the cheapest channel may differ by chance alone: more "
                        "days would tell."),
        Still.BEST: _("No other sharing out within these bounds would bring more."),
    }  # fmt: skip
    return _("The budget stays as it is."), reasons[said.still]


def _rests_on(found: Allocated) -> Iterator[str]:
    said = found.allocation
    if said.basis is Basis.CURVES:
        yield ngettext(
            "What one more costs was read from {count} whole week: how results moved when the "
            "budget of a channel did.",
            "What one more costs was read from {count} whole weeks: how results moved when the "
            "budget of a channel did.",
            found.weeks,
        ).format(count=found.weeks)
        yield _("Weeks differ by season and offers too, which this does not tell apart.")
    elif said.still is not Still.ALONE:
        yield _("Average costs stand in for what one more costs: the weeks are too few, too much "
                "alike or too scattered to tell. More money usually brings less than the average: "
                "expect less of it.")  # fmt: skip
    yield _("No budget moves by more than {cap} in one go, and the total stays.").format(
        cap=figures.percent(said.cap, digits=0)
    )


def _figures_rest_on(found: Allocated) -> Iterator[str]:
    if found.is_claimed:
        yield _("What platforms claim is counted: several may claim the same sale.")
    else:
        yield _("Counted are those that name a campaign of the channel by its tags.")
        if found.unnamed:
            yield _("{count} name no campaign of a channel and count for none.").format(
                count=_count(found.unnamed)
            )
    if found.provisional_from:
        yield _("Figures from {day} on are provisional: platforms may still correct them.").format(
            day=figures.day(found.provisional_from)
        )
    yield from (say(note) for note in found.notes)


def _count(value: Decimal) -> str:
    return figures.decimal(value, digits=0)


def _signed(amount: Decimal, code: str) -> str:
    return figures.signed(amount, lambda size: figures.money(size, code))
