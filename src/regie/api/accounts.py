"""The business manager: accounts, who may do what with them, ceilings, the journal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Query, Router, Schema, Status

from regie.api.naming import account_of
from regie.api.problems import PROBLEMS, Problem
from regie.api.roles import given_of
from regie.api.shapes import LARGEST, Asking, Code, EffectOut, Key, Line, Page, effects_out
from regie.api.speaking import Call, allows
from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.assets import selectors as assets
from regie.apps.assets import services as owned
from regie.apps.audit import selectors as journal
from regie.domain.permissions.catalog import family
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _, say

router = Router(tags=["Manager"])


class AccountOut(Schema):
    """``name`` is the platform's; ``label`` what people call it, or what there is to call it by."""

    id: int
    organisation: str
    platform: str
    external_id: str
    name: str
    label: str
    kind: str
    currency: str
    permissions: list[str] = []


class AttachedIn(Asking):
    account_ids: list[Key] = Field(max_length=1000)


class CalledIn(Asking):
    """``location`` is the town or shop that figures are split by; empty is that of its owner."""

    name: Line
    location: Line = Field("", max_length=80)


class RoleIn(Asking):
    """One role, by its code or by the number of a role of one's own."""

    member_id: Key
    role: Code = Field("", examples=["CAMPAIGN_MANAGER"])
    own_role_id: Key | None = None
    ends_on: date | None = None


class GrantOut(Schema):
    id: int
    member_id: int
    role: str
    own_role_id: int | None
    permissions: list[str]


class PathOut(Schema):
    """One way that leads to an account: ``way`` is administrator, member, grant or share.

    ``role`` is empty, and ``ceiling`` null, where the way has none.
    """

    way: str
    organisation: str
    role: str
    ceiling: list[str] | None
    ends_on: date | None


class WhyOut(Schema):
    """``holds`` is whether the person may do what was asked about; ``paths`` are those ways that
    give it, and ``other_paths`` those that lead to the account without giving it."""

    person: str
    email: str
    permission: str
    holds: bool
    paths: list[PathOut]
    other_paths: list[PathOut]


class AccessOut(Schema):
    person: str
    email: str
    permissions: list[str]
    paths: list[PathOut]


class CeilingIn(Asking):
    ceiling: list[str] = Field(max_length=200)


class LineOut(Schema):
    at: datetime
    actor: str
    action: str
    details: dict[str, Any]


@router.get("/accounts", response={200: list[AccountOut], PROBLEMS: Problem})
@allows("manager:read")
def list_accounts(request: Call, page: Query[Page], platform: str = "") -> list[dict[str, Any]]:
    """Accounts, pages and locations that the token's person may see, by id.

    Whose figures he reads is narrower: ``permissions`` of one account say ``figures.view``.
    """
    keys = access.keys_listed(
        [one.pk for one in request.organisations], platform=platform, first=page.offset,
        most=page.limit,
    )  # fmt: skip
    return [_account(one) for one in assets.cards(keys)]


class AccountIn(Asking):
    platform: Line
    external_id: Line
    name: Line = ""
    is_keeper: bool = True


@router.post("/accounts", response={200: AccountOut, 201: AccountOut, PROBLEMS: Problem})
@allows("accounts:write")
def link(request: Call, said: AccountIn) -> Status[Any]:
    """“We own it”: link an account or page by its ID; 200 where it was linked before."""
    key, is_new = services.link_asset(
        actor=request.auth.user, organisation=request.organisation, platform=said.platform,
        external_id=said.external_id, name=said.name, is_keeper=said.is_keeper,
    )  # fmt: skip
    return Status(201 if is_new else 200, _account(assets.card(key)))


@router.delete("/accounts/{account_id}", response={200: list[EffectOut], PROBLEMS: Problem})
@allows("accounts:write")
def detach(request: Call, account_id: Key, dry_run: bool = False) -> list[EffectOut]:
    """Detach it: what ends for whom; figures stay. With ``dry_run`` nothing changes."""
    card = account_of(request, account_id)
    act = services.what_if_detached if dry_run else services.detach_asset
    return effects_out(act(actor=request.auth.user, asset_id=card.key))


@router.get("/accounts/{account_id}", response={200: AccountOut, PROBLEMS: Problem})
@allows("manager:read")
def one_account(request: Call, account_id: int) -> dict[str, Any]:
    """One account, and what the token's person may do with it."""
    card = account_of(request, account_id)
    held = access.permissions_on(request.auth.user, card.key)
    return _account(card) | {"permissions": sorted(held)}


@router.put("/accounts/{account_id}/name", response={204: None, PROBLEMS: Problem})
@allows("accounts:write")
def rename(request: Call, account_id: Key, said: CalledIn) -> Status[Any]:
    """What people call it; empty takes the platform's own name again, by which files know it."""
    card = account_of(request, account_id)
    owned.rename(actor=request.auth.user, asset_id=card.key, **said.dict())
    return Status(204, None)


@router.get("/accounts/{account_id}/attached", response={200: list[AccountOut], PROBLEMS: Problem})
@allows("manager:read")
def list_attached(request: Call, account_id: Key) -> list[dict[str, Any]]:
    """The ad accounts that speak in the name of a page, or the pages of an ad account."""
    card = account_of(request, account_id)
    return [_account(one) for one in assets.attached_to(card.key)]


