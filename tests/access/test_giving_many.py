"""One role for several people on several accounts: tried, given pair by pair, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.selectors import permissions_on
from regie.kernel import clock
from regie.kernel.errors import Refused
from tests.access.given import CAMPAIGNS, CREATIVE, colleague, linked, partners, shared
from tests.cast import Cast

CAMPAIGN_MANAGER = services.Given("CAMPAIGN_MANAGER")


def test_each_pair_is_tried_given_and_taken_back(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"11111111{n}") for n in range(3)]
    people = [colleague(f"Colleague {n} of Amélie", cast.network) for n in range(2)]
    asked = {
        "asset_ids": keys, "member_ids": [one.pk for one in people], "given": CAMPAIGN_MANAGER,
    }  # fmt: skip
    with acting_as(cast.amelie):
        effects, tried = services.what_if_given(actor=cast.amelie, **asked)
        assert len(effects) == len(tried.done) == 6
        assert not Grant.objects.filter(role="CAMPAIGN_MANAGER").exists()
        done = services.give_roles(actor=cast.amelie, **asked)
        assert (len(done.done), done.refused) == (6, ())
        assert all(permissions_on(one.user, key) >= CAMPAIGNS for one in people for key in keys)
        assert services.take_roles_back(actor=cast.amelie, given=done.done) == 6
        assert not Grant.objects.filter(role="CAMPAIGN_MANAGER").exists()


def test_what_was_held_before_comes_back_with_its_own_end(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network)
    soon, later = (clock.today() + timedelta(days=days) for days in (5, 50))
    asked = {"asset_ids": [key], "member_ids": [one.pk], "given": CAMPAIGN_MANAGER}
    with acting_as(cast.amelie):
        services.give_roles(actor=cast.amelie, ends_on=soon, **asked)
        done = services.give_roles(actor=cast.amelie, ends_on=later, **asked)
        assert Grant.objects.get(role="CAMPAIGN_MANAGER").ends_on == later
        services.take_roles_back(actor=cast.amelie, given=done.done)
        assert Grant.objects.get(role="CAMPAIGN_MANAGER").ends_on == soon


def test_what_a_ceiling_leaves_out_is_refused_and_the_rest_is_given(cast: Cast) -> None:
    low, high = (linked(cast.amelie, cast.network, f"11111111{n}") for n in range(2))
    partnership = partners(cast)
    shared(cast, partnership, low, CREATIVE)
    shared(cast, partnership, high, CAMPAIGNS)
    one = colleague("Colleague of Diane", cast.studio)
    with acting_as(cast.diane):
        done = services.give_roles(
            actor=cast.diane, asset_ids=[low, high], member_ids=[one.pk], given=CAMPAIGN_MANAGER
        )
    (refused,) = done.refused
    assert refused.person == "Colleague of Diane"
    assert "leaves out" in str(refused.problem)
    with operating():
        assert Grant.objects.get(pk=done.done[0].grant_id).asset_id == high


def test_more_than_can_be_done_at_once_is_refused_whole(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"1111111{n:02}") for n in range(26)]
    people = [colleague(f"Colleague {n} of Amélie", cast.network) for n in range(20)]
    with acting_as(cast.amelie), pytest.raises(Refused, match="At most 500"):
        services.give_roles(
            actor=cast.amelie, asset_ids=keys, member_ids=[one.pk for one in people],
            given=CAMPAIGN_MANAGER,
        )  # fmt: skip


def test_others_give_nothing_to_anybody(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network)
    for person in (cast.diane, cast.chloe):
        with acting_as(person):
            done = services.give_roles(
                actor=person, asset_ids=[key], member_ids=[one.pk], given=CAMPAIGN_MANAGER
            )
        assert done == services.GivenMany((), ())
