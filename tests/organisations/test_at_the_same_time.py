"""What two people do at the same time: real connections, real commits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.organisations import services
from regie.apps.organisations.inviting import digest_of
from regie.apps.organisations.models import Invitation, Member, Organisation, Role
from regie.kernel.errors import RegieError
from tests.cast import Cast, engaged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return engaged()


def together(*acts: Callable[[], object]) -> list[str]:
    """What became of each act: "done" or the code of its refusal."""
    gate = threading.Barrier(len(acts))
    told: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            act()
            told.append("done")
        except RegieError as error:
            told.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(told)


def test_two_administrators_who_remove_one_another_do_not_both_go(cast: Cast) -> None:
    with operating():
        first = Member.objects.get(organisation=cast.network)
        second = Member.objects.create(
            organisation=cast.network, user=cast.bruno, role=Role.ADMINISTRATOR
        )

    def removing(actor: User, member: Member) -> Callable[[], object]:
        def act() -> None:
            with acting_as(actor):
                services.remove_member(actor=actor, member_id=member.pk)

        return act

    told = together(removing(cast.amelie, second), removing(cast.bruno, first))

    # Who waited finds himself no administrator any more, and his own removal done.
    assert told[0] == "done"
    assert told[1] in {"forbidden", "not_found", "refused"}
    with operating():
        left = Member.objects.filter(organisation=cast.network, role=Role.ADMINISTRATOR)
        assert left.count() == 1


def test_two_last_administrators_cannot_both_step_back(cast: Cast) -> None:
    with operating():
        first = Member.objects.get(organisation=cast.network)
        second = Member.objects.create(
            organisation=cast.network, user=cast.bruno, role=Role.ADMINISTRATOR
        )

    def stepping_back(actor: User, member: Member) -> Callable[[], object]:
        def act() -> None:
            with acting_as(actor):
                services.change_member(
                    actor=actor, member_id=member.pk, role=Role.EMPLOYEE, ends_on=None
                )

        return act

    told = together(stepping_back(cast.amelie, first), stepping_back(cast.bruno, second))

    assert told == ["done", "refused"]


def test_raw_statements_at_the_same_time_meet_the_same_wall(cast: Cast) -> None:
    with operating():
        Member.objects.create(organisation=cast.network, user=cast.bruno, role=Role.ADMINISTRATOR)

    def demoting(user: User) -> Callable[[], object]:
        def act() -> None:
            try:
                with operating(), connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE organisations_member SET role = 'employee' "
                        "WHERE user_id = %s AND organisation_id = %s",
                        [user.pk, cast.network.pk],
                    )
            except Exception as error:
                assert "keeps an administrator" in str(error)  # noqa: PT017
                raise RegieError("refused by the database", code="wall") from error

        return act

    assert together(demoting(cast.amelie), demoting(cast.bruno)) == ["done", "wall"]


def test_a_link_that_is_used_twice_at_once_works_once(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.west.pk).update(email_domains=["horizon.example"])
        newcomer = User.objects.create_user("newcomer@horizon.example", name="Newcomer")
        Invitation.objects.create(
            organisation=cast.west, email=newcomer.email, role=Role.EMPLOYEE, language="fr",
            inviter_id=cast.bruno.pk, inviter="Bruno", token_hash=digest_of("token"),
            expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip

    def accepting() -> None:
        with acting_as(newcomer):
            services.accept_invitation(actor=newcomer, token="token")

    assert together(accepting, accepting, accepting) == ["done", "not_found", "not_found"]
    with operating():
        assert Member.objects.filter(user=newcomer).count() == 1
