"""Our words for columns as a person reads them, and what a line of each kind of table is."""

from __future__ import annotations

from django.utils.translation import gettext

from regie.apps.connections import selectors
from regie.domain.metrics.catalog import all_metrics
from regie.ingestion.mapping import FACTS, WORDS
from regie.kernel.i18n import _

TABLES = {
    "performance": _("Advertising: impressions, clicks, spend …"),
    "visits": _("Visits to a site"),
    "orders": _("Orders: one line for each"),
    "leads": _("Leads: one line for each"),
    "calls": _("Calls: one line for each"),
    "earned": _("Earned media: followers, likes, shares, mentions …"),
    "rates": _("Currency rates"),
}
_WORDS = {
    "date": _("Day"),
    "period_start": _("First day of the line"),
    "period_end": _("Last day of the line"),
    "account_name": _("Account (name)"),
    "account_id": _("Account (number)"),
    "campaign": _("Campaign"),
    "campaign_id": _("Campaign (number)"),
    "ad_group": _("Ad group"),
    "ad_group_id": _("Ad group (number)"),
    "ad": _("Ad"),
    "ad_id": _("Ad (number)"),
    "keyword": _("Keyword"),
    "ad_network": _("Ad network"),
    "device": _("Device"),
    "location": _("Location"),
    "currency": _("Currency"),
    "conversion_name": _("Name of the conversion"),
    "channel": _("Channel"),
    "source": _("Source"),
    "medium": _("Medium"),
    "landing_page": _("Landing page"),
    "order_id": _("Order number"),
    "ordered_at": _("When it was ordered"),
    "order_kind": _("Order or refund"),
    "parent_id": _("Order that a refund takes back"),
    "status": _("Status"),
    "promo_code": _("Promotional code"),
    "customer": _("Customer"),
    "new_customer": _("New customer (yes or no)"),
    "lead_id": _("Number of the lead"),
    "received_at": _("When it came in"),
    "form": _("Form"),
    "call_id": _("Number of the call"),
    "started_at": _("When it began"),
    "duration_s": _("Duration in seconds"),
    "wait_s": _("Seconds until it was answered"),
    "outcome": _("Outcome"),
    "network": _("Where it was seen"),
    "earned_kind": _("Kind: follow, like, comment, share, mention …"),
    "earned": _("How many"),
    "from_currency": _("From this currency"),
    "to_currency": _("Into this currency"),
    "rate": _("Rate"),
    "rate_source": _("Source of the rate"),
    "conversions": _("Conversions"),
    "completed": _("Visits that did what was expected"),
    "key_events": _("Key events"),
}


def word(name: str) -> str:
    """``spend`` in the reader's language."""
    if name in _WORDS:
        return gettext(_WORDS[name])
    metric = all_metrics().get(name)
    return gettext(metric.label) if metric else name.replace("_", " ").capitalize()


def table(fact: str) -> str:
    return gettext(TABLES[fact])


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Words by kind of table; one that several kinds know stands in the first."""
    seen: set[str] = set()
    groups = []
    for fact in FACTS:
        own = [one for one in WORDS[fact] if one not in seen]
        seen.update(own)
        groups.append((table(fact), [(one, word(one)) for one in own]))
    return groups


def described_tables(organisation_id: int) -> list[dict[str, object]]:
    """Tables that the organisation described, with their columns in words."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "fact": table(one.fact) if one.fact in TABLES else "",
            "columns": ", ".join(f"{label} = {word(name)}" for name, label in one.columns.items()),
        }
        for one in selectors.tables_of(organisation_id)
    ]
