"""A network's totals for those in it: few metrics, no split, and so nobody's own figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from regie.apps.access import selectors as access
from regie.apps.access.context import operating
from regie.domain.metrics.query import Answer, Query
from regie.kernel.errors import Forbidden, Refused
from regie.kernel.i18n import _
from regie.kernel.periods import Period
from regie.kernel.scope import Scope

METRICS = ("spend", "impressions", "clicks", "leads", "orders", "revenue")


def totals(
    network: access.OpenNetwork,
    period: Period,
    answer: Callable[[Query, Scope], Answer],
) -> dict[str, Any]:
    """What the whole network spent and earned in ``period``, in its own currency.

    Names, accounts and sources are left out of what is given back. Raises ``Forbidden`` where too
    few organisations are in the sum.
    """
    if network.scope is None:
        raise Forbidden(_("Too few organisations are in this network to show only their sum."))
    found: dict[str, Any] = {}
    for name in METRICS:
        try:
            query = Query((name,), period=period, currency=network.currency)
            # Adding up needs accounts that the person may not list: nothing but the sum leaves.
            with operating():
                found[name] = answer(query, network.scope).totals.get(name)
        except Refused:
            found[name] = None
    return found
