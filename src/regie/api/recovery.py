"""The sealed way back in: which three hold its parts, and sealing it anew.

Its parts are nowhere but in the letters, and a person who is signed in breaks the seal with two
of them on the page: no program does either.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Router, Schema

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Line, Name
from regie.api.speaking import Call, allows
from regie.apps.organisations import policies, selectors, services
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.services import Holder
from regie.kernel import clock
from regie.ui.server import address_of

router = Router(tags=["Recovery"])


class HolderIn(Asking):
    name: Name
    email: Line


class SealIn(Asking):
    """Three different people; ``language`` is that of their letters."""

    holders: list[HolderIn] = Field(min_length=3, max_length=3)
    language: Literal["fr", "en"] = "fr"


class HolderOut(Schema):
    """``letter`` is queued, sent or failed; empty where it is no longer known."""

    name: str
    email: str
    letter: str
    problem: str


class SealOut(Schema):
    """``is_sealed`` is whether there is a way back in now."""

    is_sealed: bool
    sealed_at: datetime | None = None
    sealed_by: str = ""
    holders: list[HolderOut] = []


@router.get("/recovery", response={200: SealOut, PROBLEMS: Problem})
@allows("manager:read")
def status(request: Call) -> dict[str, Any]:
    """Who holds a part, and what became of the letters; for administrators. Never a part."""
    policies.check_can_administer(
        actor=request.auth.user, organisation=request.organisation, now=clock.now()
    )
    return _said(request.organisation)


@router.put("/recovery", response={200: SealOut, PROBLEMS: Problem})
@allows("recovery:write")
def seal(request: Call, said: SealIn) -> dict[str, Any]:
    """Name the three: each gets a part by letter, and the parts of a former seal are worthless."""
    services.seal_recovery(
        actor=request.auth.user, organisation=request.organisation,
        holders=[Holder(one.name, one.email) for one in said.holders],
        language=said.language, address=address_of(request),
    )  # fmt: skip
    return _said(request.organisation)


def _said(organisation: Organisation) -> dict[str, Any]:
    found = selectors.whole_seal(organisation)
    if found is None:
        return {"is_sealed": False}
    return {
        "is_sealed": True,
        "sealed_at": found.created_at,
        "sealed_by": found.actor,
        "holders": [
            {
                "name": one.name, "email": one.email, "letter": mail.state if mail else "",
                "problem": mail.problem if mail else "",
            }
            for one, mail in found.holders
        ],
    }  # fmt: skip
