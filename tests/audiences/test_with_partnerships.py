"""Audiences shared with a partner end with the partnership, and do not come back with the next."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from regie.apps.access import services as access
from regie.apps.access.context import acting_as, operating
from regie.apps.audiences import selectors, services
from regie.apps.audiences.models import AudienceShare
from regie.apps.audit.models import AuditLine
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import NotFound
from tests.audiences.test_audiences import CUSTOMERS, account, made, shared
from tests.cast import Cast


def partnered(owner: Organisation, partner: Organisation) -> int:
    with operating():
        made = access.propose_partnership(
            actor=None, organisation=owner, number=str(partner.manager_number)
        ).pk
        access.accept_partnership(actor=None, partnership_id=made)
    return made


@pytest.mark.requirement("BM-37")
def test_a_new_partnership_begins_without_the_audiences_of_the_one_before(cast: Cast) -> None:
    audience = made(cast)
    partnership = partnered(cast.network, cast.studio)
    within = shared(cast, audience, cast.nantes)
    share = shared(cast, audience, cast.studio)
    place = account(cast.studio, "987654321")
    with acting_as(cast.diane):
        services.use_audience(actor=cast.diane, audience_id=audience, asset_id=place)
    with acting_as(cast.chloe):
        assert selectors.ending_with(partnership) == []
    with acting_as(cast.amelie):
        said = selectors.ending_with(partnership)
        access.end_partnership(actor=cast.amelie, partnership_id=partnership)
    assert [(one.share_id, one.audience, one.recipient, one.accounts) for one in said] == [
        (share, CUSTOMERS.name, cast.studio.name, ["987654321"])
    ]

    again = partnered(cast.network, cast.studio)

    with acting_as(cast.diane), connection.cursor() as cursor:
        assert selectors.received_by(cast.studio) == []
        assert selectors.usable_on(place) == []
        with pytest.raises(NotFound):
            services.use_audience(actor=cast.diane, audience_id=audience, asset_id=place)
        for table in ("audience", "audiencemember", "audienceuse"):
            cursor.execute(f"SELECT count(*) FROM audiences_{table}")
            assert cursor.fetchone() == (0,)
    with acting_as(cast.amelie):
        assert selectors.uses_of(audience) == selectors.ending_with(again) == []
        lines = {line.recipient: line for line in selectors.ledger(cast.network)}
        ended, stands = lines[cast.studio.name], lines[cast.nantes.name]
        assert ended.withdrawn_at is not None
        assert ended.withdrawn_because == "access.partnership_ended"
        assert (stands.withdrawn_at, stands.withdrawn_because) == (None, "")
        (told,) = AuditLine.objects.filter(action="audiences.withdrawn")
        assert (told.actor, told.actor_id) == (str(cast.amelie), cast.amelie.pk)
        assert told.details == {
            "audience": CUSTOMERS.name, "recipient": cast.studio.name,
            "because": "access.partnership_ended",
        }  # fmt: skip
        by = AudienceShare.objects.in_bulk([share, within])
        assert (by[share].withdrawn_by, by[within].withdrawn_by) == (str(cast.amelie), "")


@pytest.mark.requirement("BM-37")
def test_what_another_partnership_carries_ends_with_the_last_of_both(cast: Cast) -> None:
    audience = made(cast)
    one, other = partnered(cast.network, cast.studio), partnered(cast.studio, cast.network)
    share = shared(cast, audience, cast.studio)

    with acting_as(cast.diane):
        assert selectors.ending_with(one) == []
        access.end_partnership(actor=cast.diane, partnership_id=one)
        assert len(selectors.received_by(cast.studio)) == 1
        assert [found.share_id for found in selectors.ending_with(other)] == [share]
    with operating(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_partnership SET state = 'ended' WHERE id = %s", [other])
    partnered(cast.network, cast.studio)

    with acting_as(cast.diane):
        assert selectors.received_by(cast.studio) == []


def test_shares_that_outlived_their_partnership_are_withdrawn_when_tables_are_brought_up(
    cast: Cast,
) -> None:
    migration = import_module("regie.apps.audiences.migrations.0003_end_with_partnership")
    audience = made(cast)
    partnership = partnered(cast.network, cast.studio)
    within, outlived = shared(cast, audience, cast.nantes), shared(cast, audience, cast.studio)
    with operating():
        access.end_partnership(actor=None, partnership_id=partnership)
        AudienceShare.objects.filter(pk=outlived).update(withdrawn_at=None, withdrawn_because="")
    partnered(cast.network, cast.studio)
    with acting_as(cast.diane):
        assert len(selectors.received_by(cast.studio)) == 1

    with operating(), connection.cursor() as cursor:
        cursor.execute(migration.ENDED_BEFORE)

    with acting_as(cast.diane):
        assert selectors.received_by(cast.studio) == []
    later = shared(cast, audience, cast.studio)
    with operating(), connection.cursor() as cursor:
        cursor.execute(migration.ENDED_BEFORE)
        live = AudienceShare.objects.filter(withdrawn_at=None)
        assert set(live.values_list("pk", flat=True)) == {within, later}
