"""Where a figure of the budget by channel or by campaign comes from: what was counted, and
what was done to it."""

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
OTHERS, NOW = "others_", "now"


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
        if figure.startswith(OTHERS):
            return _of_others(page, figure.removeprefix(OTHERS), said)
        return _of_all(page, figure, said)
    pairs = zip(page.rows, page.shares, strict=True)
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
        f"{label} · {row.whole}",
        value,
        list(_method(figure, found, page, row, one)),
        list(_facts(figure, found, page, row, one, said)),
    )


def _of_all(page: Page, figure: str, said: Mapping[str, str]) -> Explained | None:
    label, value, method = {
        SPENT: (_("Spent"), page.total,
                page.words.spent),
        MOVED: (_("Changes hands"), page.moved,
                page.words.moved),
        COUNTED: (page.measure, page.counted, page.words.added),
        EXPECTED: (_("Expected"), page.expected, page.words.added),
    }.get(figure, ("", figures.MISSING, ""))  # fmt: skip
    if value == figures.MISSING:
        return None
    return Explained(
        f"{label} · {_('Total')}", value, [method],
        [_part(figure, row, said) for row, one in zip(page.rows, page.shares, strict=True)
         if _is_added(figure, one)] + _other_parts(figure, page, said),
    )  # fmt: skip


def _other_parts(figure: str, page: Page, said: Mapping[str, str]) -> list[Fact]:
    """Those that the table leaves out are in the total all the same."""
    if page.others is None:
        return []
    own, value = {
        SPENT: (NOW, page.others.now),
        MOVED: ("", page.others.moved),
        COUNTED: (COUNTED, page.others.counted),
        EXPECTED: (EXPECTED, page.others.expected),
    }[figure]
    if value == figures.MISSING:
        return []
    return [Fact(page.others.text, value, address(said, OTHERS + own) if own else "")]


def _of_others(page: Page, figure: str, said: Mapping[str, str]) -> Explained | None:
    """What the table leaves out: the total less what it shows."""
    others = page.others
    if others is None:
        return None
    label, value = {
        NOW: (_("Spent"), others.now),
        PROPOSED: (_("Proposed"), others.proposed),
        DIFFERENCE: (_("Difference"), others.difference),
        COUNTED: (page.measure, others.counted),
        EXPECTED: (_("Expected"), others.expected),
    }.get(figure, ("", figures.MISSING))
    if value == figures.MISSING:
        return None
    if figure == DIFFERENCE:
        facts = [Fact(_("Proposed"), others.proposed, address(said, OTHERS + PROPOSED)),
                 Fact(_("Spent"), others.now, address(said, OTHERS + NOW))]  # fmt: skip
    else:
        whole = {COUNTED: (COUNTED, page.counted), EXPECTED: (EXPECTED, page.expected)}
        of, total = whole.get(figure, (SPENT, page.total))
        facts = [Fact(_("Total"), total, address(said, of), _("Each row of the table, and these"))]
    method = _("Campaigns that the table leaves out, added up. The API and the command line "
               "give each of them.")  # fmt: skip
    return Explained(f"{label} · {others.text}", value, [method], facts)


def _is_added(figure: str, one: Share) -> bool:
    if figure == MOVED:
        return one.difference > 0
    return figure == SPENT or one.kept is None


def _part(figure: str, row: Row, said: Mapping[str, str]) -> Fact:
    report = {SPENT: (row.now, row.why_now), COUNTED: (row.counted, row.why_counted)}
    if figure in report:
        value, why = report[figure]
        return Fact(row.whole, value, of_report(why))
    of = DIFFERENCE if figure == MOVED else EXPECTED
    value = row.difference if figure == MOVED else row.expected
    return Fact(row.whole, value, address(said, of, row.slug))


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
    yield page.words.begins
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
    """The address of what the report says of a sum; none of what it cannot be asked."""
    return reverse("report-explain") + asked if asked else ""


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
