"""Two who keep accounts, and leave at the same moment: real connections, real commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import DatabaseError, connections

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.services import Given
from regie.apps.accounts.models import User
from regie.kernel.errors import RegieError
from tests.access.given import colleague, linked
from tests.access.test_keepers import BILLING, NUMBERS, kept_by, settle
from tests.cast import PASSWORD, Cast, engaged


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return engaged()


@contextmanager
def closed_after() -> Iterator[None]:
    try:
        yield
    finally:
        connections.close_all()


def at_once(act: Callable[[Any], None], given: Iterable[Any]) -> None:
    """``act`` for each, at the same time, until all are done."""
    threads = [threading.Thread(target=act, args=(one,)) for one in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_withdraw_one_another_leave_a_third(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, NUMBERS[0])
    second = colleague("Second", cast.network)
    with acting_as(cast.amelie):
        other = services.give_role(
            actor=cast.amelie, asset_id=key, member_id=second.pk, given=Given(BILLING)
        )
    with operating():
        first = Grant.objects.get(asset_id=key, user=cast.amelie)
        User.objects.create_user("third@horizon.example", PASSWORD, name="Third")
    gate, faults = threading.Barrier(2), list[BaseException]()

    def withdraw(grant_id: int) -> None:
        with closed_after():
            try:
                with acting_as(cast.amelie):
                    services.withdraw_role(actor=cast.amelie, grant_id=grant_id)
                    gate.wait(20)  # both have looked, and neither has committed
            except (RegieError, DatabaseError, threading.BrokenBarrierError) as error:
                faults.append(error)

    at_once(withdraw, (first.pk, other.pk))

    assert not faults
    with operating():
        assert kept_by(key) == {cast.amelie.email}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_leave_accounts_of_two_trees_wait_for_one_another(cast: Cast) -> None:
    """Each leaves first the tree in which the other leaves last."""
    second = colleague("Colleague of Amélie", cast.network)
    other = colleague("Colleague of Diane", cast.studio)
    keys = [linked(cast.amelie, cast.network, NUMBERS[0]),
            linked(cast.diane, cast.studio, NUMBERS[1])]  # fmt: skip
    with operating():
        for key, member in zip(keys, (second, other), strict=True):
            services.give_role(actor=None, asset_id=key, member_id=member.pk, given=Given(BILLING))
        leaving = [
            [Grant.objects.get(asset_id=key, user=user) for key, user in pairs]
            for pairs in (
                ((keys[0], cast.amelie), (keys[1], cast.diane)),
                ((keys[1], other.user), (keys[0], second.user)),
            )
        ]
    gate, faults = threading.Barrier(2), list[BaseException]()

    def leave(grants: list[Grant]) -> None:
        first, last = grants
        with closed_after():
            try:
                with operating():
                    first.delete()
                    settle()
                    with suppress(threading.BrokenBarrierError):  # the other waits for this one
                        gate.wait(3)
                    last.delete()
                    settle()
            except DatabaseError as error:
                faults.append(error)

    at_once(leave, leaving)

    assert not faults
    with operating():
        assert [kept_by(key) for key in keys] == [{cast.amelie.email}, {cast.diane.email}]
