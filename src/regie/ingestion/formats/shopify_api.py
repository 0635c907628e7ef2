"""Shopify as its two interfaces give it (REST and GraphQL): orders, and refunds on their own day.

Test and cancelled orders do not count; amounts are in the shop's currency, never the buyer's.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count, Rule
from regie.ingestion.history import ORDER_CODE
from regie.ingestion.tables import (
    ROWS,
    events,
    filled,
    history,
    is_true,
    rows_where,
    side_tables,
    total,
)  # fmt: skip
from regie.kernel.i18n import _

_TEST = Rule(is_true("test"), _("Test orders do not count."), voids=True)
_CANCELLED = Rule(filled("cancelled_at"), _("Cancelled orders do not count."), voids=True)
_COUNTS = f"NOT {is_true('test')} AND NOT {filled('cancelled_at')}"
_MOMENT = Column("ordered_at", ("created_at",))
_PRICE = "total_price_set_shop_amount"

shopify_api_orders = events(
    name="shopify_api_orders",
    label="Shopify (REST): orders",
    platform="shopify",
    fact="orders",
    columns=(
        Column("order_id", ("id",)),
        _MOMENT,
        Column("currency", ("currency",)),
        Column("revenue", ("total_price",)),
        Column("status", ("financial_status",)),
        Column("customer", ("customer_id",)),
    ),
    required=("id", "created_at", "currency", "total_price", "financial_status"),
    rules=(_TEST, _CANCELLED),
    counts=(
        Count("order_rows", ROWS),
        Count("test_orders", rows_where(is_true("test"))),
        Count("cancelled_orders", rows_where(filled("cancelled_at"))),
        Count("orders", rows_where(_COUNTS)),
    ),
    notes=(
        "Revenue is the order's total price, taxes and delivery included.",
        "An order that is refunded, wholly or in part, was sold: the table of refunds says what "
        "was given back, and when.",
    ),
)
shopify_api_graphql_orders = events(
    name="shopify_api_graphql_orders",
    label="Shopify (GraphQL): orders",
    platform="shopify",
    fact="orders",
    columns=(
        Column("order_id", ("id",)),
        _MOMENT,
        Column("currency", ("total_price_set_shop_currency_code",)),
        Column("revenue", (_PRICE,)),
        Column("status", ("display_financial_status",)),
        Column("customer", ("customer_id",)),
    ),
    required=("id", "created_at", _PRICE, "total_price_set_shop_currency_code"),
    rules=(_TEST, _CANCELLED),
    counts=(
        Count("graphql_order_rows", ROWS),
        Count("graphql_test_orders", rows_where(is_true("test"))),
        Count("graphql_cancelled_orders", rows_where(filled("cancelled_at"))),
        Count("graphql_orders_that_count", rows_where(_COUNTS)),
        Count(
            "graphql_total_price_set_shop_of_the_order_that_counts", total(_PRICE, where=_COUNTS)
        ),
    ),
    notes=("An order may hold a lone space where the moment of its cancellation would be.",),
)
shopify_api_refunds = events(
    name="shopify_api_refunds",
    label="Shopify (REST): payments and refunds",
    platform="shopify",
    fact="orders",
    order_kind="refund",
    columns=(
        Column("order_id", ("id",)),
        Column("parent_id", ("order_id",)),
        _MOMENT,
        Column("currency", ("currency",)),
        Column("revenue", ("amount",)),
        Column("status", ("status",)),
    ),
    required=("id", "order_id", "refund_id", "amount", "kind", "status", "gateway"),
    without=("amount_set_shop_amount",),
    rules=(
        Rule("lower({kind}) <> 'refund'", _("Payments: the orders themselves already count.")),
        Rule("lower({status}) <> 'success'", _("This refund did not go through.")),
        Rule(is_true("test"), _("Test payments do not count.")),
    ),
    counts=(
        Count("transaction_rows", ROWS),
        Count("refunds", rows_where("lower({kind}) = 'refund'")),
    ),
)
shopify_api_graphql_refunds = events(
    name="shopify_api_graphql_refunds",
    label="Shopify (GraphQL): refunds",
    platform="shopify",
    fact="orders",
    order_kind="refund",
    columns=(
        Column("order_id", ("id",)),
        Column("parent_id", ("order_id",)),
        _MOMENT,
        Column("currency", ("total_refunded_set_shop_currency_code",)),
        Column("revenue", ("total_refunded_set_shop_amount",)),
    ),
    required=("id", "order_id", "created_at", "total_refunded_set_shop_amount"),
    counts=(Count("graphql_refund_rows", ROWS),),
    notes=("A refund is dated on its own day and is kept where its order is not in the call.",),
)
shopify_api_shops = history(
    name="shopify_api_shops",
    label="Shopify (API): shops",
    platform="shopify",
    kind="account",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("name",)),
        Column("currency", ("currency", "currency_code")),
        Column("time_zone", ("iana_timezone",)),
        Column("modified_at", ("updated_at",)),
    ),
    required=("id", "name", "myshopify_domain", "iana_timezone"),
)
shopify_api_discount_uses = tuple(
    history(
        name=f"shopify_api_{name}",
        label=f"Shopify ({title}): discount codes of orders",
        platform="shopify",
        kind=ORDER_CODE,
        columns=(Column("entity_id", ("order_id",)), Column("entity_name", ("code",))),
        required=required,
        without=without,
        counts=(
            Count("discount_code_uses", ROWS),
            Count("orders_with_a_discount_code", "count(DISTINCT {order_id})"),
        ),
        notes=("Sent together with the orders, it says which promo codes each of them used.",),
    )
    for name, title, required, without in (
        ("discount_uses", "REST", ("order_id", "code", "index", "amount", "type"),
         ("title", "refund_id")),
        ("graphql_discount_uses", "GraphQL", ("order_id", "code", "index"),
         ("amount", "title", "value_type")),
    )
)  # fmt: skip
shopify_api_side = side_tables(
    "shopify", "Shopify (API)",
    ("customer", ("first_name", "orders_count", "total_spent", "accepts_marketing")),
    ("graphql_customer", ("first_name", "orders_count", "email_marketing_consent_state")),
    ("customer_visit", ("order_id", "landing_page", "utm_parameters_source")),
    ("discount_allocation", ("discount_application_index", "order_line_id")),
    ("discount_application", ("order_id", "allocation_method", "value_type")),
    ("discount_code", ("codes_count", "total_sales_amount", "usage_limit")),
    ("redeem_code", ("code", "discount_id", "discount_type")),
    ("order_line", ("order_id", "variant_id", "fulfillable_quantity")),
    ("graphql_order_line", ("order_id", "variant_id", "unfulfilled_quantity")),
    ("order_line_refund", ("refund_id", "order_line_id", "subtotal_set", "restock_type")),
    ("graphql_order_line_refund", ("refund_id", "order_line_id", "subtotal_set_shop_amount",
                                   "restock_type")),
    ("graphql_transaction", ("order_id", "amount_set_shop_amount", "gateway")),
    ("order_adjustment", ("order_id", "refund_id", "tax_amount", "reason")),
    ("order_shipping_line", ("order_id", "carrier_identifier", "discounted_price")),
    ("order_url_tag", ("key", "order_id", "value")),
    ("product", ("id", "handle", "product_type", "vendor")),
    ("product_variant", ("product_id", "inventory_item_id", "sku")),
    ("refund", ("id", "order_id", "restock", "total_duties_set")),
)  # fmt: skip
