"""Budgets by platform or by campaign: how the same total would be shared out, how far one could go
beyond it, and what that rests on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ninja import Field, Router, Schema

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking
from regie.api.speaking import Call, allows
from regie.apps.dashboards import selectors
from regie.kernel import clock
from regie.kernel.periods import Period

router = Router(tags=["Figures"])
USUAL_DAYS = 90


class AllocationQuestion(Asking):
    """As ``regie allocate`` asks it; without days, of the last ninety."""

    first_day: date | None = None
    last_day: date | None = None
    by: str = Field(
        default="platform", max_length=20,
        description="What budgets are of: `platform`, or `campaign` for every one that spent.",
    )  # fmt: skip
    measure: str = Field(
        default="",
        max_length=20,
        description="`orders`, `leads_received`, `mqls`, or what platforms claim: `conversions`, "
        "`leads`; without it, orders where any name a campaign, else `conversions`.",
    )
    cap_percent: Decimal = Field(
        default=Decimal(20), ge=1, le=50, description="By how much a budget may move at most."
    )
    margin_percent: Decimal = Field(
        default=Decimal(100), gt=0, le=100,
        description="Which share of revenue is kept; 100 is revenue before the costs of what was "
        "sold.",
    )  # fmt: skip
    currency: str = Field(default="", max_length=3)


class ChannelShare(Schema):
    """``kept_because``: `few` results or `unknown` ones leave a budget as it is; what a platform
    cost for no campaign that it names is `fixed`.

    ``campaign`` is its name and ``campaign_id`` its id, null by platform; what names no campaign
    has an empty name. ``account`` is named where several have a campaign of that id. ``is_best``
    marks where one more costs least.
    ``elasticity`` is known where all tell theirs, ``own_elasticity`` where this one does.
    Returns are revenue for one spent: on average, and what one more brings back; of that
    ``kept_of_one_more`` is what the margin leaves. ``ceiling_bound``: one more `pays` up to the
    ceiling; at `most` it pays there still, and at `least` it does not even there: one step goes no
    further. ``no_ceiling_because``: results are `unknown` or `few`, `no_value` was earned, or
    `no_curve` tells what one more brings.
    """

    platform: str
    campaign: str | None
    campaign_id: str | None
    account: str | None
    is_best: bool
    now: str
    proposed: str
    difference: str
    counted: str | None
    expected: str | None
    cost: str | None
    marginal_cost: str | None
    elasticity: str | None
    kept_because: str | None
    revenue: str | None
    average_return: str | None
    own_elasticity: str | None
    marginal_return: str | None
    kept_of_one_more: str | None
    ceiling: str | None
    ceiling_bound: str | None
    revenue_at_ceiling: str | None
    gain: str | None
    no_ceiling_because: str | None


class BeyondTheTotal(Schema):
    """If each that can be judged went to its ceiling; ``gain`` is what is kept of the
    further revenue less what is spent more. ``not_offered_because``: what is counted is `claimed`,
    or has `no_value` of its own.
    """

    not_offered_because: str | None
    now: str | None
    ceiling: str | None
    revenue: str | None
    revenue_at_ceiling: str | None
    gain: str | None


class AllocationAnswer(Schema):
    """Amounts are exact decimals as text; missing is null, never 0.

    ``named_no_platform`` counts results that name none of what budgets are of, by campaign too.
    ``basis`` is `curves` where the weeks of each tell what one more costs, else `averages`.
    ``best_may_be_chance``: the one that is best and the next may differ by chance alone; null where
    that is not worked out, or none is best. ``nothing_moves_because``: `alone` (fewer than two can
    be judged), `chance` (they may differ by chance alone) or `best` (nothing brings more).
    """

    by: str
    period: str
    currency: str
    measure: str
    is_claimed: bool
    cap: str
    basis: str
    nothing_moves_because: str | None
    total: str
    moved: str
    counted: str
    expected: str | None
    named_no_platform: str
    best_may_be_chance: bool | None
    margin: str
    beyond: BeyondTheTotal
    channels: list[ChannelShare]
    notes: list[str]
    provisional_from: str | None


@router.post("/allocation", response={200: AllocationAnswer, PROBLEMS: Problem})
@allows("figures:read")
def allocation(request: Call, asked: AllocationQuestion) -> dict[str, Any]:
    """How the same total would be shared out among platforms or campaigns: no promise."""
    here = request.organisation
    end = asked.last_day or clock.today() - timedelta(days=1)
    period = Period(asked.first_day or end - timedelta(days=USUAL_DAYS - 1), end)
    found = selectors.allocated(
        selectors.asker(request.scope), period=period, by=asked.by, measure=asked.measure,
        currency=asked.currency.upper() or here.currency, cap=asked.cap_percent / 100,
        margin=asked.margin_percent / 100, calendar=here.calendar,
    )  # fmt: skip
    return selectors.written_allocation(found)
