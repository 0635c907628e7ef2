"""Many accounts detached together: who loses what is told and noted, in a few statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant, Share
from regie.apps.assets.models import Asset
from regie.apps.audit.models import AuditLine
from tests.access.given import CREATIVE, colleague, linked, partners, shared
from tests.cast import Cast

CREATIVE_MANAGER = services.Given("CREATIVE_MANAGER")


def statements(cast: Cast, keys: list[int]) -> list[int]:
    """How many it takes to try it and to do it."""
    with acting_as(cast.amelie):
        with CaptureQueriesContext(connection) as tried:
            services.what_if_all_detached(actor=cast.amelie, asset_ids=keys)
        assert Asset.objects.filter(pk__in=keys, status="linked").count() == len(keys)
        with CaptureQueriesContext(connection) as done:
            assert services.detach_assets(actor=cast.amelie, asset_ids=keys).done == len(keys)
        assert not Asset.objects.filter(pk__in=keys, status="linked").exists()
    return [len(tried), len(done)]


@pytest.mark.requirement("BM-8")
def test_many_accounts_go_in_no_more_statements_than_a_few(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"1111111{n:02}") for n in range(40)]
    assert statements(cast, keys[:2]) == statements(cast, keys[2:])
    with operating():
        lines = AuditLine.objects.filter(action="assets.detached")
        assert {one.details["asset_id"] for one in lines} == set(keys)


@pytest.mark.requirement("BM-8")
def test_what_partners_lose_by_it_is_told_before_and_noted_after(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"11111111{n}") for n in range(3)]
    partnership = partners(cast)
    for key in keys[:2]:
        shared(cast, partnership, key, CREATIVE)
    ana = colleague("Colleague of Diane", cast.studio)
    with acting_as(cast.diane):
        services.give_role(actor=cast.diane, asset_id=keys[0], member_id=ana.pk,
                           given=CREATIVE_MANAGER)  # fmt: skip
    expected = {
        (cast.diane.pk, keys[0]), (cast.diane.pk, keys[1]), (ana.user_id, keys[0])
    }  # fmt: skip
    with acting_as(cast.amelie):
        effects, tried = services.what_if_all_detached(actor=cast.amelie, asset_ids=keys)
        assert {(one.user_id, one.asset_id) for one in effects} == expected
        assert all(one.lost and not one.gained for one in effects)
        assert (tried.done, Share.objects.count()) == (3, 2)
        services.detach_assets(actor=cast.amelie, asset_ids=keys)
    with operating():
        assert not Share.objects.exists()
        assert not Grant.objects.filter(asset_id__in=keys).exists()
        lines = AuditLine.objects.filter(action="access.changed")
        assert {(one.details["person_id"], one.details["asset_id"]) for one in lines} == expected


def test_what_was_only_shared_is_not_let_go_by_its_guest(cast: Cast) -> None:
    own = linked(cast.diane, cast.studio, "999999999", "Own")
    key = linked(cast.amelie, cast.network, "111111111", "Client")
    shared(cast, partners(cast), key, CREATIVE)
    with acting_as(cast.diane):
        done = services.detach_assets(actor=cast.diane, asset_ids=[own, key])
    assert (done.done, [name for name, _why in done.refused]) == (1, ["Client"])
    with operating():
        assert Asset.objects.get(pk=key).status == "linked"
        assert Share.objects.count() == 1
