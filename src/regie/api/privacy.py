"""What persons ask, for programs: told, corrected, forgotten. A name never stands in an address."""

from __future__ import annotations

import json
from typing import Any

from ninja import Field, Router, Schema
from ninja.responses import codes_4xx

from regie.api.problems import Problem
from regie.api.speaking import Call, allows
from regie.apps.identity import services

router = Router(tags=["Privacy"])


class Who(Schema):
    """Any one of the person's names: address, telephone, login, customer number, card, device."""

    who: str = Field(min_length=2, max_length=400, examples=["camille@example.com"])
    country: str = Field(default="FR", pattern="^[A-Z]{2}$")


class Right(Who):
    right: str = Field(min_length=2, max_length=400)


class Done(Schema):
    """``found`` counts rows by place; ``left`` the places that still name the person."""

    request: str
    found: dict[str, int]
    left: dict[str, int]


@router.post("/persons/show", response={200: dict[str, list[dict[str, Any]]], codes_4xx: Problem})
@allows("privacy:write")
def show(request: Call, asked: Who) -> Any:
    """All that the organisation and those below it hold of a person."""
    held = services.tell_person(
        actor=request.auth.user, organisation=request.organisation, text=asked.who,
        country=asked.country,
    )  # fmt: skip
    return json.loads(services.as_json(held))


@router.post("/persons/correct", response={200: Done, codes_4xx: Problem})
@allows("privacy:write")
def correct(request: Call, asked: Right) -> dict[str, Any]:
    """Write a name rightly, wherever it is written."""
    return _told(
        services.correct_person(
            actor=request.auth.user, organisation=request.organisation, wrong=asked.who,
            right=asked.right, country=asked.country,
        )
    )  # fmt: skip


@router.post("/persons/erase", response={200: Done, codes_4xx: Problem})
@allows("privacy:write")
def erase(request: Call, asked: Who) -> dict[str, Any]:
    """Forget a person. It cannot be taken back."""
    return _told(
        services.erase_person(
            actor=request.auth.user, organisation=request.organisation, text=asked.who,
            country=asked.country,
        )
    )  # fmt: skip


def _told(done: services.Done) -> dict[str, Any]:
    left = {one.where: one.count for one in done.left}
    return {"request": done.kind, "found": done.found, "left": left}
