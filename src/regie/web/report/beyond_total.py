"""Beyond the total, in words: which budget may grow because one more still pays, and how far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.apps.dashboards.selectors import Allocated
from regie.domain.planning.allocation import FEW
from regie.domain.planning.ceilings import WHOLE, Beyond, Bound, Ceiling, Unjudged
from regie.ui import figures
from regie.web.report.of_spenders import chosen, face, has_twin, not_told_apart, why
from regie.web.report.spender_words import Words, words_of
from regie.web.report.state import ReportState

MOST_SAID = 8  # sentences


@dataclass(frozen=True)
class Row:
    """Spent, earned and their ratio open in the report; the rest as ``beyond_explained`` says."""

    slug: str
    name: str
    colour: str
    under: str
    whole: str
    sign: str
    sentence: str
    why_not: str
    spent: str
    why_spent: str
    revenue: str
    why_revenue: str
    average: str
    why_average: str
    back: str  # of one more
    ceiling: str
    difference: str
    there: str
    gain: str

    @property
    def is_judged(self) -> bool:
        return self.ceiling != figures.MISSING


@dataclass(frozen=True)
class Panel:
    """``one`` is one of the currency; ``missing`` names what has to be brought first.

    ``ceilings`` are those of the ``rows``, in their order; ``said`` are the rows of which a
    sentence is said. ``others`` are the sums of those with a ceiling that the table leaves out.
    """

    words: Words
    text: str
    one: str
    rows: Sequence[Row]
    ceilings: Sequence[Ceiling]
    said: Sequence[Row]
    others: Mapping[str, str]
    others_named: str
    left_out: str
    missing: str
    spent: str
    revenue: str
    ceiling: str
    difference: str
    there: str
    gain: str
    rests_on: Sequence[str]

    @property
    def is_judged(self) -> bool:
        return self.ceiling != figures.MISSING


def laid_out(found: Allocated, state: ReportState, wanted: str = "") -> Panel:
    """``wanted`` is a row that is shown in any case."""
    code, one = found.currency, figures.money(1, found.currency, digits=0)
    said = found.beyond or Beyond((), found.margin, found.allocation.cap)
    known = bool(said.judged)
    shown = said.ceilings
    if found.by == "campaign":
        # Those with a ceiling, then those of which an average is known.
        shown = sorted(shown, key=lambda own: own.unjudged is not None)
        shown = chosen(shown, lambda own: own.channel.name,
                       lambda own: own.unjudged in {None, Unjudged.CURVE}, [wanted])  # fmt: skip
    rows = [_row(own, found, state, one) for own in shown]
    in_table = {own.channel.name for own in shown}
    rest = [own for own in said.ceilings if own.channel.name not in in_table]
    beside = Beyond([own for own in rest if not own.unjudged], said.margin, said.cap)

    def amount(value: Decimal) -> str:
        return figures.money(value, code) if known else figures.MISSING

    return Panel(
        words=words_of(found.by),
        text=_text(said, code, words_of(found.by)),
        one=one,
        rows=rows,
        ceilings=shown,
        said=_said(rows, shown),
        others=_others(beside, code),
        others_named=_("Others"),
        left_out=_left_out(rest, code),
        missing=_missing(found),
        spent=amount(said.spent),
        revenue=amount(said.revenue),
        ceiling=amount(said.budget),
        difference=signed(said.budget - said.spent, code),
        there=amount(said.revenue_there),
        gain=signed(said.gain, code) if known else figures.MISSING,
        rests_on=list(_rests_on(said, one, words_of(found.by))),
    )


def _said(rows: Sequence[Row], ceilings: Sequence[Ceiling]) -> list[Row]:
    """Of those that may change, where most is to be gained; the table says the rest."""
    judged = [(own.gain or Decimal(0), row) for row, own in zip(rows, ceilings, strict=True)
              if row.is_judged]  # fmt: skip
    if len(judged) <= MOST_SAID:
        return [row for _gain, row in judged]
    judged.sort(key=lambda pair: pair[0], reverse=True)
    return [row for _gain, row in judged[:MOST_SAID]]


def _others(beside: Beyond, code: str) -> dict[str, str]:
    if not beside.ceilings:
        return {}
    return {
        "judged_spent": figures.money(beside.spent, code),
        "judged_revenue": figures.money(beside.revenue, code),
        "ceiling": figures.money(beside.budget, code),
        "there": figures.money(beside.revenue_there, code),
        "gain": signed(beside.gain, code),
    }


def _left_out(rest: Sequence[Ceiling], code: str) -> str:
    if not rest:
        return ""
    spent = figures.money(sum((own.channel.spend for own in rest), Decimal(0)), code)
    return ngettext(
        "{count} other campaign, which cost {spent}, is not in this table.",
        "{count} other campaigns, which cost {spent}, are not in this table.",
        len(rest),
    ).format(count=figures.decimal(len(rest), digits=0), spent=spent)


def signed(value: Decimal | None, code: str) -> str:
    if value is None:
        return figures.MISSING
    return figures.signed(value, lambda size: figures.money(size, code))


def _missing(found: Allocated) -> str:
    if found.beyond is None:
        return "proof" if found.is_claimed else "value"
    if any((one.revenue or 0) > 0 for one in found.beyond.ceilings):
        return ""
    return "amounts" if any(one.channel.count for one in found.beyond.ceilings) else "names"


def _text(said: Beyond, code: str, words: Words) -> str:
    if not said.judged:
        return words.none_known
    return words.at_ceilings.format(
        ceiling=figures.money(said.budget, code, digits=0),
        now=figures.money(said.spent, code, digits=0),
        there=figures.money(said.revenue_there, code, digits=0),
        revenue=figures.money(said.revenue, code, digits=0),
    )  # fmt: skip


def _row(own: Ceiling, found: Allocated, state: ReportState, one: str) -> Row:
    slug, code = own.channel.name, found.currency
    shown = face(found, slug)
    return Row(
        slug=slug,
        name=shown.name,
        colour=shown.colour,
        under=shown.under,
        whole=shown.whole,
        sign=_sign(own),
        sentence=" ".join(_sentences(own, code, one)),
        why_not=_why_not(own, one, found) if own.unjudged else "",
        spent=figures.money(own.channel.spend, code),
        why_spent=why(found, state, slug, "spend"),
        revenue=figures.exact(own.revenue, "money", code),
        why_revenue=why(found, state, slug, "revenue", view="results"),
        average=figures.exact(own.average_return, "factor"),
        why_average=why(found, state, slug, "revenue", view="results", other="spend"),
        back=figures.exact(own.marginal_return, "factor"),
        ceiling=figures.exact(own.budget, "money", code),
        difference=signed(own.difference, code),
        there=figures.exact(own.revenue_there, "money", code),
        gain=signed(own.gain, code),
    )


def _sign(own: Ceiling) -> str:
    if own.difference is None:
        return "info"
    if own.difference == 0:
        return "check"
    return "rise" if own.difference > 0 else "fall"


def _sentences(own: Ceiling, code: str, one: str) -> Iterator[str]:
    if own.marginal_return is None:
        return
    back = figures.money(own.marginal_return, code)
    if own.margin == WHOLE:
        yield _("{one} more brings back {back}.").format(one=one, back=back)
    else:
        yield _("{one} more brings back {back}, of which {kept} is kept.").format(
            one=one, back=back, kept=figures.money(own.kept_of_one_more or 0, code)
        )
    yield _how_far(own, code, one)


def _why_not(own: Ceiling, one: str, found: Allocated) -> str:
    if own.channel.is_fixed:
        return _("It is of no campaign that the platform names.")
    if own.unjudged is Unjudged.UNKNOWN and has_twin(found, own.channel.name):
        return not_told_apart()
    said: dict[Unjudged | None, str] = {
        Unjudged.UNKNOWN: words_of(found.by).not_named,
        Unjudged.FEW: _("Fewer than {few} orders, too few to judge by.").format(few=FEW),
        Unjudged.VALUE: _("Its orders earned nothing, or have no amounts."),
        Unjudged.CURVE: _("Its weeks do not tell what {one} more brings.").format(one=one),
    }
    return said[own.unjudged]


def _how_far(own: Ceiling, code: str, one: str) -> str:
    more = own.difference or Decimal(0)
    size = figures.money(abs(more), code)
    if own.bound is Bound.MOST:
        return _("It pays: the budget may grow by {size}, as far as one step goes.").format(
            size=size
        )
    if own.bound is Bound.LEAST:
        return _(
            "It does not pay for itself, not even with {size} less, as far as one step goes."
        ).format(size=size)
    if more > 0:
        return _("It pays until the budget has grown by {size}.").format(size=size)
    if more < 0:
        return _(
            "It does not pay for itself: the last {size} bring back less than they cost."
        ).format(size=size)
    return _("It just pays for itself: the budget is at its ceiling.")


def _rests_on(said: Beyond, one: str, words: Words) -> Iterator[str]:
    cap = figures.percent(said.cap, digits=0)
    yield _(
        "A ceiling is the budget up to which {one} more still pays for itself. It is never "
        "further than one step of {cap} from what was spent: the weeks tell of budgets like those "
        "they had, and of no others. Once there, look again."
    ).format(one=one, cap=cap)
    yield _(
        "Weeks tell it where eight whole ones or more differ enough in what was spent, and results "
        "follow closely enough: choose more days where they do not."
    )
    if said.margin == WHOLE:
        yield _("All of revenue counts as kept, before the costs of what was sold: say above which "
                "share of it you keep.")  # fmt: skip
    else:
        yield _("Of revenue, {margin} is kept; the rest pays for what was sold.").format(
            margin=share(said.margin)
        )
    yield words.revenue


def share(margin: Decimal) -> str:
    digits = max(0, -int((margin * 100).normalize().as_tuple().exponent))
    return figures.percent(margin, digits=min(digits, 2))
