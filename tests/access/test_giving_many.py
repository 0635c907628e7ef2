"""One role for several people on several accounts: tried, given pair by pair, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.selectors import permissions_on
from regie.apps.audit.models import AuditLine
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


def test_more_than_can_be_done_at_once_is_refused_whole(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regie.apps.access.giving_many.MOST_AT_ONCE", 3)
    keys = [linked(cast.amelie, cast.network, f"11111111{n}") for n in range(2)]
    people = [colleague(f"Colleague {n} of Amélie", cast.network) for n in range(2)]
    with acting_as(cast.amelie), pytest.raises(Refused, match="At most 3"):
        services.give_roles(
            actor=cast.amelie, asset_ids=keys, member_ids=[one.pk for one in people],
            given=CAMPAIGN_MANAGER,
        )  # fmt: skip
    with operating():
        assert not Grant.objects.filter(role="CAMPAIGN_MANAGER").exists()


def statements(cast: Cast, name: str, keys: list[int]) -> list[int]:
    """How many it takes to try, give, give again and take back a role on ``keys``."""
    asked = {
        "asset_ids": keys, "member_ids": [colleague(name, cast.network).pk],
        "given": CAMPAIGN_MANAGER,
    }  # fmt: skip
    with acting_as(cast.amelie):
        with CaptureQueriesContext(connection) as tried:
            services.what_if_given(actor=cast.amelie, **asked)
        with CaptureQueriesContext(connection) as given:
            done = services.give_roles(actor=cast.amelie, **asked)
        with CaptureQueriesContext(connection) as again:
            services.give_roles(actor=cast.amelie, **asked)
        with CaptureQueriesContext(connection) as back:
            assert services.take_roles_back(actor=cast.amelie, given=done.done) == len(keys)
    return [len(one) for one in (tried, given, again, back)]


@pytest.mark.requirement("BM-1", "BM-5")
def test_a_role_on_many_accounts_takes_no_more_statements_than_on_a_few(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"1111111{n:02}") for n in range(40)]
    assert statements(cast, "Few", keys[:2]) == statements(cast, "Many", keys)
    with operating():
        lines = AuditLine.objects.filter(action="access.granted", details__person="Many")
        assert {one.details["asset_id"] for one in lines} == set(keys)
        assert AuditLine.objects.filter(action="access.withdrawn").count() == 42


def test_whoever_manages_access_gives_many_up_to_what_he_holds_on_each(cast: Cast) -> None:
    low, high = (linked(cast.amelie, cast.network, f"11111111{n}") for n in range(2))
    manager = colleague("Manager of Amélie", cast.network)
    one = colleague("Colleague of Amélie", cast.network)
    with acting_as(cast.amelie):
        services.give_role(actor=cast.amelie, asset_id=high, member_id=manager.pk,
                           given=services.Given("ACCOUNT_MANAGER"))  # fmt: skip
    with acting_as(manager.user):
        done = services.give_roles(
            actor=manager.user, asset_ids=[low, high], member_ids=[one.pk], given=CAMPAIGN_MANAGER
        )
    assert [str(refused.problem) for refused in done.refused] == ["You may not give roles here."]
    with operating():
        assert [Grant.objects.get(pk=given.grant_id).asset_id for given in done.done] == [high]


def test_of_billing_admins_who_end_together_the_last_one_stays(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    second = colleague("Second", cast.network)
    soon = clock.today() + timedelta(days=5)
    billing = services.Given("ACCOUNT_BILLING_ADMIN")
    with acting_as(cast.amelie):
        services.give_role(actor=cast.amelie, asset_id=key, member_id=second.pk, given=billing)
        held = Grant.objects.filter(asset_id=key, role="ACCOUNT_BILLING_ADMIN")
        members = list(held.values_list("member_id", flat=True))
        done = services.give_roles(
            actor=cast.amelie, asset_ids=[key], member_ids=members, given=billing, ends_on=soon
        )
        assert [str(one.problem) for one in done.refused] == [
            "This is the account’s last billing admin."
        ]
        assert held.filter(ends_on=None).count() == 1


def test_the_owner_hears_of_every_role_that_a_partner_gave_together(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"11111111{n}") for n in range(2)]
    partnership = partners(cast)
    for key in keys:
        shared(cast, partnership, key, CAMPAIGNS)
    one = colleague("Colleague of Diane", cast.studio)
    with acting_as(cast.diane):
        services.give_roles(
            actor=cast.diane, asset_ids=keys, member_ids=[one.pk], given=CAMPAIGN_MANAGER
        )
    with operating():
        lines = AuditLine.objects.filter(action="access.granted", organisation_id=cast.network.pk)
        assert {one.details["asset_id"] for one in lines} == set(keys)


def test_others_give_nothing_to_anybody(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network)
    for person in (cast.diane, cast.chloe):
        with acting_as(person):
            done = services.give_roles(
                actor=person, asset_ids=[key], member_ids=[one.pk], given=CAMPAIGN_MANAGER
            )
        assert done == services.GivenMany((), ())
