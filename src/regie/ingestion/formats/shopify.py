"""Shopify's own export of orders: one line for each product, the order's figures on its first."""

from __future__ import annotations

from regie.ingestion.format import Column, Format, Rule
from regie.ingestion.tables import filled
from regie.kernel.i18n import _

shopify_orders = Format(
    name="shopify_orders",
    label="Shopify: orders (CSV export)",
    platform="shopify",
    fact="orders",
    columns=(
        Column("order_id", ("Id", "Name")),
        Column("ordered_at", ("Created at",)),
        Column("currency", ("Currency",)),
        Column("revenue", ("Total",)),
        Column("status", ("Financial Status",)),
        Column("location", ("Location",)),
        Column("promo_code", ("Discount Code",)),
    ),
    required=(
        ("label:Name",), ("label:Financial Status",), ("label:Created at",), ("label:Total",),
        ("label:Currency",), ("label:Lineitem quantity",), ("label:Discount Code",),
    ),
    rules=(
        Rule(
            "{Financial Status} = '' AND {Total} = ''",
            _("Further products of an order: its first line has its figures."),
        ),
        Rule(filled("Cancelled at"), _("Cancelled orders do not count."), voids=True),
        Rule(
            "lower({Financial Status}) IN ('voided', 'expired')",
            _("Orders whose payment failed do not count."), voids=True,
        ),
    ),
    decimal=".",
    certainty="documented",
    source="Shopify Help Center, exporting orders",
    notes=(
        "Revenue is the order's total, taxes and delivery included. What was refunded has no day "
        "in this export: bring the table of refunds to take it off.",
        "Nothing that names a customer is read: no address, no telephone, no note.",
    ),
)  # fmt: skip
