"""What follows from codes that orders of files name: uses counted by day, and touches.

The orders themselves are the only source: what is derived here is derived again from them, so that
a file sent twice, replaced or taken back leaves nothing behind. Statements read three relations:
``orders`` (all of them, measured ones too), ``matched`` (which code a text names in an
organisation) and ``told`` (uses that somebody else told of). Codes are known by their keys alone.
"""

from __future__ import annotations

from collections.abc import Callable

from regie.domain.facts import TOUCHES, TRACKED
from regie.domain.traffic.consent import EXEMPT
from regie.ingestion.collected.projecting import projected
from regie.warehouse.twice import NEAR_DAYS

# What numbers of such uses begin with: no event of the collector has one of these.
FILED = "file:"
_WAY = ("channel", "source", "medium", "campaign")
# Whether an order of a file names a code, which counts unless the order came to nothing.
NAMING = (
    "kind = 'order' AND origin <> 'collector' AND orders IS NOT NULL "
    "AND promo_code IS NOT NULL AND order_id IS NOT NULL"
)


def named(orders: str, aside: str) -> str:
    """Orders of files that count and that name a code; ``aside`` is the condition, over ``o``, of
    those that do not count because another source does."""
    void = (
        f"SELECT 1 FROM {orders} v WHERE v.kind = 'order' AND v.orders IS NULL "
        "AND v.organisation_id = o.organisation_id AND v.order_id = o.order_id"
    )
    return f"SELECT * FROM {orders} o WHERE {NAMING} AND NOT EXISTS ({void})" + (
        f" AND NOT {aside}" if aside else ""
    )


def uses(named_: str, orders: str) -> str:
    """One row for each code that an order of a file used, with what is to be known of it.

    ``turn`` counts the uses of a single-use code from its first on; ``is_measured``: the order is
    among those that we measured, within the days in which two numbers are one order.
    """
    near = f"abs(date_diff('day', n.date, t.date)) <= {NEAR_DAYS}"
    way = ", ".join(f"m.{name} AS code_{name}" for name in _WAY)
    return f"""
        WITH presented AS (
            SELECT n.*, coalesce(n.ordered_at, CAST(n.date AS TIMESTAMP)) AS happened_at, m.typed,
                m.code_id, m.is_single, {way},
                '{FILED}' || md5(concat_ws(' ', n.asset_key, n.order_id, m.folded)) AS use_id,
                coalesce(n.date < m.starts OR n.date > m.ends, false) AS is_outside,
                m.is_spent
            FROM {named_} n JOIN matched m ON m.organisation_id = n.organisation_id
                AND m.promo_code = n.promo_code
            WHERE NOT EXISTS (SELECT 1 FROM told t WHERE t.organisation_id = n.organisation_id
                AND t.order_id = n.order_id AND t.folded = m.folded AND {near})
            QUALIFY row_number() OVER (PARTITION BY n.asset_key, n.order_id, m.folded
                ORDER BY n.date, n.import_id) = 1
        ), measured AS (
            SELECT DISTINCT organisation_id, order_id, date FROM {orders}
            WHERE kind = 'order' AND origin = 'collector'
        )
        SELECT n.*, is_single AND NOT is_outside AND (is_spent OR row_number() OVER (
                PARTITION BY code_id, is_outside ORDER BY happened_at, asset_key, order_id) > 1)
                AS is_used_up,
            EXISTS (SELECT 1 FROM measured t WHERE t.organisation_id = n.organisation_id
                AND t.order_id = n.order_id AND {near}) AS is_measured
        FROM presented n"""


def tracked(uses_: str) -> str:
    way = ", ".join(f"code_{name} AS {name}" for name in _WAY)
    return projected(TRACKED, f"""
        SELECT organisation_id, asset_key, date, 'redemption' AS kind, '{EXEMPT}' AS mode,
            CASE WHEN is_outside OR is_used_up THEN 'refused' END AS aside, code_id, location,
            {way}, count(*) AS events, import_id, origin, provisional
        FROM {uses_} GROUP BY ALL""")  # fmt: skip


def touches(uses_: str) -> str:
    """A code that was accepted, and its order where the code says what brought it: one that was
    measured is a touch already."""
    way = ", ".join(f"code_{name} AS {name}" for name in _WAY)
    keys = "organisation_id, asset_key, date"
    own = "import_id, origin, provisional"
    taken = "NOT is_outside AND NOT is_used_up"
    return projected(TOUCHES, f"""
        SELECT {keys}, use_id AS touch_id, happened_at, 'redemption' AS kind, '{EXEMPT}' AS mode,
            code_id, location, {way}, order_id AS ref, {own}
        FROM {uses_} WHERE {taken}
        UNION ALL BY NAME
        SELECT {keys}, '{FILED}' || md5(concat_ws(' ', asset_key, order_id)) AS touch_id,
            happened_at, 'order' AS kind, '{EXEMPT}' AS mode, location, {", ".join(_WAY)},
            order_id AS ref, currency, revenue AS value, {own}
        FROM {uses_} WHERE {taken} AND NOT is_measured AND code_channel IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY asset_key, order_id ORDER BY date, import_id) = 1
        """)  # fmt: skip


FOLLOWS: dict[str, Callable[[str], str]] = {TRACKED.name: tracked, TOUCHES.name: touches}
