"""Never without an administrator: the database refuses it, whoever asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations.models import Member, Organisation, Role
from tests.cast import PASSWORD, Cast


def settle() -> None:
    """What the database checks at the end of a transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused_by_the_database(act) -> None:
    def both() -> None:
        with transaction.atomic():
            with operating():
                act()
            settle()

    with pytest.raises(DatabaseError, match="keeps an administrator"):
        both()


def test_the_last_administrator_is_neither_removed_nor_demoted_nor_stopped(cast: Cast) -> None:
    last = Member.objects.filter(organisation=cast.network, user=cast.amelie)

    refused_by_the_database(lambda: last.delete())
    refused_by_the_database(lambda: last.update(role=Role.EMPLOYEE))
    refused_by_the_database(lambda: last.update(user_id=_somebody("Newcomer", is_active=False).pk))
    refused_by_the_database(lambda: User.objects.filter(pk=cast.amelie.pk).update(is_active=False))


def test_one_of_two_may_go_and_those_above_count(cast: Cast) -> None:
    with operating():
        second = _somebody("Newcomer")
        Member.objects.create(organisation=cast.network, user=second, role=Role.ADMINISTRATOR)
        Member.objects.filter(organisation=cast.network, user=cast.amelie).delete()
        Member.objects.filter(organisation=cast.nantes, user=cast.chloe).delete()
    settle()


def test_a_branch_is_not_cut_from_its_only_administrators(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.nantes.pk).update(parent=None)
    settle()
    rennes = Organisation.objects.filter(pk=cast.rennes.pk)

    refused_by_the_database(lambda: rennes.update(parent=None))


def _somebody(name: str, **fields) -> User:
    return User.objects.create_user(
        f"{name.lower()}@horizon.example", PASSWORD, name=name, **fields
    )
