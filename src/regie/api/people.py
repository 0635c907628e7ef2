"""People: invite them, change what they are, take them out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Query, Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Code, EffectOut, Key, Line, Page, effects_out
from regie.api.speaking import Call, allows
from regie.apps.access import services as access
from regie.apps.organisations import selectors, services
from regie.apps.organisations.models import Member
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.ui.server import address_of
from regie.ui.templatetags.ui import say

router = Router(tags=["People"])


class PersonOut(Schema):
    member_id: int
    name: str
    email: str
    role: str
    organisation: str
    ends_on: date | None
    last_active_on: date | None


class PlaceIn(Asking):
    role: Code = Field(examples=["employee"])
    ends_on: date | None = None


class InvitedIn(PlaceIn):
    email: Line


class InvitationsIn(Asking):
    people: list[InvitedIn] = Field(min_length=1, max_length=500)
    language: Literal["fr", "en"] = "fr"


class AnswerOut(Schema):
    """``problem`` says why there is no invitation."""

    email: str
    invitation_id: int | None
    problem: str


class InvitationOut(Schema):
    id: int
    email: str
    role: str
    ends_on: date | None
    organisation: str
    inviter: str
    created_at: datetime
    expires_at: datetime
    state: str


class TriedPersonOut(Schema):
    """``is_whole`` is false where there are more accounts than a trial looks at."""

    effects: list[EffectOut]
    is_whole: bool


class RemovedShape(Asking):
    """A membership as it was: ``POST /people/restore`` takes it."""

    member_id: Key
    role: Code
    ends_on: date | None = None


class RemovedOut(Schema):
    """``removed`` is null where nothing was kept, and ``effects`` are told there."""

    removed: RemovedShape | None = None
    effects: list[EffectOut] = []
    is_whole: bool = True


@router.get("/people", response={200: list[PersonOut], PROBLEMS: Problem})
@allows("manager:read")
def list_people(request: Call, page: Query[Page]) -> list[dict[str, Any]]:
    """Members of the organisation and of those below it, by name."""
    found = selectors.people_of(request.organisation, selectors.Filter())
    return [person_out(one) for one in found[page.offset : page.offset + page.limit]]


@router.get("/invitations", response={200: list[InvitationOut], PROBLEMS: Problem})
@allows("manager:read")
def list_invitations(request: Call, page: Query[Page]) -> list[dict[str, Any]]:
    """Those that wait, then those that were answered; the newest first."""
    found = selectors.invitations_of(request.organisation)
    shown = selectors.invitation_cards(found[page.offset : page.offset + page.limit])
    return [{name: getattr(one, name) for name in InvitationOut.model_fields} for one in shown]


@router.post("/invitations", response={200: list[AnswerOut], PROBLEMS: Problem})
@allows("people:write")
def invite(request: Call, said: InvitationsIn) -> list[dict[str, Any]]:
    """Invite several people at once; each line is invited or refused with its reason."""
    wanted = [
        services.Wanted(one.email, one.role, one.ends_on, line)
        for line, one in enumerate(said.people, start=1)
    ]
    answers = services.invite(
        actor=request.auth.user, organisation=request.organisation, people=wanted,
        language=said.language, address=address_of(request),
    )  # fmt: skip
    return [
        {
            "email": one.wanted.email, "invitation_id": one.invitation_id,
            "problem": say(one.problem) if one.problem else "",
        }
        for one in answers
    ]  # fmt: skip


@router.post("/invitations/{invitation_id}/resend", response={204: None, PROBLEMS: Problem})
@allows("people:write")
def resend(request: Call, invitation_id: Key) -> Status[Any]:
    """A new letter; the link of the former one is dead."""
    _check_invitation(request, invitation_id)
    services.resend_invitation(
        actor=request.auth.user, invitation_id=invitation_id, address=address_of(request)
    )
    return Status(204, None)


@router.delete("/invitations/{invitation_id}", response={204: None, PROBLEMS: Problem})
@allows("people:write")
def withdraw(request: Call, invitation_id: Key) -> Status[Any]:
    _check_invitation(request, invitation_id)
    services.withdraw_invitation(actor=request.auth.user, invitation_id=invitation_id)
    return Status(204, None)


@router.post("/people/restore", response={204: None, PROBLEMS: Problem})
@allows("people:write")
def restore(request: Call, said: RemovedShape) -> Status[Any]:
    """Undo ``DELETE /people/…``: in again, with all that was given to the person."""
    here = [one.pk for one in request.organisations]
    gone = Member.objects.filter(organisation__in=here, removed_at__isnull=False)
    if not gone.filter(pk=said.member_id).exists():
        raise NotFound(_("There is no such member."))
    services.restore_member(actor=request.auth.user, removed=services.Removed(**said.dict()))
    return Status(204, None)


def person_out(member: Member) -> dict[str, Any]:
    """``member`` comes from ``people_of``."""
    one = selectors.person(member)
    return {name: getattr(one, name) for name in PersonOut.model_fields}


@router.put(
    "/people/{member_id}", response={200: TriedPersonOut, 204: None, PROBLEMS: Problem}
)  # fmt: skip
@allows("people:write")
def change(request: Call, member_id: Key, said: PlaceIn, dry_run: bool = False) -> Status[Any]:
    """Another role, another last day, or both. With ``dry_run`` nothing changes, and it is said
    (200) what the person would gain and lose."""
    _check_member(request, member_id)
    asked: dict[str, Any] = {"actor": request.auth.user, "member_id": member_id, **said.dict()}
    if dry_run:
        return Status(200, _tried(access.what_if_one_changed(**asked)))
    services.change_member(**asked)
    return Status(204, None)


@router.delete(
    "/people/{member_id}", response={200: RemovedOut, PROBLEMS: Problem}
)  # fmt: skip
@allows("people:write")
def remove(request: Call, member_id: Key, dry_run: bool = False) -> dict[str, Any]:
    """Out at the next request; what the person did stays. ``POST /people/restore`` takes back what
    is answered, within a day. With ``dry_run`` nothing changes, and ``effects`` say what the
    person would lose."""
    _check_member(request, member_id)
    asked: dict[str, Any] = {"actor": request.auth.user, "member_id": member_id}
    if dry_run:
        return _tried(access.what_if_one_removed(**asked))
    return {"removed": vars(services.remove_member(**asked))}


def _tried(found: access.Trial[Any]) -> dict[str, Any]:
    return {"effects": effects_out(found.effects), "is_whole": found.is_whole}


def _check_member(request: Call, member_id: int) -> None:
    """A token acts in its own branch only, whatever else its person administers."""
    here = selectors.people_of(request.organisation, selectors.Filter())
    if not here.filter(pk=member_id).exists():
        raise NotFound(_("There is no such member."))


def _check_invitation(request: Call, invitation_id: int) -> None:
    if not selectors.invitations_of(request.organisation).filter(pk=invitation_id).exists():
        raise NotFound(_("There is no such invitation."))
