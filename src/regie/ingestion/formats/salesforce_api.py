"""Salesforce as its interface gives it: its leads are leads, opportunities are counted.

Deleted rows stay in the tables and never count by default.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count, Rule
from regie.ingestion.tables import (
    ROWS,
    counted,
    events,
    is_true,
    rows_where,
    side_tables,
    total,
)  # fmt: skip
from regie.kernel.i18n import _

_DELETED = is_true("is_deleted")

salesforce_api_leads = events(
    name="salesforce_api_leads",
    label="Salesforce (API): leads",
    platform="salesforce",
    fact="leads",
    columns=(
        Column("lead_id", ("id",)),
        Column("received_at", ("created_date",)),
        Column("source", ("lead_source",)),
        Column("status", ("status",)),
    ),
    required=("id", "created_date", "lead_source", "is_converted"),
    rules=(Rule(_DELETED, _("Deleted leads do not count.")),),
    counts=(
        Count("lead_rows", ROWS),
        Count("converted_leads", rows_where(is_true("is_converted"))),
    ),
)
salesforce_api_opportunities = counted(
    name="salesforce_api_opportunities",
    label="Salesforce (API): opportunities",
    platform="salesforce",
    required=("id", "amount", "stage_name", "is_won", "is_deleted", "close_date"),
    without=("_fivetran_start",),
    counts=(
        Count("opportunity_rows", ROWS),
        Count("opportunities_to_show_by_default", rows_where(f"NOT {_DELETED}")),
        Count("amount_to_show_by_default", total("amount", where=f"NOT {_DELETED}")),
        Count("amount_if_deleted_rows_are_asked_for", total("amount")),
        Count("won_among_the_deleted", rows_where(f"{_DELETED} AND {is_true('is_won')}")),
    ),
    notes=("Opportunities are hopes of revenue: revenue comes from orders only.",),
)
salesforce_api_side = side_tables(
    "salesforce", "Salesforce (API)",
    ("account", ("account_number", "number_of_employees", "ticker_symbol")),
    ("contact", ("account_id", "reports_to_id", "email_bounced_date", "mailing_city")),
    ("opportunity_history", ("_fivetran_start", "stage_name", "is_won")),
    ("opportunity_line_item", ("opportunity_id", "unit_price", "pricebook_entry_id")),
    ("order", ("order_number", "activated_date", "is_reduction_order")),
    ("product", ("product_code", "is_active", "family")),
    ("task", ("who_id", "what_id", "task_subtype")),
    ("user", ("username", "time_zone_sid_key", "user_role_id")),
    ("user_role", ("developer_name", "parent_role_id", "rollup_description")),
)  # fmt: skip
