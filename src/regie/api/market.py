"""The share of the market: own sales over what the whole market sold, with who published that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from ninja import Router, Schema

from regie.api.problems import PROBLEMS, Problem
from regie.api.speaking import Call, allows
from regie.apps.dashboards import selectors
from regie.kernel import clock
from regie.kernel.periods import Period

router = Router(tags=["Figures"])
USUAL_DAYS = 30
Step = Literal["", "week", "month", "fiscal_month", "fiscal_quarter"]


class MarketPart(Schema):
    """A noted size of the market; ``counted`` is so much of it as is of the asked days."""

    period: str
    size: str
    counted: str
    source: str
    published_on: date


class MarketShare(Schema):
    """Exact decimals as text; null where it is not known, never 0.

    The share is ``own`` over ``market``, which is null where a day has no size or currencies
    differ. ``currency`` is empty where orders are counted.
    """

    share: str
    period: str
    own: str | None
    market: str | None
    value: str | None
    currency: str
    sizes: list[MarketPart]


@router.get("/market-share", response={200: list[MarketShare], PROBLEMS: Problem})
@allows("figures:read")
def market_share(
    request: Call, first_day: date | None = None, last_day: date | None = None, by: Step = ""
) -> list[dict[str, Any]]:
    """Each share of the market of these days of which a size is noted; usually of 30 days.

    With ``by`` there is one for each week, month or quarter of them, in their order.
    """
    end = last_day or clock.today() - timedelta(days=1)
    period = Period(first_day or end - timedelta(days=USUAL_DAYS - 1), end)
    sizes, ask = selectors.sizes_of(request.organisation), selectors.asker(request.scope)
    here = request.organisation.calendar
    found = selectors.shares_by(period, by, sizes, ask, here)
    return [selectors.written_share(*one) for one in found]
