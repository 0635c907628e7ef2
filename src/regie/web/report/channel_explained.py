"""Where a figure of the budget by channel comes from: what was counted, and what was done to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import Allocated
from regie.domain.metrics.catalog import metric
from regie.domain.planning.allocation import Basis, Share
from regie.ui import figures
from regie.web.report.of_channels import Page, Row

PROPOSED, DIFFERENCE, EXPECTED, MARGINAL = "proposed", "difference", "expected", "marginal"
OF_CHANNEL = (PROPOSED, DIFFERENCE, EXPECTED, MARGINAL)
SPENT, MOVED, COUNTED = "total", "moved", "counted"
OF_ALL = (SPENT, MOVED, COUNTED, EXPECTED)


@dataclass(frozen=True)
class Fact:
    """``why`` is what explains the value: a figure of the report, or another of this page."""

    label: str
    value: str
    why: str = ""
    how: str = ""


@dataclass(frozen=True)
class Explained:
    label: str
    value: str
    method: Sequence[str]
    facts: Sequence[Fact]


def address(said: Mapping[str, str], figure: str, channel: str = "") -> str:
    """What ``explain`` is asked by; ``said`` are the days and choices of the page."""
    more = {"channel": channel} if channel else {}
    return f"{reverse('planner-channels-explain')}?{urlencode({**said, 'figure': figure, **more})}"


def explained(
    found: Allocated, page: Page, figure: str, channel: str, said: Mapping[str, str]
) -> Explained | None:
    """None where the page shows no such figure."""
    if not channel:
        return _of_all(found, page, figure, said)
    pairs = zip(page.rows, found.allocation.shares, strict=True)
    chosen = next(((row, one) for row, one in pairs if row.slug == channel), None)
    if chosen is None or figure not in OF_CHANNEL:
        return None
    row, one = chosen
    label, value = {
        PROPOSED: (_("Proposed"), row.proposed),
        DIFFERENCE: (_("Difference"), row.difference),
        EXPECTED: (_("Expected"), row.expected),
        MARGINAL: (_("Cost of one more"), row.marginal),
    }[figure]
    if value == figures.MISSING:
        return None
    return Explained(
        f"{label} · {row.name}",
        value,
        list(_method(figure, found, page, row, one)),
        list(_facts(figure, found, page, row, one, said)),
    )


def _of_all(found: Allocated, page: Page, figure: str, said: Mapping[str, str]) -> Explained | None:
    label, value, method = {
        SPENT: (_("Spent"), page.total,
                _("What was spent on all channels. The proposal shares out the same total.")),
        MOVED: (_("Changes hands"), page.moved,
                _("What channels would get beyond what they have: others give as much.")),
        COUNTED: (page.measure, page.counted, _("Of channels that can be judged, added up.")),
        EXPECTED: (_("Expected"), page.expected, _("Of channels that can be judged, added up.")),
    }.get(figure, ("", figures.MISSING, ""))  # fmt: skip
    if value == figures.MISSING:
        return None
    return Explained(
        f"{label} · {_('Total')}", value, [method],
        [_part(figure, row, said) for row, one in
         zip(page.rows, found.allocation.shares, strict=True) if _is_added(figure, one)],
    )  # fmt: skip


def _is_added(figure: str, one: Share) -> bool:
    if figure == MOVED:
        return one.difference > 0
    return figure == SPENT or one.kept is None


def _part(figure: str, row: Row, said: Mapping[str, str]) -> Fact:
    report = {SPENT: (row.now, row.why_now), COUNTED: (row.counted, row.why_counted)}
    if figure in report:
        value, why = report[figure]
        return Fact(row.name, value, of_report(why))
    of = DIFFERENCE if figure == MOVED else EXPECTED
    value = row.difference if figure == MOVED else row.expected
    return Fact(row.name, value, address(said, of, row.slug))


def _method(figure: str, found: Allocated, page: Page, row: Row, one: Share) -> Iterator[str]:
    if figure == PROPOSED:
        yield from _how_proposed(found, page, row)
    elif figure == DIFFERENCE:
        yield _("{difference} = {proposed} proposed − {spent} spent").format(
            proposed=row.proposed, spent=row.now, difference=row.difference
        )
    elif figure == MARGINAL:
        yield _("What one more result costs at today’s budget: the average cost ÷ the elasticity.")
        yield elasticity_said(one.elasticity)
    elif one.elasticity is None:
        yield _("{count} × {proposed} proposed ÷ {spent} spent: at the average cost.").format(
            count=row.counted, proposed=row.proposed, spent=row.now
        )
    else:
        yield _("{count} × ({proposed} proposed ÷ {spent} spent) to the power of {power}.").format(
            count=row.counted, proposed=row.proposed, spent=row.now,
            power=figures.decimal(one.elasticity),
        )  # fmt: skip
        yield elasticity_said(one.elasticity)


def _how_proposed(found: Allocated, page: Page, row: Row) -> Iterator[str]:
    if row.kept:
        yield row.kept
        return
    if found.allocation.still is not None:
        yield page.title
        yield page.text
        return
    yield _(
        "Each channel that can be judged begins at the least it may have. What is left is handed "
        "out in small parts, each where it brings most, until a channel has the most it may have."
    )
    if found.allocation.basis is Basis.CURVES:
        yield _("Where a part brings most is read from how results moved with the budget, week by "
                "week.")  # fmt: skip
    else:
        yield _("Where a part brings most is told by the average costs.")


def elasticity_said(power: Decimal | None) -> str:
    return _(
        "Elasticity {power}: when the budget of a week was 1% higher, results were {power}% higher "
        "(least squares over whole weeks)."
    ).format(power=figures.decimal(power or 0))


def of_report(asked: str) -> str:
    """The address of what the report says of a sum."""
    return reverse("report-explain") + asked


def _facts(
    figure: str, found: Allocated, page: Page, row: Row, one: Share, said: Mapping[str, str]
) -> Iterator[Fact]:
    yield Fact(_("Spent"), row.now, of_report(row.why_now), _(metric("spend").description))
    if one.channel.count is not None:
        counted = _(metric(found.measure).description)
        yield Fact(page.measure, row.counted, of_report(row.why_counted), counted)
    if one.cost is not None:
        yield Fact(_("Average cost"), row.cost, of_report(row.why_cost), _("Spent ÷ results"))
    if figure == PROPOSED and not row.kept:
        cap, spend, code = found.allocation.cap, one.channel.spend, found.currency
        share = figures.percent(cap, digits=0)
        yield Fact(_("The least it may have"), figures.money(spend * (1 - cap), code), "",
                   _("Spent, less {share}").format(share=share))  # fmt: skip
        yield Fact(_("The most it may have"), figures.money(spend * (1 + cap), code), "",
                   _("Spent, and {share} more").format(share=share))  # fmt: skip
    if figure in {DIFFERENCE, EXPECTED}:
        yield Fact(_("Proposed"), row.proposed, address(said, PROPOSED, row.slug))
    if figure != MARGINAL and row.marginal != figures.MISSING:
        yield Fact(_("Cost of one more"), row.marginal, address(said, MARGINAL, row.slug))
