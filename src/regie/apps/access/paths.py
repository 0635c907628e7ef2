"""By which paths a person comes to an asset, and what they give together.

This is the one place that works out permissions in Python: what was assigned, under the ceiling
of the share, within the rules of the owner and of those above it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from regie.apps.organisations.models import Organisation
from regie.domain.permissions import order
from regie.domain.permissions.definitions import Permissions


class Path(NamedTuple):
    """``way`` is administrator, member, grant or share.

    ``assigned`` and ``ceiling`` are None where they leave nothing out; ``rules`` are what the
    owner and the organisations above it allow at all.
    """

    asset_id: int
    user_id: int
    person: str
    email: str
    organisation_id: int
    organisation: str
    way: str
    grant_id: int | None
    share_id: int | None
    partner_id: int | None
    role: str
    assigned: Permissions | None
    ceiling: Permissions | None
    rules: tuple[Permissions, ...]
    ends_on: date | None

    def gives(self, everything: Permissions) -> Permissions:
        """What the path gives on an asset whose family knows ``everything``."""
        return given(everything, self.assigned, self.ceiling, self.rules)


def given(
    everything: Permissions,
    assigned: Permissions | None,
    ceiling: Permissions | None,
    rules: Iterable[Permissions],
) -> Permissions:
    held = everything if assigned is None else assigned
    held = order.allowed(held, everything if ceiling is None else ceiling, order.NOTHING)
    for rule in rules:
        held = order.allowed(held, held, rule)
    return held & everything


_COLUMNS = ", ".join(
    {"role": "coalesce(role, '')", "rules": "rules::text"}.get(name, name) for name in Path._fields
)
_ASSIGNED = Path._fields.index("assigned")  # what comes before and after is as the database says


def paths_to(asset_ids: Sequence[int], *, user_id: int | None = None) -> list[Path]:
    """Everybody's paths, as far as the current context may know them; or those of one person."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} "
            f"FROM regie_paths(%s::bigint[]{', %s::bigint' if user_id is not None else ''}) "
            "ORDER BY asset_id, person, user_id, way, organisation_id, grant_id",
            [list(asset_ids), *([user_id] if user_id is not None else [])],
        )
        return [_path(row) for row in cursor.fetchall()]


def _path(row: Sequence[Any]) -> Path:
    assigned, ceiling, rules, ends_on = row[_ASSIGNED:]
    return Path._make([*row[:_ASSIGNED], _set(assigned), _set(ceiling), rules_of(rules), ends_on])


def _set(codes: Sequence[str] | None) -> Permissions | None:
    return None if codes is None else _held(tuple(codes))


@lru_cache(maxsize=1_000)
def _held(codes: tuple[str, ...]) -> Permissions:
    """Thousands of people hold a handful of sets: one of each is enough."""
    return frozenset(codes)


def rules_of(text: str | None) -> tuple[Permissions, ...]:
    return tuple(frozenset(rule) for rule in json.loads(text)) if text else ()


def rules_over(organisation: Organisation) -> list[Permissions]:
    """What it and those above allow at all, as far as one reads the whole of it.

    The database knows the rules from above for whoever does not see them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rules::text FROM regie_read_whole(%s)", [[organisation.pk]])
        return [one for (text,) in cursor.fetchall() for one in rules_of(text)]
