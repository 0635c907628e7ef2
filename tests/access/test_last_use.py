"""The day on which a role was last used: written by use, once a day, and by nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.services import Given
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.selectors import today_in
from tests.access.given import colleague, linked
from tests.cast import Cast, ask
from tests.web.test_every_page import signed_in


def given(cast: Cast, member: Member, key: int, role: str = "VIEWER") -> int:
    with acting_as(cast.amelie):
        made = services.give_role(
            actor=cast.amelie, asset_id=key, member_id=member.pk, given=Given(role)
        )
    return int(made.pk)


def used_on(grant: int) -> date | None:
    with operating():
        found: date | None = Grant.objects.get(pk=grant).last_used_on
    return found


def only_what_is_given(organisation: Organisation) -> None:
    with operating():
        Organisation.objects.filter(pk=organisation.pk).update(members_see_all=False)


@pytest.fixture
def employee(cast: Cast) -> Member:
    only_what_is_given(cast.network)
    return colleague("Employee", cast.network)


def test_reading_figures_uses_the_roles_that_open_them(cast: Cast, employee: Member) -> None:
    first, second = (linked(cast.amelie, cast.network, key) for key in ("111111111", "222222222"))
    mine = given(cast, employee, first)
    other = given(cast, colleague("Other", cast.network), second)

    assert (used_on(mine), used_on(other)) == (None, None)
    ask(employee.user, "spend")

    assert used_on(mine) == today_in(cast.network)
    assert used_on(other) is None


def test_opening_an_account_uses_the_roles_on_it_and_on_no_other(
    cast: Cast, employee: Member
) -> None:
    first, second = (linked(cast.amelie, cast.network, key) for key in ("111111111", "222222222"))
    here, there = given(cast, employee, first), given(cast, employee, second)

    answer = signed_in(employee.user, "en").get(f"/manager/assets/accounts/{first}/")

    assert answer.status_code == 200
    assert "Last used on" in answer.content.decode()
    assert used_on(here) == today_in(cast.network)
    assert used_on(there) is None


def test_what_others_read_uses_no_role_of_mine(cast: Cast, employee: Member) -> None:
    mine = given(cast, employee, linked(cast.amelie, cast.network, "111111111"))

    ask(cast.amelie, "spend")
    with operating(), connection.cursor() as cursor:
        cursor.execute("SELECT regie_note_use(ARRAY(SELECT id FROM assets_asset), NULL)")

    assert used_on(mine) is None


def test_a_role_is_written_once_a_day(cast: Cast, employee: Member) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    mine = given(cast, employee, key)

    def version_after_opening() -> str:
        signed_in(employee.user).get(f"/manager/assets/accounts/{key}/")
        with operating(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT xmin::text || ctid::text FROM access_grant WHERE id = %s", [mine]
            )
            ((version,),) = cursor.fetchall()
        return str(version)

    first, again = version_after_opening(), version_after_opening()
    with operating():
        Grant.objects.filter(pk=mine).update(
            last_used_on=today_in(cast.network) - timedelta(days=90)
        )
    yesterday = version_after_opening()

    assert first == again
    assert yesterday != again
    assert used_on(mine) == today_in(cast.network)


def test_a_role_that_has_ended_is_used_no_more(cast: Cast, employee: Member) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    mine = given(cast, employee, key)
    with operating():
        Grant.objects.filter(pk=mine).update(ends_on=today_in(cast.network) - timedelta(days=1))

    with acting_as(employee.user):
        services.note_opened(key)

    assert used_on(mine) is None
