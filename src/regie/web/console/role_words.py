"""Sets of permissions in the reader's words: what they mean on the platforms, and their boxes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.permissions.catalog import families, label_of
from regie.domain.permissions.definitions import VIEW, Permissions
from regie.domain.permissions.managers import LABELS as MANAGER_LABELS
from regie.domain.permissions.managers import MANAGER_ROLES
from regie.domain.permissions.role_map import meanings_of
from regie.web.console.asset_words import PLATFORMS, permission_words


def elsewhere(family_name: str, permissions: Permissions) -> list[dict[str, Any]]:
    """The nearest role of each platform, and what it gives less and more."""
    return [
        {
            "platform": PLATFORMS[meaning.platform],
            "name": meaning.name,
            "less": permission_words(family_name, meaning.less),
            "more": permission_words(family_name, meaning.more),
        }
        for meaning in meanings_of(family_name, permissions)
    ]


def common_word(code: str) -> str:
    """Of a permission that several kinds of assets share."""
    return {VIEW: _("View figures"), "access.manage": _("Say who works on it")}.get(code, code)


def manager_map() -> dict[str, Any]:
    """What an administrator, an employee and a contractor may do with the manager itself."""
    return {
        "roles": [_(one.label) for one in MANAGER_ROLES],
        "lines": [
            {"label": _(label), "holds": [code in one.permissions for one in MANAGER_ROLES]}
            for code, label in MANAGER_LABELS.items()
        ],
    }


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """All permissions as (heading, [(code, words)]): first those that are the same everywhere."""
    found = families()
    kinds_of: dict[str, list[str]] = {}
    for name, family in found.items():
        for one in family.permissions:
            kinds_of.setdefault(one.code, []).append(name)
    common = [code for code, kinds in kinds_of.items() if len(kinds) > 1]
    headed = [(_("Everywhere"), [(code, common_word(code)) for code in common])]
    for name, family in found.items():
        own = [one.code for one in family.permissions if kinds_of[one.code] == [name]]
        headed.append((_(family.label), [(code, _(label_of(name, code))) for code in own]))
    return [(heading, rows) for heading, rows in headed if rows]


def all_words(codes: Iterable[str]) -> list[str]:
    """Of codes of any kind, in the order of ``groups``."""
    asked = set(codes)
    return [words for _heading, rows in groups() for code, words in rows if code in asked]
