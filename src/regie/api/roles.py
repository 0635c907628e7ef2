"""Roles: those of the platforms and of one's own, given to many at once; what is allowed at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ninja import Field, Router, Schema, Status

from regie.api.naming import accounts_among
from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Code, EffectOut, Key, Made, Name, effects_out
from regie.api.speaking import Call, allows
from regie.apps.access import selectors, services
from regie.apps.access.services import Given, GivenMany, NotGiven, Once
from regie.apps.organisations.selectors import members_among
from regie.domain.permissions.catalog import families
from regie.domain.permissions.definitions import Family
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _
from regie.ui.templatetags.ui import say

router = Router(tags=["Roles"])
Codes = list[Code]


class PermissionOut(Schema):
    code: str
    label: str


class ReadyRoleOut(Schema):
    code: str
    label: str
    explanation: str
    note: str
    permissions: list[str]


class FamilyOut(Schema):
    """What can be done with one kind of asset, and the roles that are ready to be given."""

    name: str
    label: str
    permissions: list[PermissionOut]
    roles: list[ReadyRoleOut]


class OwnRoleIn(Asking):
    name: Name
    permissions: Codes = Field(min_length=1, max_length=200)


class NewOwnRoleIn(OwnRoleIn):
    """``family`` is one of ``/families``."""

    family: Code = Field(examples=["ad_account"])


class OwnRoleOut(Schema):
    """``is_own`` where the token's organisation made it, and not one above it."""

    id: int
    organisation: str
    family: str
    name: str
    permissions: list[str]
    holders: int
    is_own: bool


class GivingIn(Asking):
    """One role, by its code or by the number of a role of one's own, for all of these pairs."""

    account_ids: list[Key] = Field(min_length=1, max_length=500)
    member_ids: list[Key] = Field(min_length=1, max_length=500)
    role: Code = Field("", examples=["CAMPAIGN_MANAGER"])
    own_role_id: Key | None = None
    ends_on: date | None = None


class OnceShape(Asking):
    """A role that was given; ``ended_on`` is its former last day where it was held before."""

    grant_id: Key
    was_held: bool
    ended_on: date | None = None


class NotGivenOut(Schema):
    person: str
    account: str
    problem: str
    hint: str


class GivenOut(Schema):
    """``effects`` are told where nothing was kept."""

    given: list[OnceShape]
    refused: list[NotGivenOut]
    effects: list[EffectOut] = []


class TakeBackIn(Asking):
    given: list[OnceShape] = Field(min_length=1, max_length=500)


class TakenBackOut(Schema):
    taken_back: int


class PolicyIn(Asking):
    allowed: Codes = Field(min_length=1, max_length=500)


class PolicyOut(Schema):
    """``allowed`` is what the organisation says itself, ``above`` what those above it leave."""

    allowed: list[str]
    above: list[str]


class PolicyEffectsOut(Schema):
    """``is_whole`` is false where the branch has more accounts than a trial looks at."""

    effects: list[EffectOut]
    is_whole: bool


@router.get("/families", response={200: list[FamilyOut], PROBLEMS: Problem})
@allows("manager:read")
def list_families(request: Call) -> list[dict[str, Any]]:
    """The permissions and ready-made roles of each kind of asset."""
    return [_family(one) for one in families().values()]


@router.get("/own-roles", response={200: list[OwnRoleOut], PROBLEMS: Problem})
@allows("manager:read")
def list_own_roles(request: Call) -> list[dict[str, Any]]:
    """Those of the organisation, and those it has from above."""
    return [
        {
            "id": one.id, "organisation": one.organisation, "family": one.family, "name": one.name,
            "permissions": sorted(one.permissions), "holders": one.holders,
            "is_own": one.organisation_id == request.organisation.pk,
        }
        for one in selectors.custom_roles_of(request.organisation)
    ]  # fmt: skip


@router.post("/own-roles", response={201: Made, PROBLEMS: Problem})
@allows("roles:write")
def create(request: Call, said: NewOwnRoleIn) -> Status[Any]:
    """It can be given here and in the organisations below."""
    if said.family not in families():
        raise WrongUse(_("There is no such kind of asset."))
    made = services.create_role(
        actor=request.auth.user, organisation=request.organisation, family=said.family,
        name=said.name, permissions=said.permissions,
    )  # fmt: skip
    return Status(201, {"id": made.pk})


