"""What each role of ours is called on LinkedIn, Meta and Google, and what theirs give besides."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from regie.api.problems import PROBLEMS, Problem
from regie.api.speaking import Call, allows
from regie.domain.permissions.catalog import families
from regie.domain.permissions.role_map import meanings
from regie.ui.templatetags.ui import say

router = Router(tags=["Roles"])


class MeaningOut(Schema):
    """``less`` is what ours gives and theirs does not, ``more`` the other way round."""

    platform: str
    name: str
    is_exact: bool
    less: list[str]
    more: list[str]


class MappedRoleOut(Schema):
    family: str
    code: str
    label: str
    elsewhere: list[MeaningOut]


@router.get("/role-map", response={200: list[MappedRoleOut], PROBLEMS: Problem})
@allows("manager:read")
def role_map(request: Call) -> list[dict[str, Any]]:
    """The nearest role of each platform that knows this kind of asset; permissions by the codes of
    ``/families``."""
    return [
        {
            "family": kind.name, "code": role.code, "label": say(role.label),
            "elsewhere": [
                {
                    "platform": one.platform, "name": one.name, "is_exact": one.is_exact,
                    "less": sorted(one.less), "more": sorted(one.more),
                }
                for one in meanings(kind.name, role)
            ],
        }
        for kind in families().values()
        for role in kind.roles
    ]  # fmt: skip
