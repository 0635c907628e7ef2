"""Fixtures for every test, wherever pytest is started."""

from __future__ import annotations

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.browser", "tests.lasting", "tests.cast", "tests.installation", "tests.postbox",
]  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """The same examples at each run, so that a run says the same of the same code twice.

    The long tests draw new ones each time, and ``--hypothesis-seed`` or ``--hypothesis-profile``
    asks any test for others.
    """
    asked = config.getoption("hypothesis_profile") or config.getoption("hypothesis_seed")
    if config.getoption("markexpr") != "long" and not asked:
        settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """A million rounds for each person of the cast protect nobody here."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database exists already: ``tests.environment`` has made it."""
