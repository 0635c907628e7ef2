"""What campaigns and ad groups of one account have spent lately, for those who rule them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from decimal import Decimal

from regie.domain.beneficiaries.rules import AD_GROUP, CAMPAIGN, Entity
from regie.domain.metrics.query import Answer, Filter, Query
from regie.kernel import clock
from regie.kernel.periods import Period

DAYS = 30


class Spending:
    """The last 30 days of one account, read once for each level that is asked for."""

    def __init__(self, ask: Callable[[Query], Answer], asset_id: int) -> None:
        self._ask = ask
        self._where = (Filter("account", (f"#{asset_id}",)),)
        end = clock.today()
        self._period = Period(end - timedelta(days=DAYS - 1), end)
        self._known: dict[str, dict[str, dict[str, Decimal]]] = {}

    def sums(self, entities: Collection[Entity]) -> dict[str, Decimal]:
        """All together, by currency; nothing where nothing is known."""
        found: dict[str, Decimal] = {}
        for one in entities:
            for currency, amount in self._of(one.level).get(one.id, {}).items():
                found[currency] = found.get(currency, Decimal(0)) + amount
        return found

    def amount(self, one: Entity) -> Decimal:
        """For ordering only: currencies are not compared."""
        return sum(self._of(one.level).get(one.id, {}).values(), Decimal(0))

    def _of(self, level: str) -> dict[str, dict[str, Decimal]]:
        if level not in self._known:
            self._known[level] = self._read(level)
        return self._known[level]

    def _read(self, level: str) -> dict[str, dict[str, Decimal]]:
        """Nothing is spent on locations."""
        column = {CAMPAIGN: "campaign", AD_GROUP: "ad_group"}.get(level, "")
        found: dict[str, dict[str, Decimal]] = {}
        if not column:
            return found
        for row in self._ask(Query(("spend",), (column,), self._period, self._where)).rows:
            if row["spend"] is not None and row[column] is not None:
                of_one = found.setdefault(row[column], {})
                currency = row.get("currency") or ""
                of_one[currency] = of_one.get(currency, Decimal(0)) + row["spend"]
        return found
