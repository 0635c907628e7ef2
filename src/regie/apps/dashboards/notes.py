"""What an answer says about itself: what is claimed, partial, of whole periods, or waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regie.apps.dashboards.windows import all_in_words
from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Ratio, Sum, Unit
from regie.domain.metrics.planning import MONEY_FACTS, Plan
from regie.kernel.i18n import Sentence, _, say
from regie.ui.platforms import platform
from regie.warehouse.figures import Figures


def notes_of(
    plan: Plan, figures: Figures, freshness: Sequence[Mapping[str, Any]]
) -> list[Sentence]:
    notes = [*plan.notes, *dict.fromkeys(figures.notes)]
    claimed = [name for name in plan.query.metrics
               if isinstance(one := metric(name), Sum) and one.claimed]  # fmt: skip
    if claimed and len(plan.query.by) == 0:
        notes.append(say(_("Claimed: each platform counts what it attributes to itself.")))
    if len(figures.windows) > 1:
        notes.append(say(_("Claimed in several attribution windows: {windows}."),
                         windows=all_in_words(figures.windows)))  # fmt: skip
    for name, platforms in figures.one_sided.items():
        notes.append(say(_("{metric}: only one of its two parts is known for {platforms}."),
                         metric=Sentence(metric(name).label),
                         platforms=", ".join(platform(one).name for one in platforms)))  # fmt: skip
    if figures.partial:
        notes.append(say(_("Partial: some accounts answer with keywords or search terms only, "
                           "which leave out a part of what they did.")))  # fmt: skip
    if figures.whole_periods:
        notes.append(say(_("Some figures are known for whole periods only; they are in the answer "
                           "where their whole period is.")))  # fmt: skip
    if plan.splits_currency and "" in figures.totals and has_amount(figures.totals[""]):
        notes.append(say(_("Some amounts wait for their currency and are added to nothing.")))
    if plan.splits_currency and only_currency(figures) is None and _crossing(plan):
        notes.append(say(_("With several currencies, a cost per order needs one currency: choose "
                           "one.")))  # fmt: skip
    return [*notes, *_zones(plan, freshness)]


def _zones(plan: Plan, freshness: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """Days of different zones stand side by side as they are: hours are gone, none is moved."""
    zones = sorted({one["time_zone"] for one in freshness if one["time_zone"]})
    if len(zones) < 2 or "date" not in plan.query.by:
        return []
    return [say(_("Days are those of each account, and not of one time zone: {zones}."),
                zones=", ".join(zones))]  # fmt: skip


def _crossing(plan: Plan) -> list[str]:
    """Ratios of money in one fact over a count in another."""
    found = []
    for name in plan.query.metrics:
        ratio = metric(name)
        if not isinstance(ratio, Ratio):
            continue
        top, bottom = metric(ratio.numerator), metric(ratio.denominator)
        if (
            isinstance(top, Sum)
            and isinstance(bottom, Sum)
            and top.unit is Unit.MONEY
            and bottom.fact not in MONEY_FACTS
        ):
            found.append(name)
    return found


def only_currency(figures: Figures) -> str | None:
    """The currency of all amounts; None where there are several, or amounts that wait for one."""
    found = {currency for currency, values in figures.totals.items() if has_amount(values)}
    if len(found) == 1:
        return found.pop()
    return None if found else ""


def has_amount(values: dict[str, Any]) -> bool:
    return any(
        value is not None and metric(name).unit is Unit.MONEY for name, value in values.items()
    )
