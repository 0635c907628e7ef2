"""Fixtures for every test, wherever pytest is started."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.browser", "tests.cast", "tests.installation"]


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database exists already: ``tests.environment`` has made it."""
