"""What the tests of a module share: made once, while each of them undoes only what it did itself.

A transaction lies around the module, and each test is a savepoint in it, as Django's
``setUpTestData`` does for a class. A module whose tests commit has no use for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection, transaction

Lasting = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker) -> Iterator[Lasting]:
    """Opens the database to a fixture of the module; what is made inside lasts as long as it."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()

    @contextmanager
    def opened() -> Iterator[None]:
        with django_db_blocker.unblock():
            yield
            connection.check_constraints()  # once, and not again in each test

    yield opened
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
