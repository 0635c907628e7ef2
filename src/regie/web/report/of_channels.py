"""How a budget would be shared out among channels or campaigns, in words: each figure with what it
rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.apps.dashboards.selectors import Allocated
from regie.domain.metrics.catalog import metric
from regie.domain.planning.allocation import FEW, Basis, Kept, Share, Still
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.report import beyond_total
from regie.web.report.best_of import Best, best_of
from regie.web.report.beyond_total import Panel
from regie.web.report.of_spenders import Face, chosen, face, has_twin, not_told_apart, why
from regie.web.report.page import Choice
from regie.web.report.spender_words import Words, words_of
from regie.web.report.state import ReportState


@dataclass(frozen=True)
class Row:
    """What was spent and counted open where they come from; the rest is worked out of them, as
    ``channel_explained`` says."""

    name: str
    colour: str
    under: str
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
    best: str = ""

    @property
    def whole(self) -> str:
        return Face(self.name, self.colour, self.under).whole

    @property
    def can_expect(self) -> bool:
        return self.expected != figures.MISSING

    @property
    def has_curve(self) -> bool:
        return self.marginal != figures.MISSING


@dataclass(frozen=True)
class Others:
    """Those that the table leaves out, together; ``moved`` is what they would get."""

    text: str
    now: str
    proposed: str
    difference: str
    counted: str
    expected: str
    moved: str

    @property
    def is_judged(self) -> bool:
        return self.counted != figures.MISSING


@dataclass(frozen=True)
class Page:
    """``shares`` are those of the ``rows``, in their order."""

    words: Words
    best: Best | None
    days: str
    measure: str
    title: str
    text: str
    moves: bool
    rows: Sequence[Row]
    shares: Sequence[Share]
    others: Others | None
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


def bys(asked: Mapping[str, str], by: str) -> list[Choice]:
    """What budgets can be of, each with all else that was ``asked`` for."""
    rest = {name: value for name, value in asked.items() if name != "by" and value}
    return [
        Choice(label, f"?{urlencode({**own, **rest})}", is_chosen=name == by)
        for name, label, own in (
            ("platform", _("Platform"), {}),
            ("campaign", _("Campaign"), {"by": "campaign"}),
        )
    ]


def measures(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, _(metric(name).label)) for name in names]


def laid_out(found: Allocated, state: ReportState, wanted: str = "") -> Page:
    """``wanted`` is a row that is shown in any case."""
    said, code = found.allocation, found.currency
    title, text = _verdict(found)
    best = best_of(found)
    kept_in = (wanted, best.slug if best else "")
    shares = said.shares
    if found.by == "campaign":
        shares = chosen(shares, lambda one: one.channel.name, lambda one: not one.kept, kept_in)
    return Page(
        words=words_of(found.by),
        best=best,
        days=figures.days(found.period.start, found.period.end),
        measure=_(metric(found.measure).label),
        title=title,
        text=text,
        moves=said.still is None,
        rows=[_row(one, found, state, best) for one in shares],
        shares=shares,
        others=_others(found, shares),
        total=figures.money(said.total, code),
        moved=figures.money(said.moved, code),
        counted=_count(said.now) if said.now else figures.MISSING,
        expected=_count(said.expected) if said.now else figures.MISSING,
        rests_on=[*_rests_on(found), *_figures_rest_on(found)],
        figures_rest_on=list(_figures_rest_on(found)),
        has_curves=said.basis is Basis.CURVES,
        beyond=beyond_total.laid_out(found, state, wanted),
    )


def _others(found: Allocated, shown: Sequence[Share]) -> Others | None:
    in_table = {one.channel.name for one in shown}
    rest = [one for one in found.allocation.shares if one.channel.name not in in_table]
    if not rest:
        return None
    code, judged = found.currency, [one for one in rest if one.kept is None]
    now, proposed = _sum(one.channel.spend for one in rest), _sum(one.proposed for one in rest)
    moved = _sum(max(one.difference, Decimal(0)) for one in rest)
    return Others(
        text=_how_many(len(rest), len(judged)),
        now=figures.money(now, code),
        proposed=figures.money(proposed, code),
        difference=_signed(proposed - now, code),
        counted=_count(_sum(one.channel.count for one in judged)) if judged else figures.MISSING,
        expected=_count(_sum(one.expected for one in judged)) if judged else figures.MISSING,
        moved=figures.money(moved, code) if moved else figures.MISSING,
    )


def _how_many(count: int, judged: int) -> str:
    shown = figures.decimal(count, digits=0)
    if not judged:
        return ngettext(
            "{count} other campaign is kept as it is", "{count} other campaigns are kept as they "
            "are", count,
        ).format(count=shown)  # fmt: skip
    return ngettext("{count} other campaign", "{count} other campaigns", count).format(count=shown)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), Decimal(0))


def _row(one: Share, found: Allocated, state: ReportState, best: Best | None) -> Row:
    slug, code = one.channel.name, found.currency
    shown, kept = face(found, slug), _kept(one, found)
    ours = "" if found.is_claimed else "results"
    return Row(
        name=shown.name,
        colour=shown.colour,
        under=shown.under,
        now=figures.money(one.channel.spend, code),
        why_now=why(found, state, slug, "spend"),
        proposed=figures.money(one.proposed, code),
        difference=_signed(one.difference, code),
        counted=figures.exact(one.channel.count, "count"),
        why_counted=why(found, state, slug, found.measure, view=ours),
        expected=figures.MISSING if one.expected is None else _count(one.expected),
        cost=figures.exact(one.cost, "money", code),
        why_cost=why(found, state, slug, "spend", view=ours, other=found.measure),
        marginal=figures.exact(one.marginal_cost, "money", code),
        slug=slug,
        kept=kept,
        best=_mark(best) if best and best.slug == slug else "",
    )


def _mark(best: Best) -> str:
    return _("Best") if best.is_sure else _("Seems best")


def _kept(one: Share, found: Allocated) -> str:
    kept = one.kept
    if kept is Kept.UNKNOWN and has_twin(found, one.channel.name):
        return not_told_apart()
    said = {
        Kept.FEW: _("Kept: fewer than {few}, too few to judge by.").format(few=FEW),
        Kept.UNKNOWN: _("Kept: what it brought is not known."),
        Kept.FIXED: _("Kept: it is of no campaign that the platform names."),
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
    words = words_of(found.by)
    reasons = {
        Still.ALONE: words.alone,
        Still.CHANCE: words.chance,
        Still.BEST: _("No other sharing out within these bounds would bring more."),
    }
    return _("The budget stays as it is."), reasons[said.still]


def _rests_on(found: Allocated) -> Iterator[str]:
    said = found.allocation
    if said.basis is Basis.CURVES:
        yield words_of(found.by).weeks_told(found.weeks)
        yield _("Weeks differ by season and offers too, which this does not tell apart.")
    elif said.still is not Still.ALONE:
        yield _("Average costs stand in for what one more costs: the weeks are too few, too much "
                "alike or too scattered to tell. More money usually brings less than the average: "
                "expect less of it.")  # fmt: skip
    yield _("No budget moves by more than {cap} in one go, and the total stays.").format(
        cap=figures.percent(said.cap, digits=0)
    )


def _figures_rest_on(found: Allocated) -> Iterator[str]:
    words = words_of(found.by)
    if found.is_claimed:
        yield _("What platforms claim is counted: several may claim the same sale.")
    else:
        yield words.counted
        if found.unnamed:
            yield words.unnamed(found.unnamed)
    if found.provisional_from:
        yield _("Figures from {day} on are provisional: platforms may still correct them.").format(
            day=figures.day(found.provisional_from)
        )
    yield from (say(note) for note in found.notes)


def _count(value: Decimal) -> str:
    return figures.decimal(value, digits=0)


def _signed(amount: Decimal, code: str) -> str:
    return figures.signed(amount, lambda size: figures.money(size, code))
