"""Changes on many accounts, worked out once for those alike, are those worked out for each."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from regie.apps.access import selectors, services
from regie.apps.access.context import acting_as
from regie.apps.access.effects import Effect, Effects, what_if
from regie.apps.access.selectors import accesses_on
from regie.apps.assets.models import Asset
from regie.kernel.errors import RegieError
from regie.web.console.effects import rows_of
from tests.access.given import CAMPAIGNS, CREATIVE, VIEWER, colleague, linked, partners, shared
from tests.cast import Cast

pytestmark = pytest.mark.slow

ROLES = ("VIEWER", "CREATIVE_MANAGER", "CAMPAIGN_MANAGER")


def a_world(cast: Cast, random: Random) -> tuple[list[int], int]:
    """Nine accounts of two owners; some have shares, some people have a role on a few."""
    keys = [
        linked(cast.amelie, random.choice((cast.network, cast.nantes)), str(number) * 9)
        for number in range(1, 10)
    ]
    members = [colleague(f"Colleague {n}", cast.network) for n in range(3)]
    colleague("Colleague of Amélie", cast.network, "administrator")
    partnership = partners(cast)
    with acting_as(cast.amelie):
        network = Asset.objects.filter(organisation=cast.network)
        own = sorted(network.values_list("pk", flat=True))
        for _ in range(random.randrange(8)):
            services.give_role(
                actor=cast.amelie, asset_id=random.choice(own),
                member_id=random.choice(members).pk, given=services.Given(random.choice(ROLES)),
            )  # fmt: skip
    for key in random.sample(own, len(own) // 3):
        shared(cast, partnership, key, random.choice((VIEWER, CREATIVE, CAMPAIGNS)))
    return keys, partnership.pk


def told_of(effects: list[Effect]) -> list[str]:
    return rows_of(effects).sentences


def compare(shown: Any, act: Callable[[], object], keys: list[int]) -> None:
    whole = what_if(act, keys)
    assert list(shown) == whole
    assert len(shown) == len(whole)
    assert list(shown[2:7]) == whole[2:7]
    assert told_of(shown) == told_of(whole)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_worked_out_once_is_what_is_worked_out_for_each(cast: Cast, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    keys, partnership = a_world(cast, random)
    everything = sorted(selectors.everything())
    with acting_as(cast.amelie):
        for place in (cast.network, cast.nantes):
            asked: dict[str, Any] = {
                "actor": cast.amelie, "organisation": place,
                "allowed": random.sample(everything, random.randint(1, len(everything))),
            }  # fmt: skip
            effects, is_whole = services.what_if_policy(**asked)
            assert is_whole
            compare(effects, lambda asked=asked: services.set_policy(**asked), keys)
            if random.random() < 0.5:
                services.set_policy(**asked)
        own = Asset.objects.filter(organisation=cast.network).values_list("pk", flat=True)
        sharing: dict[str, Any] = {
            "actor": cast.amelie, "partnership_id": partnership,
            "asset_ids": sorted(own), "ceiling": CAMPAIGNS,
        }  # fmt: skip
        try:
            effects = services.what_if_shared(**sharing)
        except RegieError:
            with pytest.raises(RegieError):
                services.share_assets(**sharing)
        else:
            compare(effects, lambda: services.share_assets(**sharing), sorted(own))


def test_accounts_that_are_alike_are_held_once(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, str(number) * 9) for number in range(1, 7)]
    allowed = selectors.everything() - {"billing.edit"}
    with acting_as(cast.amelie):
        effects, _is_whole = services.what_if_policy(
            actor=cast.amelie, organisation=cast.network, allowed=allowed
        )
        people = {one.user_id for one in accesses_on(keys) if "billing.edit" in one.permissions}
    assert isinstance(effects, Effects)
    assert len(effects) == len(keys) * len(people)
    assert len(effects.held) == len(people)
    assert effects[-1].asset_id == keys[-1]
