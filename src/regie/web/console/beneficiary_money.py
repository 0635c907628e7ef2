"""What campaigns have spent lately, beside the rules that say for whom they work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal

from regie.apps.dashboards.selectors import asker
from regie.domain.beneficiaries.rules import AD_GROUP, CAMPAIGN, Entity
from regie.domain.metrics.query import Filter, Query
from regie.kernel import clock
from regie.kernel.periods import Period
from regie.kernel.scope import Scope
from regie.ui import figures

DAYS = 30


class Spent:
    """The spend of one account in the last 30 days, read once for each level that is asked for."""

    def __init__(self, scope: Scope, asset_id: int) -> None:
        self._ask = asker(scope)
        self._where = (Filter("account", (f"#{asset_id}",)),)
        end = clock.today()
        self._period = Period(end - timedelta(days=DAYS - 1), end)
        self._known: dict[str, dict[str, dict[str, Decimal]]] = {}

    def by(self, entities: Collection[Entity]) -> str:
        """All together, currency by currency; "–" where nothing is known."""
        sums: dict[str, Decimal] = {}
        for one in entities:
            for currency, amount in self._of(one.level).get(one.id, {}).items():
                sums[currency] = sums.get(currency, Decimal(0)) + amount
        if not sums:
            return figures.MISSING
        return " + ".join(
            figures.money(sums[currency], currency, digits=0) for currency in sorted(sums)
        )

    def amount(self, one: Entity) -> Decimal:
        """For ordering only: currencies are not compared."""
        return sum(self._of(one.level).get(one.id, {}).values(), Decimal(0))

    def _of(self, level: str) -> dict[str, dict[str, Decimal]]:
        if level not in self._known:
            self._known[level] = self._read(level)
        return self._known[level]

    def _read(self, level: str) -> dict[str, dict[str, Decimal]]:
        column = {CAMPAIGN: "campaign", AD_GROUP: "ad_group"}[level]
        found: dict[str, dict[str, Decimal]] = {}
        asked = Query(("spend",), (column,), self._period, self._where)
        for row in self._ask(asked).rows:
            if row["spend"] is not None and row[column] is not None:
                of_one = found.setdefault(row[column], {})
                currency = row.get("currency") or ""
                of_one[currency] = of_one.get(currency, Decimal(0)) + row["spend"]
        return found
