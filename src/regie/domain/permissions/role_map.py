"""What each of our roles means on LinkedIn, Meta and Google, and where theirs say more or less.

Their roles are written as the set of our permissions that they give, so that the gap is computed
and not remembered. Meta: task names of its API (read 2026). Google: levels of access as its help
lists them, not verified beyond that.
"""

from __future__ import annotations

from dataclasses import dataclass

from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import VIEW, Permissions, Role

_RUN = frozenset({VIEW, "campaigns.create", "campaigns.edit", "ads.edit"})
_ALL = family("ad_account").all
_CONTENT = frozenset(
    {"page.post", "page.sponsor", "page.boost", "page.jobs", "page.events", "page.live", VIEW}
)


@dataclass(frozen=True)
class TheirRole:
    """``name`` is written as the platform writes it, so it is not translated."""

    platform: str
    name: str
    permissions: Permissions


@dataclass(frozen=True)
class Meaning:
    """``less`` is what ours gives and theirs not; ``more`` the other way round."""

    platform: str
    name: str
    less: Permissions
    more: Permissions

    @property
    def is_exact(self) -> bool:
        return not self.less and not self.more


THEIRS: dict[str, tuple[TheirRole, ...]] = {
    "ad_account": (
        *(TheirRole("linkedin", one.code, one.permissions) for one in family("ad_account").roles),
        TheirRole("meta", "MANAGE", _ALL),
        TheirRole("meta", "ADVERTISE", _RUN | {"notifications.receive"}),
        TheirRole("meta", "ANALYZE", frozenset({VIEW})),
        TheirRole("google", "Admin", _ALL),
        TheirRole("google", "Standard", _ALL - {"access.manage"}),
        TheirRole("google", "Read only", frozenset({VIEW, "billing.view"})),
        TheirRole("google", "Billing", frozenset(
            {"billing.view", "billing.edit", "receipts.print"})),
        TheirRole("google", "E-mail only", frozenset({"notifications.receive"})),
    ),
    "page": (
        *(TheirRole("linkedin", one.code, one.permissions) for one in family("page").roles),
        TheirRole("meta", "MANAGE", family("page").all),
        TheirRole("meta", "CREATE_CONTENT", _CONTENT | {"page.comment", "page.edit"}),
        TheirRole("meta", "MODERATE", frozenset(
            {VIEW, "page.messages", "page.comment", "page.restrict_members"})),
        TheirRole("meta", "ADVERTISE", frozenset({VIEW, "page.sponsor", "page.boost"})),
        TheirRole("meta", "ANALYZE", frozenset({VIEW})),
    ),
    "location": (
        TheirRole("google", "Owner", family("location").all),
        TheirRole("google", "Manager", family("location").all - {"access.manage"}),
        TheirRole("google", "Site manager", frozenset(
            {VIEW, "location.hours", "location.photos", "reviews.answer"})),
    ),
    "source": (),
}  # fmt: skip


def meanings(family_name: str, role: Role) -> tuple[Meaning, ...]:
    """The nearest role of each platform: the one with the fewest differences either way.

    A platform that knows nothing of this kind of asset is left out.
    """
    return meanings_of(family_name, role.permissions, code=role.code)


def meanings_of(
    family_name: str, permissions: Permissions, *, code: str = ""
) -> tuple[Meaning, ...]:
    """As ``meanings``, for any set of permissions, such as that of a custom role."""
    theirs = THEIRS.get(family_name, ())
    found = []
    for platform in dict.fromkeys(one.platform for one in theirs):
        mine = [one for one in theirs if one.platform == platform]
        # Of two equally near, the one that gives no more than ours; of the same name, itself.
        nearest = min(
            mine,
            key=lambda one: (
                len(one.permissions ^ permissions), one.name != code,
                len(one.permissions - permissions),
            ),
        )  # fmt: skip
        found.append(
            Meaning(
                platform,
                nearest.name,
                less=permissions - nearest.permissions,
                more=nearest.permissions - permissions,
            )
        )
    return tuple(found)
