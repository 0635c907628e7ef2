"""Refunds whose sale is in no file of the call: they are kept, counted and said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from regie.ingestion.staging import Staged
from regie.kernel.i18n import _, say
from regie.warehouse.engine import Engine


def flag(call: Sequence[Staged], engine: Engine) -> None:
    """Note on each table of refunds in ``call`` how many have no sale beside them."""
    for staged in call:
        if staged.table.format.order_kind == "refund" and "parent_id" in staged.columns:
            _flag(staged, call, engine)


def _flag(refunds: Staged, call: Sequence[Staged], engine: Engine) -> None:
    sales = [
        f"SELECT order_id FROM {other.source}"
        for other in call
        if other.table.format.fact == "orders"
        and other.table.format.platform == refunds.table.format.platform
        and not other.table.format.order_kind
    ]
    known = " UNION ALL ".join(["SELECT NULL::VARCHAR AS order_id", *sales])
    orphans = engine.execute(
        f"SELECT count(*) FROM {refunds.source} r "
        f"WHERE NOT EXISTS (SELECT 1 FROM ({known}) k WHERE k.order_id = r.parent_id)"
    ).fetchall()[0][0]
    refunds.counts["orphan_refunds"] = Decimal(orphans)
    if orphans:
        refunds.notes.append(
            say(
                _("Refunds whose sale is in no file of this call: {count}. They are kept."),
                count=orphans,
            )
        )
