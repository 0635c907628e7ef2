"""Many people brought, changed or taken out: in as few statements as a handful of them."""

from __future__ import annotations

from collections import Counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.audit.models import AuditLine
from regie.apps.notifications.models import Mail
from regie.apps.organisations import services
from regie.apps.organisations.models import Invitation, Member, Organisation, Role
from regie.apps.organisations.services import Wanted
from tests.cast import Cast


def colleagues(cast: Cast, name: str, count: int) -> list[str]:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
        cast.network.refresh_from_db()
        users = User.objects.bulk_create(
            [User(email=f"{name}-{n}@horizon.example", name=f"{name} {n}") for n in range(count)]
        )
        Member.objects.bulk_create(Member(organisation=cast.network, user=one) for one in users)
    return [one.email for one in users]


def statements(cast: Cast, name: str, count: int) -> list[int]:
    """How many it takes to bring a list of ``count`` members and as many newcomers, to change
    those members again, and to take them out."""
    emails = colleagues(cast, name, count)
    newcomers = [f"new-{one}" for one in emails]
    people = [Wanted(one, Role.EMPLOYEE, None, line) for line, one in enumerate(newcomers)]
    people += [Wanted(one, Role.ADMINISTRATOR, None, count + at) for at, one in enumerate(emails)]
    told = []
    with acting_as(cast.amelie):
        with CaptureQueriesContext(connection) as brought:
            answers = services.bring_people(
                actor=cast.amelie, organisation=cast.network, people=people, language="fr",
                address="https://regie.example",
            )  # fmt: skip
        assert Counter(one.state for one in answers) == {"changed": count, "invited": count}
        assert [one.wanted.line for one in answers] == list(range(2 * count))
        keys = list(Member.objects.filter(user__email__in=emails).values_list("pk", flat=True))
        assert set(Member.objects.filter(pk__in=keys).values_list("role", flat=True)) == {
            Role.ADMINISTRATOR
        }
        told.append(len(brought))
    with operating():
        Member.objects.filter(pk__in=keys).update(role=Role.EMPLOYEE)
        letters = Mail.objects.filter(kind="invitation", to__in=newcomers)
        assert letters.count() == count
        invited = Invitation.objects.filter(mail_id__in=letters.values("pk"))
        assert set(invited.values_list("email", flat=True)) == set(newcomers)
        assert len(set(invited.values_list("token_hash", flat=True))) == count
        changed = AuditLine.objects.filter(action="organisations.member_changed")
        assert {one.details["member"] for one in changed} >= set(emails)
    with acting_as(cast.amelie), CaptureQueriesContext(connection) as again:
        services.change_members(
            actor=cast.amelie, member_ids=keys, role=Role.ADMINISTRATOR, ends_on=None
        )
    with operating():
        Member.objects.filter(pk__in=keys).update(role=Role.EMPLOYEE)
    with acting_as(cast.amelie):
        with CaptureQueriesContext(connection) as out:
            done = services.remove_members(actor=cast.amelie, member_ids=keys)
        assert (len(done.changed), len(done.removed), done.refused) == (count, count, ())
        assert not Member.objects.filter(pk__in=keys, removed_at=None).exists()
    return [*told, len(again), len(out)]


def test_many_people_take_no_more_statements_than_a_few(cast: Cast) -> None:
    assert statements(cast, "few", 2) == statements(cast, "many", 60)


