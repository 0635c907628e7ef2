"""Give one role to several people on several accounts; each pair is given or refused on its own.

What was given can be taken back together, and what it replaced returns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from regie.apps.access.batches import Once as Once
from regie.apps.access.batches import Pair, give_each, pairs_of, withdraw_each
from regie.apps.access.effects import Effect, what_if_between
from regie.apps.access.granting import Given
from regie.apps.access.models import Grant
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Member
from regie.kernel.errors import NotFound, Refused, RegieError
from regie.kernel.i18n import Sentence, _, say

MOST_AT_ONCE = 10_000


@dataclass(frozen=True)
class NotGiven:
    person: str
    account: str
    problem: Sentence
    hint: Sentence


@dataclass(frozen=True)
class GivenMany:
    done: tuple[Once, ...]
    refused: tuple[NotGiven, ...]


@transaction.atomic
def give_roles(
    *,
    actor: User | None,
    asset_ids: Collection[int],
    member_ids: Collection[int],
    given: Given,
    ends_on: date | None = None,
) -> GivenMany:
    """Raises ``Refused`` for more than can be done at once."""
    keys, members = _there(asset_ids, member_ids)
    pairs = pairs_of((key, member.pk) for key in keys for member in members)
    answered = give_each(actor=actor, pairs=pairs, given=given, ends_on=ends_on)
    return GivenMany(
        tuple(one.answer for one in answered if isinstance(one.answer, Once)),
        tuple(_not_given(one, one.answer) for one in answered
              if isinstance(one.answer, RegieError)),
    )  # fmt: skip


def what_if_given(
    *,
    actor: User | None,
    asset_ids: Collection[int],
    member_ids: Collection[int],
    given: Given,
    ends_on: date | None = None,
) -> tuple[list[Effect], GivenMany]:
    """What ``give_roles`` would do, and refuse; nothing stays of it."""
    keys, members = _there(asset_ids, member_ids)
    tried: list[GivenMany] = []
    effects = what_if_between(  # a role changes what its holder may do
        lambda: tried.append(
            give_roles(
                actor=actor, asset_ids=keys, member_ids=member_ids, given=given, ends_on=ends_on
            )
        ),
        dict.fromkeys(sorted({one.user_id for one in members}), keys),
    )
    return effects, tried[0]


@transaction.atomic
def take_roles_back(*, actor: User | None, given: Sequence[Once]) -> int:
    """How many are as they were before; what was withdrawn since is left alone."""
    held = Grant.objects.in_bulk([one.grant_id for one in given])
    new = [one.grant_id for one in given if not one.was_held]
    problems = [problem for _one, problem in withdraw_each(actor=actor, grant_ids=new)]
    alike: dict[tuple[Given, date | None], list[tuple[int, int]]] = defaultdict(list)
    for once in given:
        one = held.get(once.grant_id)
        if one is not None and once.was_held:
            was = Given(one.role, one.custom_role_id)
            alike[was, once.ended_on].append((one.asset_id, one.member_id))
    for (was, ended_on), keys in alike.items():
        answered = give_each(actor=actor, pairs=pairs_of(keys), given=was, ends_on=ended_on)
        problems += [None if isinstance(one.answer, Once) else one.answer for one in answered]
    for problem in problems:
        if problem is not None and not isinstance(problem, (NotFound, Refused)):
            raise problem
    return problems.count(None)


def _there(
    asset_ids: Collection[int], member_ids: Collection[int]
) -> tuple[list[int], list[Member]]:
    keys = [one.key for one in assets.cards(set(asset_ids))]
    members = list(Member.objects.filter(pk__in=set(member_ids)).select_related("user"))
    if len(keys) * len(members) > MOST_AT_ONCE:
        raise Refused(
            say(_("At most {most} roles are given at once."), most=Decimal(MOST_AT_ONCE)),
            hint=_("Take fewer people, or fewer accounts."),
        )
    return keys, members


def _not_given(pair: Pair, problem: RegieError) -> NotGiven:
    return NotGiven(str(pair.member.user), pair.card.label, problem.sentence, problem.hint)
