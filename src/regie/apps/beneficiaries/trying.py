"""A change of rules tried before it is made: what moves, and who gains or loses by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from regie.apps.accounts.models import User
from regie.apps.assets.selectors import AssetCard
from regie.apps.beneficiaries.assigning import outcome_of, standing
from regie.apps.beneficiaries.models import Rule
from regie.apps.beneficiaries.ruling import NewRule, changes, checked, may_rule
from regie.apps.beneficiaries.targets import Target, Targets
from regie.domain.beneficiaries.moving import Move, Span, moves
from regie.domain.beneficiaries.rules import Entity


@dataclass(frozen=True)
class Days:
    """None of ``beneficiary`` is one that left the branch."""

    beneficiary: Target | None
    starts: date | None
    ends: date | None


@dataclass(frozen=True)
class Moved:
    entity: Entity
    was: Sequence[Days]
    will: Sequence[Days]


@dataclass(frozen=True)
class Balance:
    """What one beneficiary would gain and lose: each on some day at least."""

    beneficiary: Target
    gained: Sequence[Entity]
    lost: Sequence[Entity]


@dataclass(frozen=True)
class Trial:
    card: AssetCard
    added: int
    removed: int
    moved: Sequence[Moved]
    balances: Sequence[Balance]


def try_rules(
    *,
    actor: User | None,
    asset_id: int,
    rules: Sequence[NewRule] = (),
    replace: bool = False,
    remove: Collection[int] = (),
) -> Trial:
    """As ``add_rules`` and ``remove_rules`` would, in one; nothing is kept.

    Raises what these raise.
    """
    card = may_rule(actor=actor, asset_id=asset_id)
    among = Targets(card.organisation_id)
    before = standing(asset_id)
    fresh, gone = changes(before, [checked(card, new, among) for new in rules], replace=replace)
    away = {rule.pk for rule in gone} | {rule.pk for rule in before if rule.pk in remove}
    after: list[Rule] = [*(rule for rule in before if rule.pk not in away), *fresh]
    found = moves(outcome_of(asset_id, before), outcome_of(asset_id, after))
    called = _called(among)
    return Trial(
        card=card, added=len(fresh), removed=len(away),
        moved=[
            Moved(one.entity, _days(one.was, called), _days(one.will, called)) for one in found
        ],
        balances=_balances(found, called),
    )  # fmt: skip


def _called(among: Targets) -> dict[object, Target]:
    return {
        ("location", one.location_id) if one.is_location else ("place", one.organisation_id): one
        for one in among.all
    }


def _days(spans: Sequence[Span], called: dict[object, Target]) -> list[Days]:
    return [Days(called.get(serves), starts, ends) for serves, starts, ends in spans]


def _balances(found: Sequence[Move], called: dict[object, Target]) -> list[Balance]:
    gained: dict[object, list[Entity]] = defaultdict(list)
    lost: dict[object, list[Entity]] = defaultdict(list)
    for one in found:
        for serves in one.gaining:
            gained[serves].append(one.entity)
        for serves in one.losing:
            lost[serves].append(one.entity)
    both = [
        Balance(called[serves], gained.get(serves, ()), lost.get(serves, ()))
        for serves in {**gained, **lost}
        if serves in called
    ]
    return sorted(both, key=lambda one: (-len(one.gained), one.beneficiary.name.casefold()))
