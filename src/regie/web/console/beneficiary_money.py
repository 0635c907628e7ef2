"""What campaigns have spent lately, in words, beside the rules that say for whom they work."""

from __future__ import annotations

from collections.abc import Collection

from regie.apps.dashboards.selectors import Spending
from regie.domain.beneficiaries.rules import Entity
from regie.ui import figures


class Spent(Spending):
    def by(self, entities: Collection[Entity]) -> str:
        """All together, currency by currency; "–" where nothing is known."""
        sums = self.sums(entities)
        if not sums:
            return figures.MISSING
        return " + ".join(
            figures.money(sums[currency], currency, digits=0) for currency in sorted(sums)
        )
