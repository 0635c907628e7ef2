"""Accounts as files name them, and the book in which the application finds or creates them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class FoundAccount:
    """An account named by a file; ``ref`` is its id, ``name:…`` or "" (unnamed)."""

    platform: str
    ref: str
    name: str = ""
    currency: str = ""
    time_zone: str = ""


@dataclass(frozen=True)
class KnownAccount:
    """``owner_id`` is the organisation in whose books its figures stand, where it isn't the one
    that brings the file in."""

    key: int
    currency: str
    owner_id: int | None = None


class AccountBook(Protocol):
    """Finds or creates the asset of each account."""

    def resolve(self, accounts: Sequence[FoundAccount]) -> dict[str, KnownAccount]:
        """``ref`` to key and currency, for each of ``accounts``."""
        ...
