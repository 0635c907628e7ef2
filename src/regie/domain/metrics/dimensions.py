"""What figures can be split by, and which facts know it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

PERFORMANCE_LIKE = frozenset({"performance", "conversions", "nonadditive", "period_figures"})
EVENTS = frozenset({"orders", "leads", "calls", "visits", "tracked", "own_events", "credits"})
# What platforms report, level by level; earned media never of a keyword.
REPORTED = PERFORMANCE_LIKE | {"earned"}
EVERYWHERE = REPORTED | EVENTS | {"purchases"}


@dataclass(frozen=True)
class Dimension:
    """``column`` of the reading views; ``entity`` ones have an id and a name with history.

    ``needs`` is the level at which the platforms' figures know it. A filter by one that ``chooses``
    says which rows of the facts that know it are meant, and leaves the others whole.
    """

    name: str
    label: str
    column: str
    facts: frozenset[str] = EVERYWHERE
    entity: bool = False
    needs: str = ""
    time: bool = False
    chooses: bool = False


DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("date", _("Day"), "date", time=True),
        Dimension("week", _("Week"), "week", time=True),
        Dimension("month", _("Month"), "month", time=True),
        Dimension("fiscal_month", _("Fiscal month"), "fiscal_month", time=True),
        Dimension("fiscal_quarter", _("Quarter of the fiscal year"), "fiscal_quarter", time=True),
        Dimension("platform", _("Platform"), "platform"),
        Dimension("channel", _("Channel"), "channel",
                  EVENTS | {"period_figures", "purchases"}),
        Dimension("ad_network", _("Ad network"), "ad_network", REPORTED),
        Dimension("account", _("Account"), "asset_key", entity=True),
        Dimension("campaign", _("Campaign"), "campaign_id", REPORTED | EVENTS, True, "campaign"),
        Dimension("ad_group", _("Ad group"), "ad_group_id", REPORTED | {"credits"}, True,
                  "ad_group"),
        Dimension("ad", _("Ad"), "ad_id", REPORTED | {"credits"}, entity=True, needs="ad"),
        Dimension("keyword", _("Keyword"), "keyword_id", PERFORMANCE_LIKE, True, "keyword"),
        Dimension("media", _("Paid, earned or owned"), "media"),
        Dimension("event", _("Event of your own"), "event",
                  frozenset({"own_events", "credits"}), chooses=True),
        Dimension("level", _("Level of the report"), "level", REPORTED),
        Dimension("currency", _("Currency"), "currency",
                  frozenset({"performance", "conversions", "orders", "own_events", "period_figures",
                             "credits"})),
        Dimension("organisation", _("Organisation"), "organisation"),
        Dimension("location", _("Location"), "location"),
        Dimension("beneficiary", _("Beneficiary"), "beneficiary",
                  EVERYWHERE - {"nonadditive", "credits", "purchases"}),
        Dimension("attribution", _("Attribution window"), "attribution",
                  frozenset({"conversions"})),
    )
}  # fmt: skip


def dimension(name: str) -> Dimension:
    """Raises ``WrongUse`` for an unknown name, with the nearest one."""
    found = DIMENSIONS.get(name)
    if found is None:
        near = difflib.get_close_matches(name, DIMENSIONS, n=1)
        raise WrongUse(
            say(_("Figures cannot be split by “{name}”."), name=name),
            hint=say(_("Did you mean {near}?"), near=near[0])
            if near
            else say(_("Use one of: {names}."), names=", ".join(DIMENSIONS)),
            code="unknown_dimension",
        )
    return found
