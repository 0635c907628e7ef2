"""Roles, permissions, paths and effects in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from regie.apps.access.selectors import Access, Effect, GrantCard, Path
from regie.domain.permissions.catalog import family, label_of
from regie.domain.permissions.definitions import Permissions
from regie.domain.permissions.order import name_of
from regie.domain.permissions.role_map import meanings

PLATFORMS = {"linkedin": "LinkedIn", "meta": "Meta", "google": "Google"}


# Of these kinds of organisations the owner of an account should rather be the client.
AGENCIES = {"agency", "freelance"}


def is_agencys(owner_kind: str, *, is_own: bool, is_shared: bool) -> bool:
    """An agency owns what a client works on: if they part, the account stays with the agency."""
    return owner_kind in AGENCIES and (not is_own or is_shared)


def permission_words(family_name: str, permissions: Iterable[str]) -> list[str]:
    """In the order of the matrix."""
    held = set(permissions)
    return [_(one.label) for one in family(family_name).permissions if one.code in held]


def set_word(family_name: str, permissions: Permissions) -> str:
    """The role that the set is, or the nearest below it and how many permissions more; of a single
    permission its name."""
    if permissions == family(family_name).all:
        return _("Everything")
    found, beside = name_of(family(family_name), permissions)
    if found is None:
        count = len(permissions)
        if count == 1:
            return "".join(permission_words(family_name, permissions))
        return _("{count} permissions").format(count=count) if count else _("Nothing")
    word = _(found.label)
    return _("{role}, and {count} more").format(role=word, count=len(beside)) if beside else word


def role_word(family_name: str, grant: GrantCard | None, path: Path) -> str:
    if grant is not None and grant.custom_role:
        return grant.custom_role
    known = {one.code: one.label for one in family(family_name).roles}
    return _(known[path.role]) if path.role in known else path.role


def path_sentence(
    family_name: str, path: Path, grants: dict[int, GrantCard], partners: dict[int, str]
) -> str:
    """One path as a sentence: where the person stands, what was given, what holds it down."""
    place = path.organisation
    if path.way == "administrator":
        return _("Administrator of {place}.").format(place=place)
    if path.way == "member":
        return _("Member of {place}, whose members see everything.").format(place=place)
    role = role_word(family_name, grants.get(path.grant_id or 0), path)
    if path.way == "grant":
        return _("{role}, given in {place}.").format(role=role, place=place)
    ceiling = set_word(family_name, path.ceiling or frozenset())
    partner = partners.get(path.partner_id or 0, place)
    if path.grant_id is None:
        return _("Administrator of {place}; shared with {partner} up to: {ceiling}.").format(
            place=place, partner=partner, ceiling=ceiling
        )
    return _("{role}, given in {place}; shared with {partner} up to: {ceiling}.").format(
        role=role, place=place, partner=partner, ceiling=ceiling
    )


def access_row(
    family_name: str,
    access: Access,
    grants: dict[int, GrantCard],
    partners: dict[int, str],
) -> dict[str, Any]:
    """A person on an asset: what he may do, why, and the roles that can be withdrawn."""
    held = [grants[path.grant_id] for path in access.paths if path.grant_id in grants]
    ends = [path.ends_on for path in access.paths if path.ends_on]
    return {
        "access": access,
        "may": set_word(family_name, access.permissions),
        "permissions": permission_words(family_name, access.permissions),
        "organisations": sorted({path.organisation for path in access.paths}),
        "why": [path_sentence(family_name, path, grants, partners) for path in access.paths],
        "ends_on": max(ends) if len(ends) == len(access.paths) else None,
        "grants": [
            {"id": path.grant_id, "role": role_word(family_name, grants[path.grant_id], path)}
            for path in access.paths
            if path.grant_id in grants
        ],
        "used": max((one.last_used_on for one in held if one.last_used_on), default=None),
    }


def effect_rows(
    effects: Sequence[Effect], families: dict[int, str], names: dict[int, str]
) -> list[dict[str, Any]]:
    """Who gains and who loses what."""
    return [
        {
            "person": one.person,
            "email": one.email,
            "asset": names.get(one.asset_id, ""),
            "gained": permission_words(families.get(one.asset_id, "source"), one.gained),
            "lost": permission_words(families.get(one.asset_id, "source"), one.lost),
        }
        for one in effects
    ]


@dataclass(frozen=True)
class RoleRow:
    label: str
    explanation: str
    note: str
    holds: Sequence[bool]
    elsewhere: Sequence[dict[str, Any]]


def role_map(family_name: str) -> dict[str, Any]:
    """The matrix of a family, and what each role is called on the platforms."""
    found = family(family_name)
    rows = [
        RoleRow(
            _(one.label),
            _(one.explanation) if one.explanation else "",
            _(one.note) if one.note else "",
            [permission.code in one.permissions for permission in found.permissions],
            [
                {
                    "platform": PLATFORMS[meaning.platform],
                    "name": meaning.name,
                    "less": [_(label_of(family_name, code)) for code in sorted(meaning.less)],
                    "more": [_(label_of(family_name, code)) for code in sorted(meaning.more)],
                }
                for meaning in meanings(family_name, one)
            ],
        )
        for one in found.roles
    ]
    lines = [
        {"label": _(permission.label), "holds": [row.holds[at] for row in rows]}
        for at, permission in enumerate(found.permissions)
    ]
    return {"roles": rows, "lines": lines}
