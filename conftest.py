"""Fixtures for every test, wherever pytest is started."""

from __future__ import annotations

import pytest

pytest_plugins = [
    "tests.browser", "tests.lasting", "tests.cast", "tests.installation", "tests.postbox",
]  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """A million rounds for each person of the cast protect nobody here."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database exists already: ``tests.environment`` has made it."""
