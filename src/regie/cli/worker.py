"""Placeholder while this command is being written."""

from typing import Any


def add_to(commands: Any) -> None:
    return