def stepping_down(cast: Cast, name: str, count: int) -> int:
    """How many statements it takes ``count`` administrators to be employees."""
    emails = colleagues(cast, name, count)
    with operating():
        Member.objects.filter(user__email__in=emails).update(role=Role.ADMINISTRATOR)
    with acting_as(cast.amelie):
        keys = list(Member.objects.filter(user__email__in=emails).values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as asked:
            done = services.change_members(
                actor=cast.amelie, member_ids=keys, role=Role.EMPLOYEE, ends_on=None
            )
        assert (len(done.changed), done.refused) == (count, ())
        assert not Member.objects.filter(pk__in=keys, role=Role.ADMINISTRATOR).exists()
    return len(asked)


def test_many_administrators_step_down_in_no_more_statements_than_a_few(cast: Cast) -> None:
    assert stepping_down(cast, "few", 2) == stepping_down(cast, "many", 60)


def test_when_all_administrators_step_down_whoever_asks_for_it_stays(cast: Cast) -> None:
    emails = colleagues(cast, "head", 3)
    with operating():
        Member.objects.filter(user__email__in=emails).update(role=Role.ADMINISTRATOR)
    heads = Member.objects.filter(organisation=cast.network, role=Role.ADMINISTRATOR)
    for act in ("change", "remove"):
        with acting_as(cast.amelie):
            keys = list(heads.order_by("pk").values_list("pk", flat=True))
            if act == "change":
                done = services.change_members(
                    actor=cast.amelie, member_ids=keys, role=Role.EMPLOYEE, ends_on=None
                )
            else:
                done = services.remove_members(actor=cast.amelie, member_ids=keys)
                assert len(done.removed) == 3
            assert [(name, str(why)) for name, why in done.refused] == [
                ("Amélie", "This is the last administrator.")
            ]
            assert [one.user_id for one in heads] == [cast.amelie.pk]
        with operating():
            there = Member.objects.filter(user__email__in=emails, removed_at=None)
            there.update(role=Role.ADMINISTRATOR)


def test_administrators_above_who_empty_a_branch_leave_its_last_one(cast: Cast) -> None:
    """Where nobody above administers, they go one by one."""
    emails = colleagues(cast, "head", 2)
    with operating():
        Member.objects.filter(user__email__in=emails).update(role=Role.ADMINISTRATOR)
        first, second = Member.objects.filter(user__email__in=emails).order_by("pk")
        mine = Member.objects.get(organisation=cast.network, user=cast.amelie)
        User.objects.filter(pk=cast.amelie.pk).update(is_active=False)  # counts for nothing now
    with acting_as(cast.amelie):
        done = services.change_members(
            actor=cast.amelie, member_ids=[mine.pk, first.pk, second.pk], role=Role.EMPLOYEE,
            ends_on=None,
        )  # fmt: skip
    assert set(done.changed) == {str(first.user), "Amélie"}
    assert [name for name, _why in done.refused] == [str(second.user)]


def test_whoever_hands_over_in_one_list_is_followed_whatever_the_order(cast: Cast) -> None:
    (successor,) = colleagues(cast, "successor", 1)
    people = [
        Wanted(cast.amelie.email, Role.EMPLOYEE, None, 1),
        Wanted(successor, Role.ADMINISTRATOR, None, 2),
    ]
    with acting_as(cast.amelie):
        answers = services.bring_people(
            actor=cast.amelie, organisation=cast.network, people=people, language="fr",
            address="https://regie.example",
        )  # fmt: skip
    assert [one.state for one in answers] == ["changed", "changed"]
    with operating():
        here = Member.objects.filter(organisation=cast.network, role=Role.ADMINISTRATOR)
        assert [one.user.email for one in here] == [successor]


def test_of_somebody_who_stands_twice_the_last_line_stays(cast: Cast) -> None:
    (twice,) = colleagues(cast, "twice", 1)
    people = [
        Wanted(twice, Role.ADMINISTRATOR, None, 1), Wanted(twice.upper(), Role.EMPLOYEE, None, 2),
        Wanted(twice, Role.ADMINISTRATOR, None, 3),
    ]  # fmt: skip
    with acting_as(cast.amelie):
        services.bring_people(
            actor=cast.amelie, organisation=cast.network, people=people, language="fr",
            address="https://regie.example",
        )  # fmt: skip
        assert Member.objects.get(user__email=twice).role == Role.ADMINISTRATOR


def test_a_hand_picked_list_of_others_changes_nobody(cast: Cast) -> None:
    """Keys of people of a branch that one does not administer, among one's own."""
    with operating():
        keys = {
            one.user_id: one.pk
            for one in Member.objects.filter(user__in=[cast.amelie, cast.chloe, cast.diane])
        }
    with acting_as(cast.bruno):
        done = services.change_members(
            actor=cast.bruno, member_ids=[*keys.values(), 10**9], role=Role.EMPLOYEE, ends_on=None
        )
    with operating():
        kept = {one.user_id: one.role for one in Member.objects.filter(pk__in=keys.values())}
    assert kept[cast.amelie.pk] == kept[cast.diane.pk] == Role.ADMINISTRATOR
    assert len(done.changed) + len(done.refused) <= 2
