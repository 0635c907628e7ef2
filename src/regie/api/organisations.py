"""The business manager: organisations, people, accounts, roles, shares, the journal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Query, Router, Schema, Status
from ninja.responses import codes_4xx

from regie.api.problems import Problem
from regie.api.roles import given_of
from regie.api.shapes import LARGEST, Code, EffectOut, Key, Line, Page, effects_out
from regie.api.speaking import Call, allows
from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.assets import selectors as assets
from regie.apps.assets import services as owned
from regie.apps.audit import selectors as journal
from regie.apps.organisations import selectors as tree
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

router = Router(tags=["Manager"])


class OrganisationOut(Schema):
    slug: str
    name: str
    kind: str
    manager_number: str | None
    parent: str | None
    is_closed: bool


class AccountOut(Schema):
    id: int
    organisation: str
    platform: str
    external_id: str
    name: str
    kind: str
    currency: str
    permissions: list[str] = []


class PersonOut(Schema):
    member_id: int
    name: str
    email: str
    role: str
    organisation: str
    ends_on: date | None
    last_active_on: date | None


class AttachedIn(Schema):
    account_ids: list[Key] = Field(max_length=1000)


class RoleIn(Schema):
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


class AccessOut(Schema):
    person: str
    email: str
    permissions: list[str]
    paths: list[PathOut]


class CeilingIn(Schema):
    ceiling: list[str] = Field(max_length=200)


class LineOut(Schema):
    at: datetime
    actor: str
    action: str
    details: dict[str, Any]


@router.get("/organisations", response={200: list[OrganisationOut], codes_4xx: Problem})
@allows("manager:read")
def list_organisations(request: Call) -> list[dict[str, Any]]:
    """The organisation of the token and those below it, in the order of the tree."""
    slugs = {one.pk: one.slug for one in request.organisations}
    return [
        {
            "slug": one.slug, "name": one.name, "kind": one.kind,
            "manager_number": one.manager_number, "parent": slugs.get(one.parent_id or 0),
            "is_closed": one.closed_at is not None,
        }
        for one in request.organisations
    ]  # fmt: skip


@router.get("/people", response={200: list[PersonOut], codes_4xx: Problem})
@allows("manager:read")
def list_people(request: Call, page: Query[Page]) -> list[dict[str, Any]]:
    """Members of the organisation and of those below it, by name."""
    found = tree.people_of(request.organisation, tree.Filter())
    people = [tree.person(one) for one in found[page.offset : page.offset + page.limit]]
    return [{name: getattr(one, name) for name in PersonOut.model_fields} for one in people]


@router.get("/accounts", response={200: list[AccountOut], codes_4xx: Problem})
@allows("manager:read")
def list_accounts(request: Call, page: Query[Page], platform: str = "") -> list[dict[str, Any]]:
    """Accounts, pages and locations that the token's person may see, by id."""
    keys = sorted(request.scope.assets)
    cards = [one for one in assets.cards(keys) if not platform or one.platform == platform]
    return [_account(one) for one in cards[page.offset : page.offset + page.limit]]


class AccountIn(Schema):
    platform: Line
    external_id: Line
    name: Line = ""
    is_keeper: bool = True


@router.post("/accounts", response={200: AccountOut, 201: AccountOut, codes_4xx: Problem})
@allows("accounts:write")
def link(request: Call, said: AccountIn) -> Status[Any]:
    """“We own it”: link an account or page by its ID; 200 where it was linked before."""
    key, is_new = services.link_asset(
        actor=request.auth.user, organisation=request.organisation, platform=said.platform,
        external_id=said.external_id, name=said.name, is_keeper=said.is_keeper,
    )  # fmt: skip
    return Status(201 if is_new else 200, _account(assets.card(key)))


@router.delete("/accounts/{account_id}", response={200: list[EffectOut], codes_4xx: Problem})
@allows("accounts:write")
def detach(request: Call, account_id: Key, dry_run: bool = False) -> list[EffectOut]:
    """Detach it: what ends for whom; figures stay. With ``dry_run`` nothing changes."""
    card = _card(request, account_id)
    act = services.what_if_detached if dry_run else services.detach_asset
    return effects_out(act(actor=request.auth.user, asset_id=card.key))


