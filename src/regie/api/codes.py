"""Promo codes and how often they were used, those too that orders name and nobody registered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ninja import Router, Schema

from regie.api.problems import PROBLEMS, Problem
from regie.api.speaking import Call, allows
from regie.apps.tracking import selectors
from regie.kernel import clock
from regie.kernel.periods import Period

router = Router(tags=["Figures"])
USUAL_DAYS = 365


class CodeUsed(Schema):
    """``uses`` are those that count, each order once; ``refused`` came out of the days of the code,
    or after a single-use code was used. Of a code that is not registered ``uses`` are the orders
    that name it, which count for nobody."""

    code: str
    name: str
    source: str
    medium: str
    campaign: str
    is_registered: bool
    uses: int
    refused: int
    last_used: date | None


@router.get("/codes", response={200: list[CodeUsed], PROBLEMS: Problem})
@allows("figures:read")
def codes(
    request: Call, first_day: date | None = None, last_day: date | None = None
) -> list[dict[str, Any]]:
    """Codes with their uses of these days; usually of one year."""
    end = last_day or clock.today()
    period = Period(first_day or end - timedelta(days=USUAL_DAYS - 1), end)
    ids = sorted(request.scope.organisations)
    return [
        selectors.written_use(one)
        for part in selectors.used_between(request.scope, ids, period)
        for one in part
    ]
