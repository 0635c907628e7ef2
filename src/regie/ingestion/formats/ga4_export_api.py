"""Google Analytics 4 as its raw export of events gives it: counted, nothing stored yet.

Visits made of raw events would not agree with the reports that people read on the screen, so
the events wait for their own room. Values are in US dollars.
"""

from __future__ import annotations

from regie.ingestion.format import Count
from regie.ingestion.tables import ROWS, counted, is_true, rows_where, total

_REVENUE = "ecommerce_purchase_revenue_in_usd"
_PURCHASE = "{name} = 'purchase'"

ga4_export_api_events = counted(
    name="ga4_export_api_events",
    label="GA4 (export): events",
    platform="ga4",
    required=("name", "user_pseudo_id", "timestamp", _REVENUE),
    counts=(
        Count("events", ROWS),
        Count("purchase_events", rows_where(_PURCHASE)),
        Count("ecommerce_purchase_revenue_all_events", total(_REVENUE)),
        Count("ecommerce_purchase_revenue_events_named_purchase", total(_REVENUE, where=_PURCHASE)),
        Count("intraday_rows", rows_where(is_true("is_intraday"))),
    ),
    notes=(
        "Intraday rows are provisional: the day's own table replaces them.",
        "Purchases are key events here; revenue comes from orders only.",
    ),
)