@router.get("/accounts/{account_id}", response={200: AccountOut, codes_4xx: Problem})
@allows("manager:read")
def one_account(request: Call, account_id: int) -> dict[str, Any]:
    """One account, and what the token's person may do with it."""
    card = _card(request, account_id)
    held = access.permissions_on(request.auth.user, card.key)
    return _account(card) | {"permissions": sorted(held)}


@router.get("/accounts/{account_id}/attached", response={200: list[AccountOut], codes_4xx: Problem})
@allows("manager:read")
def list_attached(request: Call, account_id: Key) -> list[dict[str, Any]]:
    """The ad accounts that speak in the name of a page, or the pages of an ad account."""
    card = _card(request, account_id)
    return [_account(one) for one in assets.attached_to(card.key)]


@router.put("/accounts/{account_id}/attached", response={204: None, codes_4xx: Problem})
@allows("accounts:write")
def attach(request: Call, account_id: Key, said: AttachedIn) -> Status[Any]:
    """Exactly these ad accounts speak in the name of the page; it gives nobody a role."""
    card = _card(request, account_id)
    owned.attach(actor=request.auth.user, page_id=card.key, account_ids=said.account_ids)
    return Status(204, None)


@router.get("/accounts/{account_id}/people", response={200: list[AccessOut], codes_4xx: Problem})
@allows("manager:read")
def list_accesses(request: Call, account_id: Key) -> list[dict[str, Any]]:
    """Who may do what with it and why, as far as the token's person may know."""
    card = _card(request, account_id)
    return [
        {
            "person": one.person, "email": one.email, "permissions": sorted(one.permissions),
            "paths": [_path(path) for path in one.paths],
        }
        for one in access.accesses_on([card.key])
    ]  # fmt: skip


@router.post("/accounts/{account_id}/roles", response={201: GrantOut, codes_4xx: Problem})
@allows("manager:write")
def give(request: Call, account_id: int, said: RoleIn) -> Status[Any]:
    """Give somebody a role on an account; the same again changes its end only."""
    card = _card(request, account_id)
    made = services.give_role(
        actor=request.auth.user, asset_id=card.key, member_id=said.member_id,
        given=given_of(said.role, said.own_role_id), ends_on=said.ends_on,
    )  # fmt: skip
    said_back = said.dict(include={"member_id", "role", "own_role_id"})
    return Status(201, said_back | {"id": made.pk, "permissions": sorted(made.permissions)})


@router.delete("/roles/{grant_id}", response={204: None, codes_4xx: Problem})
@allows("manager:write")
def withdraw(request: Call, grant_id: int) -> Status[Any]:
    """Take a role back; it ends at once. A token acts in its own branch only."""
    here = [one.pk for one in request.organisations]
    if not (0 < grant_id < LARGEST and access.grants_in(here, [grant_id])):
        raise NotFound(_("There is no such role."))
    services.withdraw_role(actor=request.auth.user, grant_id=grant_id)
    return Status(204, None)


@router.put("/shares/{share_id}/ceiling", response={200: list[EffectOut], codes_4xx: Problem})
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


@router.get("/journal", response={200: list[LineOut], codes_4xx: Problem})
@allows("manager:read")
def list_journal(request: Call, page: Query[Page], text: str = "") -> list[dict[str, Any]]:
    """What was done, the latest first."""
    asked = journal.Asked(text=text.replace("\0", ""))
    found = journal.lines_of([one.pk for one in request.organisations], asked)
    lines = [journal.line(one) for one in found[page.offset : page.offset + page.limit]]
    return [{name: getattr(one, name) for name in LineOut.model_fields} for one in lines]


def _card(request: Call, account_id: int) -> assets.AssetCard:
    if account_id not in request.scope.assets:
        raise NotFound(_("There is no such account."))
    return assets.card(account_id)


def _path(path: access.Path) -> dict[str, Any]:
    ceiling = None if path.ceiling is None else sorted(path.ceiling)
    return {
        "way": path.way, "organisation": path.organisation, "role": path.role, "ceiling": ceiling,
        "ends_on": path.ends_on,
    }  # fmt: skip


def _account(card: assets.AssetCard) -> dict[str, Any]:
    return {
        "id": card.key, "organisation": card.organisation_slug, "platform": card.platform,
        "external_id": card.external_id, "name": card.name, "kind": card.kind,
        "currency": card.currency,
    }  # fmt: skip
