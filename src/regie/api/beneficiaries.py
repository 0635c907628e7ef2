"""Beneficiary rules: for whom the campaigns of a shared account work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Literal

from ninja import Field, Router, Schema

from regie.api.naming import account_of
from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking
from regie.api.speaking import Call, allows
from regie.apps.beneficiaries import selectors, services
from regie.apps.dashboards.selectors import Spending, asker
from regie.domain.beneficiaries.rules import Entity
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

router = Router(tags=["Manager"])
LARGEST = 2**62
MOST_MOVED = 1_000


class RuleIn(Asking):
    """``beneficiary`` is the slug or the name of an organisation of the owner's branch, or the
    name or ID of one of its locations. Rules of a site or shop speak of campaigns and locations,
    those of an ad account of campaigns and ad groups."""

    level: Literal["campaign", "ad_group", "location"] = "campaign"
    by: Literal["id", "name", "label", "pattern"]
    value: str = Field(min_length=1, max_length=200)
    beneficiary: str = Field(min_length=1, max_length=200)
    starts_on: date | None = None
    ends_on: date | None = None


class RulesIn(Asking):
    """With ``replace`` the rules that are not among these are taken away."""

    rules: list[RuleIn] = Field(max_length=20_000)
    replace: bool = False


class RuleOut(Schema):
    """``working`` is how many campaigns or ad groups work by it today."""

    id: int
    level: str
    by: str
    value: str
    beneficiary: str | None
    starts_on: date | None
    ends_on: date | None
    working: int


class ChangeIn(RulesIn):
    """``remove`` are numbers of rules that would be taken away."""

    remove: list[int] = Field(default=[], max_length=20_000)


class EntityOut(Schema):
    level: str
    id: str
    name: str


class RulesOut(Schema):
    """``rules`` in the order in which they count; ``unmatched`` work for nobody today."""

    rules: list[RuleOut]
    campaigns: int
    assigned: int
    unmatched: list[EntityOut]


class DaysOut(Schema):
    beneficiary: str | None
    starts_on: date | None
    ends_on: date | None


class MovedOut(EntityOut):
    """Whom it works for now and whom it would, each in the order of days; empty is nobody."""

    before: list[DaysOut]
    after: list[DaysOut]


class BalanceOut(Schema):
    """How many campaigns or ad groups a beneficiary would gain and lose, on some day at least."""

    beneficiary: str
    gained: int
    lost: int
    gained_spend: dict[str, str]
    lost_spend: dict[str, str]


class TrialOut(Schema):
    """``moved`` are the first thousand of ``count``. Spend is that of the last 30 days."""

    added: int
    removed: int
    count: int
    moved: list[MovedOut]
    beneficiaries: list[BalanceOut]


@router.get("/accounts/{account_id}/beneficiary-rules", response={200: RulesOut, PROBLEMS: Problem})
@allows("manager:read")
def rules(request: Call, account_id: int) -> dict[str, Any]:
    """The rules of an ad account, for administrators of its owner."""
    return _said(request, account_id)


@router.post(
    "/accounts/{account_id}/beneficiary-rules", response={200: RulesOut, PROBLEMS: Problem}
)
@allows("manager:write")
def write_rules(request: Call, account_id: int, said: RulesIn) -> dict[str, Any]:
    """Add rules; the same again changes nothing. Answers what stands then."""
    _overview(request, account_id)
    services.add_rules(
        actor=request.auth.user, asset_id=account_id, rules=_wanted(said), replace=said.replace
    )
    return _said(request, account_id)


def _wanted(said: RulesIn) -> list[services.NewRule]:
    return [
        services.NewRule(
            one.level, one.by, one.value.replace("\0", ""), one.beneficiary.replace("\0", ""),
            one.starts_on, one.ends_on,
        )
        for one in said.rules
    ]  # fmt: skip


@router.post(
    "/accounts/{account_id}/beneficiary-rules/dry-run",
    response={200: TrialOut, PROBLEMS: Problem},
)
@allows("manager:read")
def try_rules(request: Call, account_id: int, said: ChangeIn) -> dict[str, Any]:
    """What a change of rules would move, and who would gain or lose; nothing changes."""
    _overview(request, account_id)
    found = selectors.try_rules(
        actor=request.auth.user, asset_id=account_id, rules=_wanted(said), replace=said.replace,
        remove={min(one, LARGEST) for one in said.remove},
    )  # fmt: skip
    spent = Spending(asker(request.scope), account_id)
    return {
        "added": found.added,
        "removed": found.removed,
        "count": len(found.moved),
        "moved": [
            {
                "level": one.entity.level, "id": one.entity.id, "name": one.entity.name,
                "before": _days(one.was), "after": _days(one.will),
            }
            for one in found.moved[:MOST_MOVED]
        ],
        "beneficiaries": [
            {
                "beneficiary": one.beneficiary.key,
                "gained": len(one.gained), "lost": len(one.lost),
                "gained_spend": _money(spent, one.gained), "lost_spend": _money(spent, one.lost),
            }
            for one in found.balances
        ],
    }  # fmt: skip


def _days(spans: Sequence[selectors.Days]) -> list[dict[str, Any]]:
    return [
        {
            "beneficiary": one.beneficiary.key if one.beneficiary else None,
            "starts_on": one.starts, "ends_on": one.ends,
        }
        for one in spans
    ]  # fmt: skip


def _money(spent: Spending, entities: Collection[Entity]) -> dict[str, str]:
    return {
        currency: f"{amount.normalize():f}"
        for currency, amount in sorted(spent.sums(entities).items())
    }


@router.delete(
    "/accounts/{account_id}/beneficiary-rules/{rule_id}",
    response={200: RulesOut, PROBLEMS: Problem},
)
@allows("manager:write")
def remove_rule(request: Call, account_id: int, rule_id: int) -> dict[str, Any]:
    """Take one rule away; what it gave works for nobody, or by the next rule that fits."""
    _overview(request, account_id)
    found = services.remove_rules(
        actor=request.auth.user, asset_id=account_id, rule_ids=[min(rule_id, LARGEST)]
    )
    if found is None:
        raise NotFound(_("There is no such rule."))
    return _said(request, account_id)


def _overview(request: Call, account_id: int) -> selectors.Overview:
    account_of(request, account_id)
    return selectors.overview(actor=request.auth.user, asset_id=account_id)


def _said(request: Call, account_id: int) -> dict[str, Any]:
    found = _overview(request, account_id)
    return {
        "rules": [
            {
                "id": one.id, "level": one.level, "by": one.way, "value": one.value,
                "beneficiary": one.serves.key if one.serves else None, "starts_on": one.starts,
                "ends_on": one.ends, "working": one.count,
            }
            for one in found.rules
        ],
        "campaigns": found.campaigns,
        "assigned": found.assigned,
        "unmatched": [
            {"level": one.level, "id": one.id, "name": one.name} for one in found.unmatched
        ],
    }  # fmt: skip
