"""What persons ask, for programs: told, corrected, forgotten. A name never stands in an address."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from ninja import Field, Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Key
from regie.api.speaking import Call, allows
from regie.apps.identity import policies, selectors, services

router = Router(tags=["Privacy"])


class Who(Asking):
    """Any one of the person's names: address, telephone, login, customer number, card, device."""

    who: str = Field(min_length=2, max_length=400, examples=["customer@example.com"])
    country: str = Field(default="FR", pattern="^[A-Z]{2}$")


class Right(Who):
    right: str = Field(min_length=2, max_length=400)


class Asked(Schema):
    """``state`` is ``running`` until it is ``done``; ``percent`` says how far it has come.

    ``found`` counts rows by place; ``left`` the places that still name the person; without
    ``unreadable_files``, which are broken and named here, the work is not complete. ``removed`` are
    the kept files that could not be written again, by number of import. Since ``swept_at`` the
    database's own files hold nothing of it either, nor does its server's log if ``is_log_swept``.
    """

    id: int
    request: str
    state: Literal["running", "done"]
    percent: int
    asked_at: datetime
    done_at: datetime | None
    swept_at: datetime | None
    is_log_swept: bool
    found: dict[str, int]
    left: dict[str, int]
    unreadable_files: list[str]
    removed: dict[int, str]


@router.post("/persons/show", response={200: dict[str, list[dict[str, Any]]], PROBLEMS: Problem})
@allows("privacy:write")
def show(request: Call, asked: Who) -> Any:
    """All that the organisation and those below it hold of a person."""
    held = services.tell_person(
        actor=request.auth.user, organisation=request.organisation, text=asked.who,
        country=asked.country,
    )  # fmt: skip
    return json.loads(services.as_json(held))


@router.post("/persons/correct", response={202: Asked, PROBLEMS: Problem})
@allows("privacy:write")
def correct(request: Call, asked: Right) -> Status[Any]:
    """Write a name rightly, wherever it is written: done in the background."""
    number = services.ask_correction(
        actor=request.auth.user, organisation=request.organisation, wrong=asked.who,
        right=asked.right, country=asked.country,
    )  # fmt: skip
    return Status(202, _told(request, number))


@router.post("/persons/erase", response={202: Asked, PROBLEMS: Problem})
@allows("privacy:write")
def erase(request: Call, asked: Who) -> Status[Any]:
    """Forget a person: done in the background. It cannot be taken back."""
    number = services.ask_erasure(
        actor=request.auth.user, organisation=request.organisation, text=asked.who,
        country=asked.country,
    )  # fmt: skip
    return Status(202, _told(request, number))


@router.get("/persons/requests/{request_id}", response={200: Asked, PROBLEMS: Problem})
@allows("privacy:write")
def read_request(request: Call, request_id: Key) -> dict[str, Any]:
    """How far a request has come, and its report once it is done; it names nobody."""
    policies.check_may_look(actor=request.auth.user, organisation=request.organisation)
    return _told(request, request_id)


def _told(request: Call, number: int) -> dict[str, Any]:
    one = selectors.request_of([each.pk for each in request.organisations], number)
    return {
        "id": one.number, "request": one.kind, "state": "done" if one.done_at else "running",
        "percent": one.percent, "asked_at": one.asked_at, "done_at": one.done_at,
        "swept_at": one.swept_at, "is_log_swept": one.is_log_swept,
        "found": one.found, "left": {each.where: each.count for each in one.left},
        "unreadable_files": list(one.unreadable), "removed": one.removed,
    }  # fmt: skip
