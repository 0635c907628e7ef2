"""Stripe as its interface gives it: charges that succeeded, and refunds on their own day.

Amounts are in the smallest unit of their currency: 1999 is 19.99 EUR and 1999 JPY.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count, Rule
from regie.ingestion.tables import (
    ROWS,
    counted,
    events,
    history,
    rows_where,
    side_tables,
    total,
)  # fmt: skip
from regie.kernel.i18n import _

_SUCCEEDED = "lower({status}) = 'succeeded'"
_FAILED = "lower({status}) = 'failed'"
_MOMENT = Column("ordered_at", ("created",))
_CURRENCY = Column("currency", ("currency",))
_AMOUNT = Column("revenue", ("amount",), kind="minor")
_STATUS = Column("status", ("status",))

stripe_api_charges = events(
    name="stripe_api_charges",
    label="Stripe (API): charges",
    platform="stripe",
    fact="orders",
    columns=(
        Column("order_id", ("id",)),
        _MOMENT,
        _CURRENCY,
        _AMOUNT,
        _STATUS,
        Column("customer", ("customer_id",)),
    ),
    required=("id", "amount", "amount_refunded", "created", "currency", "status", "paid"),
    rules=(
        Rule("lower({status}) <> 'succeeded'", _("Charges that did not succeed do not count.")),
        Rule("lower({livemode}) IN ('false', '0')", _("Test charges do not count.")),
    ),
    counts=(
        Count("charge_rows", ROWS),
        Count("failed_charges", rows_where(_FAILED)),
        Count("minor_units_in_the_failed_charges", total("amount", where=_FAILED)),
        Count("succeeded_charges", rows_where(_SUCCEEDED)),
    ),
    notes=("amount_refunded is left aside: each refund counts on its own day.",),
)
stripe_api_refunds = events(
    name="stripe_api_refunds",
    label="Stripe (API): refunds",
    platform="stripe",
    fact="orders",
    order_kind="refund",
    columns=(
        Column("order_id", ("id",)),
        Column("parent_id", ("charge_id",)),
        _MOMENT,
        _CURRENCY,
        _AMOUNT,
        _STATUS,
    ),
    required=("id", "amount", "charge_id", "created", "currency", "receipt_number"),
    rules=(Rule("lower({status}) <> 'succeeded'", _("This refund did not go through.")),),
    counts=(
        Count("refund_rows", rows_where(_SUCCEEDED)),
        Count("refunded_minor_units", total("amount", where=_SUCCEEDED)),
        Count("refunded_charges", "count(DISTINCT {charge_id})"),
    ),
    notes=("A refund whose charge is in no file is kept: its charge may be older than the call.",),
)
stripe_api_payment_intents = counted(
    name="stripe_api_payment_intents",
    label="Stripe (API): payment intents",
    platform="stripe",
    required=("id", "amount_capturable", "amount_received", "status"),
    counts=(
        Count("payment_intent_rows", ROWS),
        Count("payment_intents_succeeded", rows_where(_SUCCEEDED)),
    ),
    notes=("The same money as the charges: never added to them.",),
)
stripe_api_accounts = history(
    name="stripe_api_accounts",
    label="Stripe (API): accounts",
    platform="stripe",
    kind="account",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("business_profile_name",)),
        Column("currency", ("default_currency",)),
        Column("modified_at", ("_fivetran_synced",)),
    ),
    required=("id", "business_profile_name", "business_type"),
)
stripe_api_side = side_tables(
    "stripe", "Stripe (API)",
    ("balance_transaction", ("amount", "available_on", "fee", "net")),
    ("coupon", ("amount_off", "percent_off", "times_redeemed")),
    ("credit_note", ("invoice_id", "discount_amount", "voided_at")),
    ("customer", ("account_balance", "delinquent", "invoice_prefix")),
    ("discount", ("coupon_id", "promotion_code", "checkout_session_id")),
    ("dispute", ("charge_id", "evidence_details_due_by")),
    ("invoice", ("amount_due", "amount_paid", "amount_remaining")),
    ("invoice_line_item", ("invoice_id", "unique_id", "unit_amount_excluding_tax")),
    ("payout", ("arrival_date", "automatic", "destination_bank_account_id")),
    ("plan", ("billing_scheme", "interval", "interval_count")),
    ("price", ("billing_scheme", "unit_amount", "lookup_key")),
    ("product", ("caption", "package_dimensions_height", "unit_label")),
    ("subscription", ("billing_cycle_anchor", "cancel_at_period_end", "trial_end")),
    ("subscription_item", ("plan_id", "quantity", "subscription_id", "current_period_end")),
)  # fmt: skip
