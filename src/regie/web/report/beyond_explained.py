"""Where a figure of “Beyond the total” comes from: its sums, and what was done to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import Allocated
from regie.domain.metrics.catalog import metric
from regie.domain.planning.ceilings import Bound, Ceiling
from regie.ui import figures
from regie.web.report.beyond_total import Panel, Row, share
from regie.web.report.channel_explained import (
    Explained,
    Fact,
    address,
    elasticity_said,
    of_report,
)

BACK, CEILING, THERE, GAIN = "return", "ceiling", "there", "gain"
SPENT, EARNED = "judged_spent", "judged_revenue"


def explained(
    found: Allocated, panel: Panel, figure: str, channel: str, said: Mapping[str, str]
) -> Explained | None:
    """None where the panel shows no such figure."""
    if found.beyond is None or panel.missing:
        return None
    if not channel:
        return _of_all(panel, figure, said)
    pairs = zip(panel.rows, panel.ceilings, strict=True)
    chosen = next(((row, own) for row, own in pairs if row.slug == channel), None)
    if chosen is None or not chosen[0].is_judged:
        return None
    row, own = chosen
    label, value = _named(panel, row).get(figure, ("", ""))
    if not label:
        return None
    return Explained(
        f"{label} · {row.whole}",
        value,
        list(_method(figure, found, panel, row, own)),
        list(_facts(figure, found, panel, row, own, said)),
    )


def _named(panel: Panel, of: Row | Panel) -> dict[str, tuple[str, str]]:
    back = {}
    if isinstance(of, Row):
        back = {BACK: (_("Return of {one} more").format(one=panel.one), of.back)}
    return back | {
        CEILING: (_("Ceiling"), of.ceiling),
        THERE: (_("Would earn"), of.there),
        GAIN: (_("Gain after spend"), of.gain),
    }


def _of_all(panel: Panel, figure: str, said: Mapping[str, str]) -> Explained | None:
    totals = _named(panel, panel) | {
        SPENT: (_("Spent"), panel.spent),
        EARNED: (_("Revenue"), panel.revenue),
    }
    label, value = totals.get(figure, ("", figures.MISSING))
    if value == figures.MISSING:
        return None
    return Explained(
        f"{label} · {_('Total')}",
        value,
        [panel.words.ceilings_added],
        [_part(figure, row, said) for row in panel.rows if row.is_judged] + _others(figure, panel),
    )


def _others(figure: str, panel: Panel) -> list[Fact]:
    """Those that the table leaves out are in the total all the same."""
    value = panel.others.get(figure)
    return [Fact(panel.others_named, value)] if value else []


def _part(figure: str, row: Row, said: Mapping[str, str]) -> Fact:
    report = {SPENT: (row.spent, row.why_spent), EARNED: (row.revenue, row.why_revenue)}
    if figure in report:
        value, why = report[figure]
        return Fact(row.whole, value, of_report(why))
    value = {CEILING: row.ceiling, THERE: row.there, GAIN: row.gain}[figure]
    return Fact(row.whole, value, address(said, figure, row.slug))


def _method(
    figure: str, found: Allocated, panel: Panel, row: Row, own: Ceiling
) -> Iterator[str]:  # fmt: skip
    if figure == BACK:
        yield _("What {one} more brings back at today’s budget: the average return × the "
                "elasticity.").format(one=panel.one)  # fmt: skip
        yield elasticity_said(own.elasticity)
    elif figure == CEILING:
        yield from _how_far(panel, row, own)
    elif figure == THERE:
        yield _("{revenue} × ({ceiling} at the ceiling ÷ {spent} spent) to the power of "
                "{power}.").format(
            revenue=row.revenue, ceiling=row.ceiling, spent=row.spent,
            power=figures.decimal(own.elasticity or 0),
        )  # fmt: skip
        yield elasticity_said(own.elasticity)
    else:
        yield _("What is kept of the further revenue, less what is spent more: {margin} × ({there} "
                "− {revenue}) − ({ceiling} − {spent}).").format(
            margin=share(own.margin), there=row.there, revenue=row.revenue, ceiling=row.ceiling,
            spent=row.spent,
        )  # fmt: skip


def _how_far(panel: Panel, row: Row, own: Ceiling) -> Iterator[str]:
    slope = own.elasticity or Decimal(1)
    yield _("A ceiling is the budget up to which {one} more pays for itself. Of what it brings "
            "back, {margin} is kept.").format(one=panel.one, margin=share(own.margin))  # fmt: skip
    if slope == 1:
        yield _("Results grow as the budget does, so that {one} more brings back as much at any "
                "budget: nothing ends it but the step.").format(one=panel.one)  # fmt: skip
    else:
        yield _("At another budget {one} more brings back {back} × (budget ÷ {spent}) to the power "
                "of {power}.").format(
            one=panel.one, back=row.back, spent=row.spent, power=figures.decimal(slope - 1)
        )  # fmt: skip
    if own.bound is Bound.MOST:
        yield _("At {ceiling}, the most that one step allows, it pays still. The weeks tell "
                "nothing of budgets further from today’s.").format(ceiling=row.ceiling)  # fmt: skip
    elif own.bound is Bound.LEAST:
        yield _("At {ceiling}, the least that one step allows, it does not pay for itself yet. The "
                "weeks tell nothing of budgets further from today’s.").format(
            ceiling=row.ceiling
        )  # fmt: skip
    elif slope != 1:
        yield _("What is kept of it is what it costs at {spent} × {kept} to the power of {power}: "
                "the ceiling.").format(
            spent=row.spent, kept=figures.decimal(own.kept_of_one_more or 0, digits=4),
            power=figures.decimal(1 / (1 - slope), digits=4),
        )  # fmt: skip


def _facts(
    figure: str, found: Allocated, panel: Panel, row: Row, own: Ceiling, said: Mapping[str, str]
) -> Iterator[Fact]:
    yield Fact(_("Spent"), row.spent, of_report(row.why_spent), _(metric("spend").description))
    yield Fact(_("Revenue"), row.revenue, of_report(row.why_revenue),
               _(metric("revenue").description))  # fmt: skip
    yield Fact(_("Average return (ROAS)"), row.average, of_report(row.why_average),
               _("Revenue ÷ spent"))  # fmt: skip
    named = _named(panel, row)
    if figure != BACK:
        label, value = named[BACK]
        yield Fact(label, value, address(said, BACK, row.slug))
        yield Fact(_("Share of revenue you keep"), share(own.margin), "",
                   _("As typed on the page of budgets"))  # fmt: skip
    if figure == CEILING:
        yield from _bounds(found, own)
    if figure in {THERE, GAIN}:
        yield Fact(named[CEILING][0], row.ceiling, address(said, CEILING, row.slug))
    if figure == GAIN:
        yield Fact(named[THERE][0], row.there, address(said, THERE, row.slug))


def _bounds(found: Allocated, own: Ceiling) -> Iterator[Fact]:
    cap, spend, code = found.allocation.cap, own.channel.spend, found.currency
    part = figures.percent(cap, digits=0)
    yield Fact(_("The least it may have"), figures.money(spend * (1 - cap), code), "",
               _("Spent, less {share}").format(share=part))  # fmt: skip
    yield Fact(_("The most it may have"), figures.money(spend * (1 + cap), code), "",
               _("Spent, and {share} more").format(share=part))  # fmt: skip
