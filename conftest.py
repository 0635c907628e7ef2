"""Fixtures for every test, wherever pytest is started."""

pytest_plugins = ["tests.browser"]
