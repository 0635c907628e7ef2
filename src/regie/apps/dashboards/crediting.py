"""Metrics that a model of attribution answers: whoever works the credits out says so here.

Attribution lays money and claims beside its credits and so stands above; it hands down the one
thing that is needed of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from regie.domain.metrics.planning import Plan
    from regie.kernel.scope import Scope
    from regie.warehouse.views import Session

    Works = Callable[[Session, Scope, Plan], Plan]

FACT = "credits"
_works: list[Works] = []


def worked_out_by(works: Works) -> None:
    """``works`` gives a plan the table of its credits."""
    _works[:] = [works]


def credited(session: Session, scope: Scope, plan: Plan) -> Plan:
    if _works and any(part.fact == FACT for part in plan.facts):
        return _works[0](session, scope, plan)
    return plan
