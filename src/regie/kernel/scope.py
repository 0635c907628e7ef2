"""What one person may read. Everything that reads figures takes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Part:
    """A campaign or ad group of an account of somebody else, on the days on which it works for one.

    ``level`` is campaign or ad_group; days without bounds are open. ``organisation`` and ``place``
    are whom it works for: its rows are counted as theirs. Of visits, orders, leads and calls the
    ``level`` is traffic: those that name the campaign ``entity``, came from ``source`` and to
    ``location``; "" is not given, and None any. ``beneficiary`` is the key of whom rules name, and
    ``named`` what that is called.
    """

    asset: int
    level: str
    entity: str
    starts: date | None = None
    ends: date | None = None
    organisation: str = ""
    place: str = ""
    source: str | None = None
    location: str | None = None
    beneficiary: str = ""
    named: str = ""


@dataclass(frozen=True)
class Scope:
    """Organisations and assets whose rows may be read; both are closed lists.

    ``assets`` are read whole, of the assets of ``parts`` only these parts. Both come from
    PostgreSQL read under the application role, so that row security stands behind them. An empty
    scope reads nothing.
    """

    organisations: frozenset[int]
    assets: frozenset[int]
    parts: frozenset[Part] = frozenset()

    @classmethod
    def nothing(cls) -> Scope:
        return cls(frozenset(), frozenset())

    @property
    def sources(self) -> frozenset[int]:
        """Every asset of which anything may be read."""
        return self.assets | {part.asset for part in self.parts}