@router.put("/accounts/{account_id}/attached", response={204: None, PROBLEMS: Problem})
@allows("accounts:write")
def attach(request: Call, account_id: Key, said: AttachedIn) -> Status[Any]:
    """Exactly these ad accounts speak in the name of the page; it gives nobody a role."""
    card = account_of(request, account_id)
    owned.attach(actor=request.auth.user, page_id=card.key, account_ids=said.account_ids)
    return Status(204, None)


@router.get("/accounts/{account_id}/people", response={200: list[AccessOut], PROBLEMS: Problem})
@allows("manager:read")
def list_accesses(request: Call, account_id: Key) -> list[dict[str, Any]]:
    """Who may do what with it and why, as far as the token's person may know."""
    card = account_of(request, account_id)
    return [
        {
            "person": one.person, "email": one.email, "permissions": sorted(one.permissions),
            "paths": [_path(path) for path in one.paths],
        }
        for one in access.accesses_on([card.key])
    ]  # fmt: skip


@router.get("/accounts/{account_id}/why", response={200: WhyOut, PROBLEMS: Problem})
@allows("manager:read")
def why(request: Call, account_id: Key, email: Line, permission: Code) -> dict[str, Any]:
    """Why somebody may do one thing with it, or may not: ``permission`` is one of ``/families``."""
    card = account_of(request, account_id)
    everything = family(card.family).all
    if permission not in everything:
        raise WrongUse(
            say(_("There is no permission “{code}” for this kind of account."), code=permission),
            hint=_("The list is at /families."),
        )
    wanted = email.strip().casefold()
    found = [one for one in access.accesses_on([card.key]) if one.email.casefold() == wanted]
    if not found:
        raise NotFound(_("Nobody of that address comes to this account."))
    (one,) = found
    giving = [path for path in one.paths if permission in path.gives(everything)]
    return {
        "person": one.person, "email": one.email, "permission": permission,
        "holds": bool(giving), "paths": [_path(path) for path in giving],
        "other_paths": [_path(path) for path in one.paths if path not in giving],
    }  # fmt: skip


@router.post(
    "/accounts/{account_id}/roles",
    response={200: list[EffectOut], 201: GrantOut, PROBLEMS: Problem},
)
@allows("manager:write")
def give(request: Call, account_id: int, said: RoleIn, dry_run: bool = False) -> Status[Any]:
    """Give somebody a role on an account; the same again changes its end only.

    With ``dry_run`` nothing changes, and it is said (200) who would gain what.
    """
    card = account_of(request, account_id)
    asked: dict[str, Any] = {
        "actor": request.auth.user, "asset_id": card.key, "member_id": said.member_id,
        "given": given_of(said.role, said.own_role_id), "ends_on": said.ends_on,
    }  # fmt: skip
    if dry_run:
        return Status(200, effects_out(services.what_if_role_given(**asked)))
    made = services.give_role(**asked)
    said_back = said.dict(include={"member_id", "role", "own_role_id"})
    return Status(201, said_back | {"id": made.pk, "permissions": sorted(made.permissions)})


@router.delete("/roles/{grant_id}", response={200: list[EffectOut], 204: None, PROBLEMS: Problem})
@allows("manager:write")
def withdraw(request: Call, grant_id: int, dry_run: bool = False) -> Status[Any]:
    """Take a role back; it ends at once. A token acts in its own branch only.

    With ``dry_run`` nothing changes, and it is said (200) who would lose what.
    """
    here = [one.pk for one in request.organisations]
    if not (0 < grant_id < LARGEST and access.grants_in(here, [grant_id])):
        raise NotFound(_("There is no such role."))
    if dry_run:
        tried = services.what_if_role_withdrawn(actor=request.auth.user, grant_id=grant_id)
        return Status(200, effects_out(tried))
    services.withdraw_role(actor=request.auth.user, grant_id=grant_id)
    return Status(204, None)


@router.put("/shares/{share_id}/ceiling", response={200: list[EffectOut], PROBLEMS: Problem})
@allows("manager:write")
def set_ceiling(
    request: Call, share_id: int, said: CeilingIn, dry_run: bool = False
) -> list[EffectOut]:
    """Raise or lower what a partner may do at most; answers who gains and who loses what.

    With ``dry_run`` nothing changes.
    """
    if not 0 < share_id < LARGEST:
        raise NotFound(_("There is no such share."))
    access.partnership(access.share(share_id).partnership_id, request.organisation)
    act = services.what_if_ceiling if dry_run else services.set_ceiling
    effects = act(actor=request.auth.user, share_id=share_id, ceiling=said.ceiling)
    return effects_out(effects)


@router.get("/journal", response={200: list[LineOut], PROBLEMS: Problem})
@allows("manager:read")
def list_journal(request: Call, page: Query[Page], text: str = "") -> list[dict[str, Any]]:
    """What was done, the latest first."""
    asked = journal.Asked(text=text.replace("\0", ""))
    found = journal.lines_of([one.pk for one in request.organisations], asked)
    lines = [journal.line(one) for one in found[page.offset : page.offset + page.limit]]
    return [{name: getattr(one, name) for name in LineOut.model_fields} for one in lines]


def _path(path: access.Path) -> dict[str, Any]:
    ceiling = None if path.ceiling is None else sorted(path.ceiling)
    return {
        "way": path.way, "organisation": path.organisation, "role": path.role, "ceiling": ceiling,
        "ends_on": path.ends_on,
    }  # fmt: skip


def _account(card: assets.AssetCard) -> dict[str, Any]:
    return {
        "id": card.key, "organisation": card.organisation_slug, "platform": card.platform,
        "external_id": card.external_id, "name": card.name, "label": card.label,
        "kind": card.kind, "currency": card.currency,
    }  # fmt: skip
