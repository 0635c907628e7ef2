"""What one person may read. Everything that reads figures takes one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Organisations and assets whose rows may be read; both are closed lists.

    ``assets`` comes from PostgreSQL read under the application role, so that row security
    stands behind it. An empty scope reads nothing.
    """

    organisations: frozenset[int]
    assets: frozenset[int]

    @classmethod
    def nothing(cls) -> Scope:
        return cls(frozenset(), frozenset())
