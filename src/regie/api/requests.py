"""Requests: ask the owner of an account for a role, answer what others ask."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Key, Line, Made
from regie.api.speaking import Call, allows
from regie.apps.organisations.models import Organisation
from regie.apps.requests import selectors, services
from regie.apps.requests.services import Asked
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

router = Router(tags=["Requests"])


class RequestIn(Asking):
    """``role`` by its code or its name; ``email`` of who answers where the owner is not here."""

    platform: Line
    external_id: Line = Field(examples=["123456789"])
    role: Line = Field(examples=["CAMPAIGN_MANAGER"])
    email: Line = ""
    reason: Line = ""


class RequestOut(Schema):
    id: int
    platform: str
    external_id: str
    role: str
    reason: str
    requester: str
    requester_organisation: str
    requester_number: str
    state: str
    asked_at: datetime
    expires_on: date


class Outcome(Schema):
    """``shared``, or ``partnership_proposed`` where there is none yet."""

    outcome: str


@router.get("/requests", response={200: list[RequestOut], PROBLEMS: Problem})
@allows("manager:read")
def list_asked(request: Call) -> list[dict[str, Any]]:
    """What the organisation asked for: the pending ones first."""
    return [_out(one) for one in selectors.asked_by(request.organisation)]


@router.get("/requests/received", response={200: list[RequestOut], PROBLEMS: Problem})
@allows("manager:read")
def list_received(request: Call) -> list[dict[str, Any]]:
    """What others ask for, and the token's person may answer."""
    return [_out(one) for one in selectors.waiting_for_me(request.organisation)]


@router.post("/requests", response={201: Made, PROBLEMS: Problem})
@allows("requests:write")
def ask(request: Call, said: RequestIn) -> Status[Any]:
    wanted: Asked = services.asked_by_hand(
        platform=said.platform, account=said.external_id, role=said.role, email=said.email,
        reason=said.reason,
    )  # fmt: skip
    made = services.ask(actor=request.auth.user, organisation=request.organisation, wanted=wanted)
    return Status(201, {"id": made})


@router.post("/requests/{request_id}/accept", response={200: Outcome, PROBLEMS: Problem})
@allows("requests:write")
def accept(request: Call, request_id: Key) -> dict[str, Any]:
    _check_received(request, request_id)
    said = services.accept_request(actor=request.auth.user, request_id=request_id)
    return {"outcome": said.value}


@router.post("/requests/{request_id}/decline", response={204: None, PROBLEMS: Problem})
@allows("requests:write")
def decline(request: Call, request_id: Key) -> Status[Any]:
    _check_received(request, request_id)
    services.decline_request(actor=request.auth.user, request_id=request_id)
    return Status(204, None)


@router.delete("/requests/{request_id}", response={204: None, PROBLEMS: Problem})
@allows("requests:write")
def withdraw(request: Call, request_id: Key) -> Status[Any]:
    here: Organisation = request.organisation
    if all(one.pk != request_id for one in selectors.asked_by(here)):
        raise NotFound(_("There is no such request."))
    services.withdraw_request(actor=request.auth.user, request_id=request_id)
    return Status(204, None)


def _check_received(request: Call, request_id: int) -> None:
    """A token answers for its own branch only."""
    if all(one.pk != request_id for one in selectors.waiting_for_me(request.organisation)):
        raise NotFound(_("There is no such request."))


def _out(one: Any) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in RequestOut.model_fields if name != "id"}
    return {"id": one.pk, **said, "state": "expired" if selectors.is_expired(one) else one.state}
