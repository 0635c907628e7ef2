"""Beyond the total, in words: which budget may grow because one more still pays, and how far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import Allocated
from regie.domain.planning.allocation import FEW
from regie.domain.planning.ceilings import WHOLE, Beyond, Bound, Ceiling, Unjudged
from regie.ui import figures
from regie.ui.platforms import platform
from regie.web.report.asked import TABLE, Asked
from regie.web.report.state import ReportState


@dataclass(frozen=True)
class Row:
    """Spent, earned and their ratio open in the report; the rest as ``beyond_explained`` says."""

    slug: str
    name: str
    colour: str
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
    """``one`` is one of the currency; ``missing`` names what has to be brought first."""

    text: str
    one: str
    rows: Sequence[Row]
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


def laid_out(found: Allocated, state: ReportState) -> Panel:
    code, one = found.currency, figures.money(1, found.currency, digits=0)
    said = found.beyond or Beyond((), found.margin, found.allocation.cap)
    known = bool(said.judged)

    def amount(value: Decimal) -> str:
        return figures.money(value, code) if known else figures.MISSING

    return Panel(
        text=_text(said, code),
        one=one,
        rows=[_row(own, found, state, one) for own in said.ceilings],
        missing=_missing(found),
        spent=amount(said.spent),
        revenue=amount(said.revenue),
        ceiling=amount(said.budget),
        difference=signed(said.budget - said.spent, code),
        there=amount(said.revenue_there),
        gain=signed(said.gain, code) if known else figures.MISSING,
        rests_on=list(_rests_on(said, one)),
    )


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


def _text(said: Beyond, code: str) -> str:
    if not said.judged:
        return _("Of no channel it is known yet what one more would bring: more days may tell.")
    return _(
        "At their ceilings, what these channels cost would be {ceiling} instead of {now}, and what "
        "they earn about {there} instead of {revenue}. That is a hypothesis, and no promise."
    ).format(
        ceiling=figures.money(said.budget, code, digits=0),
        now=figures.money(said.spent, code, digits=0),
        there=figures.money(said.revenue_there, code, digits=0),
        revenue=figures.money(said.revenue, code, digits=0),
    )  # fmt: skip


def _row(own: Ceiling, found: Allocated, state: ReportState, one: str) -> Row:
    slug, code = own.channel.name, found.currency
    shown = platform(slug)
    table = replace(state, split="platform", path=(), filters=())
    theirs = replace(table, view="results")
    return Row(
        slug=slug,
        name=shown.name,
        colour=shown.colour,
        sign=_sign(own),
        sentence=" ".join(_sentences(own, code, one)),
        why_not=_why_not(own.unjudged, one) if own.unjudged else "",
        spent=figures.money(own.channel.spend, code),
        why_spent=Asked(table, "spend", TABLE, slug).address(),
        revenue=figures.exact(own.revenue, "money", code),
        why_revenue=Asked(theirs, "revenue", TABLE, slug).address(),
        average=figures.exact(own.average_return, "factor"),
        why_average=Asked(theirs, "revenue", TABLE, slug, other="spend").address(),
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


def _why_not(why: Unjudged, one: str) -> str:
    said = {
        Unjudged.UNKNOWN: _("No order names a campaign of it."),
        Unjudged.FEW: _("Fewer than {few} orders, too few to judge by.").format(few=FEW),
        Unjudged.VALUE: _("Its orders earned nothing, or have no amounts."),
        Unjudged.CURVE: _("Its weeks do not tell what {one} more brings.").format(one=one),
    }
    return said[why]


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


def _rests_on(said: Beyond, one: str) -> Iterator[str]:
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
    yield _(
        "Revenue is what our own orders earned that name a campaign of the channel, never what a "
        "platform claims. One more order is taken to be worth as much as the others."
    )


def share(margin: Decimal) -> str:
    digits = max(0, -int((margin * 100).normalize().as_tuple().exponent))
    return figures.percent(margin, digits=min(digits, 2))
