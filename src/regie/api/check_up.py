"""Role check-up: a platform's list of the people on an account beside ours, and inviting them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja import Field, File, Router, Schema, UploadedFile

from regie.api.naming import account_of
from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Code, Key, Line
from regie.api.speaking import Call, allows
from regie.apps.access import selectors as access
from regie.apps.access import services as roles
from regie.apps.organisations import services
from regie.ui.server import address_of
from regie.ui.templatetags.ui import say

router = Router(tags=["Role check-up"])


class StandingOut(Schema):
    """Somebody of the platform's list. ``state`` is outside (not in the manager), invited, ended
    (left here, and still stands there), without (here, with no role on it) or same.

    ``theirs`` is what his role gives there, null where its words are not known; ``proposed`` the
    code of the nearest role of ours; ``more`` what he may do there and not here.
    """

    email: str
    name: str
    role: str
    state: str
    theirs: list[str] | None
    proposed: str
    more: list[str]
    is_elsewhere: bool
    is_public: bool


class MissingOut(Schema):
    """Somebody with a role here who is not in the platform's list."""

    person: str
    email: str
    permissions: list[str]


class CheckUpOut(Schema):
    """``unread`` counts lines that name nobody."""

    found: list[StandingOut]
    missing: list[MissingOut]
    unread: int


class FoundIn(Asking):
    """``role`` is the place in the organisation, ``account_role`` what is given on the account
    once the invitation is accepted: empty for nothing."""

    email: Line
    role: Code = "employee"
    ends_on: date | None = None
    account_role: Code = Field("", examples=["CAMPAIGN_MANAGER"])


class FoundPeopleIn(Asking):
    people: list[FoundIn] = Field(min_length=1, max_length=500)
    language: Literal["fr", "en"] = "fr"


class InvitedOut(Schema):
    """``problem`` says why there is no invitation."""

    email: str
    invitation_id: int | None
    account_role: str
    problem: str


@router.post("/accounts/{account_id}/check-up", response={200: CheckUpOut, PROBLEMS: Problem})
@allows("manager:read")
def check_up(request: Call, account_id: Key, file: File[UploadedFile]) -> dict[str, Any]:
    """Compare the platform's list of its people (CSV or Excel) with ours; nothing is kept."""
    card = account_of(request, account_id)
    kept = cast("TemporaryUploadedFile", file)  # every upload goes to the disk: see the settings
    found = access.check_up(
        actor=request.auth.user, asset_id=card.key, path=Path(kept.temporary_file_path())
    )
    return {
        "found": [
            {
                "email": one.email, "name": one.name, "role": one.role, "state": one.state,
                "theirs": None if one.theirs is None else sorted(one.theirs),
                "proposed": one.proposed.code if one.proposed else "",
                "more": sorted(one.more), "is_elsewhere": one.is_elsewhere,
                "is_public": one.is_public,
            }
            for one in found.found
        ],
        "missing": [
            {"person": one.person, "email": one.email, "permissions": sorted(one.permissions)}
            for one in found.missing
        ],
        "unread": found.unread,
    }  # fmt: skip


@router.post(
    "/accounts/{account_id}/check-up/invite", response={200: list[InvitedOut], PROBLEMS: Problem}
)
@allows("people:write")
def invite(request: Call, account_id: Key, said: FoundPeopleIn) -> list[dict[str, Any]]:
    """Invite people who stand on the account; each has his role on it once he accepts."""
    card = account_of(request, account_id)
    wanted = [
        services.Wanted(one.email, one.role, one.ends_on, line)
        for line, one in enumerate(said.people, start=1)
    ]
    chosen = {line: one.account_role for line, one in enumerate(said.people, start=1)}
    answers, _promised = roles.invite_with_roles(
        actor=request.auth.user, organisation=request.organisation, asset_id=card.key,
        people=wanted, roles={line: role for line, role in chosen.items() if role},
        language=said.language, address=address_of(request),
    )  # fmt: skip
    return [
        {
            "email": one.wanted.email, "invitation_id": one.invitation_id,
            "account_role": chosen[one.wanted.line] if one.invitation_id else "",
            "problem": say(one.problem) if one.problem else "",
        }
        for one in answers
    ]  # fmt: skip
