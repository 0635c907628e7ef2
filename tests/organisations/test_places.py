"""What a membership gives: until its last day, while the organisation is open, in the tree."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.organisations import policies, selectors, services
from regie.apps.organisations.models import Member, Organisation, Role
from regie.kernel.errors import Refused
from tests.cast import Cast
from tests.today import today

# At every moment it is another day in the one than in the other.
FIRST_ZONE, LAST_ZONE = "Pacific/Kiritimati", "Pacific/Pago_Pago"


def seen_by(person: User) -> set[str]:
    with acting_as(person):
        return {one.name for one in selectors.visible_organisations()}


def hire(person: User, organisation: Organisation, **fields) -> Member:
    with operating():
        return Member.objects.create(organisation=organisation, user=person, **fields)


@pytest.mark.requirement("BM-18")
def test_a_contractor_is_in_until_the_end_of_his_last_day_where_the_organisation_is(
    cast: Cast,
) -> None:
    last_day = datetime.now(ZoneInfo(LAST_ZONE)).date()
    with operating():
        Organisation.objects.filter(pk=cast.nantes.pk).update(time_zone=FIRST_ZONE)
        Organisation.objects.filter(pk=cast.rennes.pk).update(time_zone=LAST_ZONE)
    members = [
        hire(cast.diane, place, role=Role.CONTRACTOR, ends_on=last_day)
        for place in (cast.nantes, cast.rennes)
    ]

    assert seen_by(cast.diane) == {"Horizon Rennes", "Atelier Diane"}
    with operating():
        found = [Member.objects.select_related("organisation").get(pk=m.pk) for m in members]
        ended = [policies.has_ended(one, now=timezone.now()) for one in found]
    assert ended == [True, False]


def test_a_contractor_always_has_an_end_and_an_administrator_never(cast: Cast) -> None:
    tomorrow = today() + timedelta(days=1)

    for wrong in ({"role": Role.CONTRACTOR}, {"role": Role.ADMINISTRATOR, "ends_on": tomorrow}):
        with pytest.raises(DatabaseError), transaction.atomic():
            hire(cast.diane, cast.nantes, **wrong)


def test_members_see_the_branch_where_the_organisation_lets_them(cast: Cast) -> None:
    hire(cast.diane, cast.west, role=Role.EMPLOYEE)
    assert seen_by(cast.diane) == {
        "Horizon Ouest", "Horizon Nantes", "Horizon Rennes", "Atelier Diane",
    }  # fmt: skip

    with operating():
        Organisation.objects.filter(pk=cast.west.pk).update(members_see_all=False)

    assert seen_by(cast.diane) == {"Horizon Ouest", "Atelier Diane"}
    assert seen_by(cast.bruno) == {"Horizon Ouest", "Horizon Nantes", "Horizon Rennes"}


def test_a_closed_organisation_is_still_seen_from_above_and_by_who_can_open_it(cast: Cast) -> None:
    hire(cast.diane, cast.nantes, role=Role.EMPLOYEE)
    with operating():
        Organisation.objects.filter(pk=cast.nantes.pk).update(closed_at=timezone.now())

    assert "Horizon Nantes" not in seen_by(cast.diane)
    assert "Horizon Nantes" in seen_by(cast.amelie)
    assert seen_by(cast.chloe) == {"Horizon Nantes"}


def test_only_administrators_write_the_tree_and_its_people(cast: Cast) -> None:
    hire(cast.diane, cast.nantes, role=Role.EMPLOYEE)

    with acting_as(cast.diane):
        assert Organisation.objects.filter(pk=cast.nantes.pk).update(name="Mine") == 0
        assert Member.objects.filter(user=cast.diane).exclude(organisation=cast.studio).update(
            role=Role.ADMINISTRATOR
        ) == 0  # fmt: skip
        assert Member.objects.filter(user=cast.chloe).delete()[0] == 0
    with acting_as(cast.bruno):
        below = services.create_organisation(
            actor=cast.bruno, name="Horizon Vannes", slug="vannes", parent=cast.west
        )
        assert below.path == f"{cast.west.path}{below.pk}/"


@pytest.mark.requirement("BM-10", "BM-35")
def test_a_root_has_a_manager_number_and_others_may_open_one(cast: Cast) -> None:
    assert cast.nantes.manager_number is None
    with acting_as(cast.chloe):
        number = services.open_manager(actor=cast.chloe, organisation=cast.nantes)
        assert services.open_manager(actor=cast.chloe, organisation=cast.nantes) == number

    assert len(number) == 12
    assert number.isdecimal()
    assert len({number, cast.network.manager_number, cast.studio.manager_number}) == 3


def test_activity_is_noted_for_the_memberships_that_were_used(cast: Cast) -> None:
    with acting_as(cast.bruno), connection.cursor() as cursor:
        cursor.execute("SELECT regie_note_activity(%s)", [cast.nantes.pk])
        cursor.execute("SELECT regie_note_activity(%s)", [cast.studio.pk])

    with operating():
        noted = set(
            Member.objects.exclude(last_active_on=None).values_list("user__name", flat=True)
        )
    assert noted == {"Bruno"}


def test_a_move_below_itself_is_refused_though_the_page_was_older(cast: Cast) -> None:
    """What was read before somebody else moved it is read again."""
    with operating():
        older = Organisation.objects.get(pk=cast.rennes.pk)
    with acting_as(cast.amelie):
        services.move_organisation(actor=cast.amelie, organisation=cast.rennes, to=cast.nantes)
        with pytest.raises(Refused, match="below itself"):
            services.move_organisation(actor=cast.amelie, organisation=cast.nantes, to=older)
