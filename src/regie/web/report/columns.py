"""The columns that a table of the report may have: every figure that is known at its level.

Which ones follows from the facts that a figure is made of and from what each fact can be split
by, so that a metric that is declared is offered without a line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from regie.domain.metrics.catalog import all_metrics, metric, metrics
from regie.domain.metrics.definitions import Metric, NonAdditive, Sum
from regie.domain.metrics.dimensions import DIMENSIONS, REPORTED
from regie.domain.metrics.ratios import parts_of
from regie.kernel.i18n import _
from regie.web.report.state import LEVELS, RESULT_SPLITS, ReportState

OF_PLATFORMS = (
    "spend", "impressions", "clicks", "link_clicks", "ctr", "cpc", "conversions",
    "conversion_value", "roas_claimed",
)  # fmt: skip
OF_OURS = ("visits", "orders", "revenue")
OF_OWN_EVENTS = ("own_events", "own_event_value")
OF_MEDIA = ("spend", "impressions", "clicks", "visits", "leads_received", "orders", "revenue")
OF_ORGANISATIONS = ("spend", "clicks", "leads_received", "orders", "revenue", "cpa", "roas")
# The columns of the course's table, in its order; both kinds of cost have a column of their own.
RESULTS = (
    "spend", "leads_received", "bounce_transaction", "completed", "conversion_rate", "orders",
    "revenue", "cpl_received", "cpa", "roas",
)  # fmt: skip
# Orders and leads name a campaign and no ad: of an ad only its platform says what it brought.
RESULTS_OF_ADS = (
    "spend", "clicks", "conversions", "cpa_claimed", "conversion_value", "roas_claimed",
)  # fmt: skip
KNOW_VISITS = (
    "platform",
    "campaign",
    "ad_group",
    "ad",
    "channel",
    "media",
    "organisation",
    "event",
)
ALONE = frozenset({"nonadditive", "period_figures"})
THEMES = {
    "delivery": _("What was delivered, and its cost"),
    "earned": _("What people gave you: followers, reactions, mentions"),
    "claims": _("What platforms say of themselves"),
    "sales": _("Your own orders, leads, calls and events"),
    "visits": _("Visits to your site"),
    "attributed": _("Attributed by the model"),
    "people": _("People reached"),
}
OF_ONE_FACT = {"performance": "delivery", "earned": "earned"}


@dataclass(frozen=True)
class Offer:
    """A column that may be chosen; ``value`` names it in an address."""

    value: str
    label: str
    description: str
    is_shown: bool


@dataclass(frozen=True)
class Theme:
    label: str
    offers: Sequence[Offer]


def usual(split: str, *, results: bool = False) -> tuple[str, ...]:
    """Those that a table has without a choice."""
    if results:
        return RESULTS_OF_ADS if split == "ad" else RESULTS
    own = {
        "channel": OF_OURS, "organisation": OF_ORGANISATIONS, "beneficiary": OF_ORGANISATIONS,
        "media": OF_MEDIA, "event": OF_OWN_EVENTS,
    }  # fmt: skip
    return own.get(split, OF_PLATFORMS)


def offered(state: ReportState) -> tuple[str, ...]:
    """All that are known at the level of the table, the usual ones first."""
    split, results = state.shown_split, state.shows_results
    first = usual(split, results=results)
    known = (name for name, one in metrics().items() if _is_known(one, split, results=results))
    return tuple(dict.fromkeys((*first, *known)))


def shown(state: ReportState) -> tuple[str, ...]:
    """Those chosen for this kind of table; without a choice, the usual ones."""
    kind = table_kind(state)
    chosen = tuple(name for name in offered(state) if f"{kind}.{name}" in state.columns)
    return chosen or usual(state.shown_split, results=state.shows_results)


def within(names: Sequence[str], inner: ReportState) -> tuple[str, ...]:
    """Of the columns of a table those that rows inside its rows can have."""
    known = offered(inner)
    return tuple(name for name in names if name in known) or usual(inner.shown_split)


def table_kind(state: ReportState) -> str:
    """Tables with the same columns share the choice among them."""
    if state.shows_results:
        return "ads" if state.shown_split == "ad" else "results"
    return state.shown_split if state.shown_split not in LEVELS else "delivery"


def themes(state: ReportState) -> list[Theme]:
    """What may be chosen, by what it is about."""
    kind, chosen = table_kind(state), shown(state)
    found: dict[str, list[Offer]] = {name: [] for name in THEMES}
    for name in offered(state):
        one = metric(name)
        found[theme_of(one)].append(
            Offer(f"{kind}.{name}", gettext(one.label), gettext(one.description), name in chosen)
        )
    return [Theme(gettext(THEMES[name]), offers) for name, offers in found.items() if offers]


def has_more_in_results(state: ReportState) -> bool:
    """Whether orders and visits by campaign stand in the other table."""
    return state.shown_split in RESULT_SPLITS[:2] and not state.shows_results


def theme_of(one: Metric) -> str:
    if isinstance(one, NonAdditive):
        return "people"
    parts = list(_sums_of(one))
    facts = {part.fact for part in parts}
    if "credits" in facts:
        return "attributed"
    if any(part.claimed for part in parts):
        return "claims"
    if len(facts) == 1 and (theme := OF_ONE_FACT.get(*facts)):
        return theme
    return "visits" if facts & {"visits", "tracked"} else "sales"


def facts_of(one: Metric) -> set[str]:
    return set(ALONE) if isinstance(one, NonAdditive) else {part.fact for part in _sums_of(one)}


def _sums_of(one: Metric) -> Iterable[Sum]:
    for name in parts_of(one):
        part = all_metrics()[name]
        if isinstance(part, Sum):
            yield part


def _is_known(one: Metric, split: str, *, results: bool) -> bool:
    """Whether a table can have the figure in its rows."""
    facts = facts_of(one)
    if results and split != "ad":
        # The results of a platform are those of its campaigns, added up.
        return not isinstance(one, NonAdditive) and facts <= _CAMPAIGNS
    if isinstance(one, NonAdditive):
        return bool(facts & _facts_by(split))
    return facts <= _facts_by(split)


# What campaigns are known by, in the platforms' files and in our own.
_CAMPAIGNS = DIMENSIONS["campaign"].facts


def _facts_by(split: str) -> frozenset[str]:
    """The facts of which a table by ``split`` can speak.

    Orders and visits name no platform: by platform and below they stand in the table of results,
    and by account, each with the shop or the site that counted it.
    """
    known = DIMENSIONS[split].facts
    if split in LEVELS and split != "account":
        known &= REPORTED | {"credits"}
    return known if split in KNOW_VISITS else known - {"credits"}
