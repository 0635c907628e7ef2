"""A permission is one thing that can be done; a role is a named set of them, never a rank."""

from __future__ import annotations

from dataclasses import dataclass, field

VIEW = "figures.view"  # the one permission that all families share: it opens figures
Permissions = frozenset[str]


@dataclass(frozen=True)
class Permission:
    """``code`` is kept in databases and interfaces; ``label`` is translated at the edge."""

    code: str
    label: str


@dataclass(frozen=True)
class Role:
    """``line`` keeps apart roles that are held together, as page and paid-media roles are.

    ``names`` are what platforms call it in their interfaces, ``note`` a fact to know of it.
    """

    code: str
    label: str
    permissions: Permissions
    explanation: str = ""
    line: str = ""
    note: str = ""
    names: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Family:
    """The permissions and roles of one kind of asset.

    ``approving`` is what one must hold to accept a request, ``importing`` to bring figures of
    somebody else's into his books, ``keeper`` the role that never goes without a person; ``source``
    says where the matrix was read.
    """

    name: str
    label: str
    permissions: tuple[Permission, ...]
    roles: tuple[Role, ...]
    approving: str = ""
    importing: str = ""
    keeper: str = ""
    source: str = ""

    @property
    def all(self) -> Permissions:
        return frozenset(one.code for one in self.permissions)


def held_by(table: dict[str, str], column: str) -> Permissions:
    """The codes of a matrix written as ``{code: "columns that have it"}``."""
    return frozenset(code for code, columns in table.items() if column in columns.split())
