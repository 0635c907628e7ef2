"""Partners: both are managers, nothing is shared by itself, ceilings hold at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant, Share
from regie.apps.access.selectors import permissions_on, why
from regie.apps.audit.models import AuditLine
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.services import create_organisation
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, Refused
from tests.access.given import (
    CAMPAIGNS,
    CREATIVE,
    VIEWER,
    colleague,
    figures_of,
    linked,
    partners,
    rows_of,
    shared,
)
from tests.cast import Cast


@pytest.mark.requirement("BM-37")
def test_a_new_partnership_shares_nothing_and_then_exactly_what_was_chosen(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"1111111{number:02}") for number in range(40)]
    partnership = partners(cast)

    assert figures_of(cast.diane) == rows_of(cast.diane) == set()
    shared(cast, partnership, keys[7], VIEWER)

    assert figures_of(cast.diane) == rows_of(cast.diane) == {keys[7]}
    assert figures_of(cast.chloe) == rows_of(cast.chloe) == set()


@pytest.mark.requirement("BM-40", "BM-41")
def test_a_ceiling_is_raised_and_lowered_at_once(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    share = shared(cast, partners(cast), key, CREATIVE)
    ana = colleague("Colleague of Diane", cast.studio)

    def give(code: str) -> Grant:
        with acting_as(cast.diane):
            return services.give_role(
                actor=cast.diane, asset_id=key, member_id=ana.pk, given=services.Given(code)
            )

    with pytest.raises(Refused, match="leaves out: Create campaigns; Edit campaigns"):
        give("CAMPAIGN_MANAGER")
    with acting_as(cast.amelie):
        services.set_ceiling(actor=cast.amelie, share_id=share.pk, ceiling=CAMPAIGNS)
    give("CAMPAIGN_MANAGER")
    with acting_as(ana.user):
        assert permissions_on(ana.user, key) == CAMPAIGNS
    with acting_as(cast.amelie):
        expected = services.what_if_ceiling(actor=cast.amelie, share_id=share.pk, ceiling=VIEWER)
        done = services.set_ceiling(actor=cast.amelie, share_id=share.pk, ceiling=VIEWER)
        lines = AuditLine.objects.filter(
            action="access.changed", details__because="access.ceiling_set"
        )

        assert expected == done
        assert {one.person for one in done} == {"Diane", "Colleague of Diane"}
        lowered = [line for line in lines if line.details["lost"]]
        assert sorted(line.details["person"] for line in lowered) == [
            "Colleague of Diane", "Diane",
        ]  # fmt: skip
    with acting_as(ana.user):
        assert permissions_on(ana.user, key) == VIEWER


def test_a_partner_reads_the_story_in_his_own_journal(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    shared(cast, partners(cast), key, VIEWER)

    with acting_as(cast.diane):
        lines = AuditLine.objects.filter(organisation_id=cast.studio.pk)
        told = {line.action for line in lines}

    assert {"access.partnership_received", "access.partnership_accepted", "access.shared"} <= told


@pytest.mark.requirement("BM-36")
def test_only_administrators_propose_share_and_end(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    partnership = partners(cast)
    number = str(cast.studio.manager_number)
    for role in (Role.EMPLOYEE, Role.CONTRACTOR):
        member = _member(cast.network, role)
        with acting_as(member.user):
            with pytest.raises(Forbidden):
                services.propose_partnership(
                    actor=member.user, organisation=cast.network, number=number
                )
            with pytest.raises(NotFound):
                services.share_assets(
                    actor=member.user, partnership_id=partnership.pk, asset_ids=[key],
                    ceiling=VIEWER,
                )  # fmt: skip
            with pytest.raises(NotFound):
                services.end_partnership(actor=member.user, partnership_id=partnership.pk)


def _member(organisation: Organisation, role: str) -> Member:
    member = colleague(f"Some {role}", organisation)
    if role != Role.EMPLOYEE:
        with operating():
            Member.objects.filter(pk=member.pk).update(
                role=role, ends_on=clock.today() + timedelta(days=9)
            )
    return member


def test_a_partner_never_passes_on_what_was_shared_with_him(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    partnership = partners(cast)
    shared(cast, partnership, key, CAMPAIGNS)
    with operating():
        third = _manager("Third", "third")
    with acting_as(cast.diane):
        onward = services.propose_partnership(
            actor=cast.diane, organisation=cast.studio, number=str(third.manager_number)
        )
    with operating():
        services.accept_partnership(actor=None, partnership_id=onward.pk)

    with acting_as(cast.diane), pytest.raises(NotFound):
        services.share_assets(
            actor=cast.diane, partnership_id=onward.pk, asset_ids=[key], ceiling=VIEWER
        )
    for owner in (cast.studio, cast.network):
        with acting_as(cast.diane), pytest.raises(DatabaseError):
            by_hand(onward.pk, key, owner.pk, third.pk)


def by_hand(partnership: int, key: int, owner: int, partner: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_share (partnership_id, asset_id, owner_id, partner_id, ceiling, "
            "shared_at, shared_by) VALUES (%s, %s, %s, %s, '{figures.view}', now(), '')",
            [partnership, key, owner, partner],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _manager(name: str, slug: str) -> Organisation:
    return create_organisation(actor=None, name=name, slug=slug)


@pytest.mark.requirement("BM-34", "BM-38")
def test_both_sides_are_managers_and_the_other_side_accepts(cast: Cast) -> None:
    with acting_as(cast.chloe), pytest.raises(Refused, match="no manager number"):
        services.propose_partnership(
            actor=cast.chloe, organisation=cast.nantes, number=str(cast.studio.manager_number)
        )
    with acting_as(cast.amelie):
        with pytest.raises(NotFound):
            services.propose_partnership(
                actor=cast.amelie, organisation=cast.network, number="999999999999"
            )
        proposed = services.propose_partnership(
            actor=cast.amelie, organisation=cast.network, number=str(cast.studio.manager_number)
        )
        with pytest.raises(NotFound):
            services.accept_partnership(actor=cast.amelie, partnership_id=proposed.pk)
        proposed.state = "active"
        with pytest.raises(DatabaseError, match="accepted by the other side"), transaction.atomic():
            proposed.save()
        key = linked(cast.amelie, cast.network, "111111111")
        with pytest.raises(Refused, match="not active"):
            services.share_assets(
                actor=cast.amelie, partnership_id=proposed.pk, asset_ids=[key], ceiling=VIEWER
            )


def test_ending_a_partnership_ends_every_access_and_says_so_beforehand(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    partnership = partners(cast)
    shared(cast, partnership, key, VIEWER)
    ana = colleague("Colleague of Diane", cast.studio)
    with acting_as(cast.diane):
        services.give_role(
            actor=cast.diane, asset_id=key, member_id=ana.pk, given=services.Given("VIEWER")
        )
    assert figures_of(ana.user) == {key}

    with acting_as(cast.amelie):
        said = services.what_ends(actor=cast.amelie, partnership_id=partnership.pk)
        assert Share.objects.count() == 1
        done = services.end_partnership(actor=cast.amelie, partnership_id=partnership.pk)

    assert said == done
    assert {one.person: one.lost for one in done} == {
        "Diane": VIEWER, "Colleague of Diane": VIEWER,
    }  # fmt: skip
    assert figures_of(ana.user) == rows_of(ana.user) == rows_of(cast.diane) == set()


def test_why_shows_the_path_and_only_to_those_concerned(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    shared(cast, partners(cast), key, CREATIVE)
    with acting_as(cast.amelie):
        found = why(cast.diane, key)
    with acting_as(cast.diane):
        of_another = why(cast.amelie, key)
    with acting_as(cast.chloe):
        from_outside = why(cast.diane, key)

    assert found is not None
    assert [(path.way, path.ceiling) for path in found.paths] == [("share", CREATIVE)]
    assert found.permissions == CREATIVE
    assert of_another is None
    assert from_outside is None


def test_the_policy_of_the_owner_holds_for_everybody(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    shared(cast, partners(cast), key, CREATIVE)
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(policy=["ads.edit"])

    with acting_as(cast.diane):
        assert permissions_on(cast.diane, key) == {"ads.edit"}
    assert figures_of(cast.diane) == set()
    assert rows_of(cast.diane) == {key}
