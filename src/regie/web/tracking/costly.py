"""Campaigns that cost money, beside the visits that named them: what their tags leave unsaid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from regie.apps.dashboards.selectors import answer
from regie.domain.metrics.query import Query
from regie.domain.traffic.audit import CostlyFinding, Paid, spend_without_tags
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period
from regie.kernel.scope import Scope


def costly(scope: Scope, period: Period) -> list[CostlyFinding]:
    """Findings about the campaigns of ``scope``; none where no visit is known at all."""
    spent = _rows(("spend", "clicks"), ("account", "campaign"), scope, period)
    # Visits are those of a site; what they share with the ads is the campaign.
    named: dict[Any, dict[str, int]] = defaultdict(dict)
    for row in _rows(("visits",), ("campaign", "channel"), scope, period):
        if row["visits"]:
            named[row["campaign"]][row["channel"] or "Unassigned"] = int(row["visits"])
    if not named:
        return []
    return spend_without_tags(
        [
            Paid(
                str(row["account_label"]), str(row["campaign_label"]), Decimal(row["spend"]),
                row.get("currency") or "", row["clicks"],
                named.get(row["campaign"], {}),
            )
            for row in spent
            if row["campaign"] and row["spend"] is not None
        ]
    )  # fmt: skip


def _rows(
    metrics: tuple[str, ...], by: tuple[str, ...], scope: Scope, period: Period
) -> Sequence[dict[str, Any]]:
    try:
        return answer(Query(metrics, by=by, period=period), scope).rows
    except RegieError:
        return []
