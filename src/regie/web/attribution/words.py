"""What units and models are called on a page, and which colour a channel keeps."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

from django.utils.translation import gettext

from regie.apps.attribution.selectors import AD, SHOP, SITE
from regie.domain.attribution.models import models
from regie.domain.attribution.questions import DIRECT, EVENT, NOTHING, OTHERS
from regie.kernel.i18n import _
from regie.ui.platforms import PLATFORMS, platform
from regie.web.channels import channel_name
from regie.web.report.breakdown import MEDIA

WITHOUT = {
    "campaign": _("Without campaign"),
    "link": _("Without tracked link"),
    "location": _("Without location"),
    "keyword": _("Without keyword"),
    "content": _("Without ad or creator"),
    "page": _("Unknown page"),
    "device": _("Unknown device"),
}
PLURALS = {
    "channel": _("Channels"),
    "media": _("Paid, earned, owned"),
    "source": _("Sources and media"),
    "platform": _("Platforms"),
    "campaign": _("Campaigns"),
    "link": _("Tracked links"),
    "location": _("Locations"),
    "keyword": _("Keywords"),
    "content": _("Ads or creators"),
    "page": _("Landing pages"),
    "device": _("Devices"),
}
CONVERSIONS = {
    "order": _("Orders"), "lead": _("Leads"), "mql": _("Marketing qualified leads (MQL)"),
    "sql": _("Sales qualified leads (SQL)"), "call": _("Calls"), "redemption": _("Codes used"),
}  # fmt: skip
# Why a closed month is no longer what it was.
REVISED = {
    "late": _("Events came after the month was closed."),
    "gone": _("Events were erased, withdrawn or set aside since."),
    "cancelled": _("Orders of the month were cancelled since."),
    "refunded": _(
        "Orders of the month were refunded since: refunds are taken off the day of the order."
    ),
    "states": _("How far leads of the month have come was told anew since."),
    "people": _("The events are the same: visitors were joined to people, or parted, since."),
}
# From the site to the shop and back: what the way is called, and of which sales.
WAYS = {
    "after_the_site": (_("From the site to a shop"), "in_shops", _("of {count} sold in shops")),
    "after_an_ad": (_("From an ad to a shop"), "in_shops", _("of {count} sold in shops")),
    "after_a_shop": (_("From a shop to the site"), "outside", _("of {count} sold elsewhere")),
}
# Where a buyer had been before.
BEEN = {AD: _("On the site, by an ad"), SITE: _("On the site"), SHOP: _("In a shop")}
# Why there is no spend beside a unit.
WITHOUT_SPEND = {
    "channel": _("No channel that your advertising accounts buy, or the spend of the period is "
                    "not known."),
    "campaign": _("No advertising account tells of a campaign called so. Tag the ads’ addresses "
                     "with the campaign’s name or number."),
    "content": _("No advertising account tells of an ad called so, and no file what a creator of "
                    "this name cost. Tag the ads’ addresses with the ad’s name or number; import "
                    "what creators cost."),
    "keyword": _("No advertising account tells what this keyword cost: its report by keyword is "
                    "not imported, or the visit came otherwise."),
    "location": _("No advertising account tells what was spent for this location."),
}  # fmt: skip
COLOURS = {
    "Direct": "c8", "Paid Search": "c3", "Organic Search": "c7", "Paid Social": "c6",
    "Organic Social": "c4", "Email": "c2", "Referral": "c5", "Display": "c1",
    "paid": "c2", "earned": "c7", "owned": "c3", NOTHING: "c8", OTHERS: "c8",
    AD: "c3", SITE: "c7", SHOP: "c5",
}  # fmt: skip


def unit_name(unit: str, name: str, known: Mapping[str, str]) -> str:
    """The unit called ``name`` in credits, as people call it; ``known`` are links and locations."""
    if name == NOTHING:
        return gettext(WITHOUT.get(unit, _("Nothing said")))
    if name == OTHERS:
        return gettext("All others")
    if name == DIRECT:
        return gettext("Direct")
    if unit == "channel":
        return channel_name(name)
    if unit == "platform":
        return platform(name).name
    if unit == "media":
        return gettext(MEDIA.get(name, name))
    if unit == "link":
        return known.get(name) or gettext("A link that you may not see")
    return known.get(name, name)


def conversions_of(kind: str) -> str:
    """What conversions of a kind are called: events of one's own by the name that they have."""
    if kind in CONVERSIONS:
        return gettext(CONVERSIONS[kind])
    return gettext("Events “{name}”").format(name=kind.removeprefix(EVENT))


def colour(name: str) -> str:
    """The same for the same name, wherever it stands."""
    if name in PLATFORMS:
        return PLATFORMS[name].colour
    return COLOURS.get(name) or f"c{crc32(name.encode()) % 7 + 1}"


def model_name(name: str) -> str:
    return gettext(models()[name].label)
