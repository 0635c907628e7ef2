"""Why a cell of the table has no figure: a dash is never left unexplained, and never a zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from regie.domain.metrics.catalog import all_metrics, metric
from regie.domain.metrics.definitions import Metric, NonAdditive, Ratio
from regie.domain.metrics.query import Answer
from regie.domain.metrics.ratios import parts_of
from regie.kernel.i18n import _
from regie.ui.templatetags.ui import say
from regie.web.report.asked import Asked
from regie.web.report.columns import facts_of, offered

NO_ROWS = {
    "performance": _("None of the files of this period says it."),
    "conversions": _("No platform claims conversions here in this period."),
    "earned": _("None of the files of this period says it; a dash is not a zero."),
    "orders": _("No orders were imported for this period."),
    "leads": _("No leads were imported for this period."),
    "calls": _("No calls were imported for this period."),
    "visits": _("No visits were imported for this period, or they don’t say this."),
    "tracked": _("No tracked link or code was used in this period."),
    "own_events": _("No event of your own happened in this period."),
    "credits": _("No conversion is attributed: visits of our own have to be measured."),
}
NO_VISIT = {
    "ad": _("No visit that led to a conversion names this ad in its address (utm_content)."),
    "ad_group": _("No visit that led to a conversion names an ad of this group in its address "
                  "(utm_content)."),
}  # fmt: skip
NO_UNIT = {
    "cpa": _("No sale."), "cpl_received": _("No lead."),
    "cost_per_mql": _("No qualified lead."), "cost_per_sql": _("No qualified lead."),
}  # fmt: skip
NO_STATE = _("No lead here says how far it has come: import it, or send it, with a status (MQL, "
             "SQL …).")  # fmt: skip
OF_STATES = frozenset({"mqls", "sqls"})


def why_missing(asked: Asked, row: Mapping[str, Any], answer: Answer) -> str:
    """``row`` holds what is known beside it, nothing where a whole column is meant; ``answer``
    the totals of the table."""
    name = asked.name
    if name in answer.withheld:
        return say(answer.withheld[name])
    one = metric(name)
    if has_no_rate(name, answer) and (not row or row is answer.totals):
        return no_rate(answer)
    if isinstance(one, NonAdditive):
        if row is answer.totals:
            return gettext("Rows are not added up: the same person may be in several of them.")
        if not row:
            return gettext("No report gives it for exactly this period, and days are not added up.")
        return gettext("No report gives it for this row and exactly this period.")
    if name not in offered(asked.state):
        return gettext("Orders and visits name their campaign, not their ad.")
    if isinstance(one, Ratio):
        return _nothing_to_divide(one, row)
    return _no_rows(asked, one, answer)


def has_no_rate(name: str, answer: Answer) -> bool:
    """Whether some of it is in a currency that could not be converted."""
    return not answer.unconverted.isdisjoint(parts_of(metric(name)))


def no_rate(answer: Answer) -> str:
    return gettext(
        "Some of it has no rate into {currency}: the notes beneath say which. Bring rates, or "
        "choose another currency."
    ).format(currency=answer.currency)


def _no_rows(asked: Asked, one: Metric, answer: Answer) -> str:
    (fact,) = facts_of(one)
    if has_no_rate(asked.name, answer):
        return gettext("Not reported for this row, or without a rate into {currency}.").format(
            currency=answer.currency
        )
    if one.name in OF_STATES:
        return gettext(NO_STATE)
    if answer.totals.get(asked.name) is None and fact in NO_ROWS:
        return gettext(NO_ROWS[fact])
    if fact == "credits" and asked.state.shown_split in NO_VISIT:
        return gettext(NO_VISIT[asked.state.shown_split])
    return gettext("Not reported for this row.")


def _nothing_to_divide(one: Ratio, row: Mapping[str, Any]) -> str:
    if one.denominator in OF_STATES and row.get(one.denominator) is None:
        return gettext(NO_STATE)
    if one.name in NO_UNIT and row.get(one.numerator):
        return gettext(NO_UNIT[one.name])
    top, bottom = (gettext(all_metrics()[part].label) for part in (one.numerator, one.denominator))
    return gettext("Nothing to divide: “{top}” or “{bottom}” is missing here.").format(
        top=top, bottom=bottom
    )