@router.put("/own-roles/{role_id}", response={200: list[EffectOut], PROBLEMS: Problem})
@allows("roles:write")
def change(request: Call, role_id: Key, said: OwnRoleIn, dry_run: bool = False) -> list[EffectOut]:
    """Whoever holds it has the new permissions at once. With ``dry_run`` nothing changes."""
    role = selectors.custom_role(role_id, request.organisation)
    act = services.what_if_role if dry_run else services.change_role
    return effects_out(
        act(actor=request.auth.user, role_id=role.id, name=said.name, permissions=said.permissions)
    )


@router.delete("/own-roles/{role_id}", response={204: None, PROBLEMS: Problem})
@allows("roles:write")
def remove(request: Call, role_id: Key) -> Status[Any]:
    """Once nobody holds it any more."""
    role = selectors.custom_role(role_id, request.organisation)
    services.remove_role(actor=request.auth.user, role_id=role.id)
    return Status(204, None)


@router.post("/roles", response={200: GivenOut, PROBLEMS: Problem})
@allows("manager:write")
def give_many(request: Call, said: GivingIn, dry_run: bool = False) -> dict[str, Any]:
    """Give one role to several people on several accounts; each pair is given or refused alone.

    With ``dry_run`` nothing is kept, and ``effects`` say who would gain what.
    """
    asked: dict[str, Any] = {
        "asset_ids": accounts_among(request, said.account_ids),
        "member_ids": members_among(request.organisation, said.member_ids),
        "given": given_of(said.role, said.own_role_id),
        "ends_on": said.ends_on,
    }
    if not asked["asset_ids"]:
        raise NotFound(_("There is no such account."))
    if not asked["member_ids"]:
        raise NotFound(_("There is no such member."))
    if dry_run:
        effects, tried = services.what_if_given(actor=request.auth.user, **asked)
        return _given(tried, ()) | {"effects": effects_out(effects)}
    done = services.give_roles(actor=request.auth.user, **asked)
    return _given(done, done.done)


@router.post("/roles/take-back", response={200: TakenBackOut, PROBLEMS: Problem})
@allows("manager:write")
def take_back(request: Call, said: TakeBackIn) -> dict[str, int]:
    """Undo what ``POST /roles`` answered: each role is as it was before, where it still can be."""
    here = [one.pk for one in request.organisations]
    ours = selectors.grants_in(here, [one.grant_id for one in said.given])
    given = [
        Once(one.grant_id, one.was_held, one.ended_on) for one in said.given if one.grant_id in ours
    ]
    return {"taken_back": services.take_roles_back(actor=request.auth.user, given=given)}


@router.get("/policy", response={200: PolicyOut, PROBLEMS: Problem})
@allows("manager:read")
def policy(request: Call) -> dict[str, list[str]]:
    """What the organisation of the token allows at all, whatever anybody was given."""
    found = selectors.allowed_in(request.organisation)
    return {"allowed": sorted(found.here), "above": sorted(found.above)}


@router.put("/policy", response={200: PolicyEffectsOut, PROBLEMS: Problem})
@allows("roles:write")
def set_policy(request: Call, said: PolicyIn, dry_run: bool = False) -> dict[str, Any]:
    """Only what is allowed counts in the branch, from the next request on; answers who gains and
    who loses what. All permissions together are no rule. With ``dry_run`` nothing changes."""
    asked: dict[str, Any] = {"organisation": request.organisation, "allowed": said.allowed}
    effects, is_whole = services.what_if_policy(actor=request.auth.user, **asked)
    if not dry_run:
        services.set_policy(actor=request.auth.user, **asked)
    return {"effects": effects_out(effects), "is_whole": is_whole}


def given_of(role: str, own_role_id: int | None) -> Given:
    """Raises ``WrongUse`` where it is neither or both."""
    if bool(role) == (own_role_id is not None):
        raise WrongUse(_("Say which role: by its code, or by the number of one of your own."))
    return Given(role, own_role_id)


def not_given(refused: Iterable[NotGiven]) -> list[dict[str, str]]:
    """Each in the shape of ``NotGivenOut``."""
    return [
        {
            "person": one.person, "account": one.account, "problem": say(one.problem),
            "hint": say(one.hint),
        }
        for one in refused
    ]  # fmt: skip


def _given(answer: GivenMany, kept: tuple[Once, ...]) -> dict[str, Any]:
    return {
        "given": [vars(one) for one in kept],
        "refused": not_given(answer.refused),
    }


def _family(one: Family) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": say(one.label),
        "permissions": [{"code": p.code, "label": say(p.label)} for p in one.permissions],
        "roles": [
            {
                "code": role.code, "label": say(role.label), "explanation": say(role.explanation),
                "note": say(role.note), "permissions": sorted(role.permissions),
            }
            for role in one.roles
        ],
    }  # fmt: skip
