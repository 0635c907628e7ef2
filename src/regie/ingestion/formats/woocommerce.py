"""WooCommerce's own report of orders, as its analytics give it to be downloaded."""

from __future__ import annotations

from regie.ingestion.format import Column, Format, Rule
from regie.kernel.i18n import _

# The same figure, by the release of the shop.
_NET = ("Net Sales", "N. Revenue")
_UNPAID = "'pending', 'pending payment', 'checkout-draft', 'draft'"

woocommerce_orders = Format(
    name="woocommerce_orders",
    label="WooCommerce: orders (CSV of its analytics)",
    platform="woocommerce",
    fact="orders",
    columns=(
        Column("order_id", ("Order #",)),
        Column("ordered_at", ("Date",)),
        Column("revenue", _NET),
        Column("status", ("Status",)),
        Column("promo_code", ("Coupon(s)",)),
    ),
    required=(
        ("label:Order #",), ("label:Date",), ("label:Status",), ("label:Customer type",),
        ("label:Coupon(s)",), tuple(f"label:{name}" for name in _NET),
    ),
    rules=(
        Rule(
            "lower({Status}) IN ('cancelled', 'trash')", _("Cancelled orders do not count."),
            voids=True,
        ),
        Rule(
            "lower({Status}) = 'failed'", _("Orders whose payment failed do not count."),
            voids=True,
        ),
        Rule(f"lower({{Status}}) IN ({_UNPAID})", _("Orders that nobody has paid yet.")),
        *(
            Rule(
                f"starts_with({{{name}}}, '-')",
                _("A refund: this report does not number it. Bring it in our own table of orders."),
                refuse=True,
            )
            for name in _NET
        ),
    ),
    decimal=".",
    certainty="documented",
    source="WooCommerce, columns of its report of orders",
    notes=(
        "Revenue is net sales, without taxes and delivery. The report does not say its currency: "
        "say it when you bring the file.",
        "The customer's name is not read.",
    ),
)  # fmt: skip
