"""Audiences: described, loaded, put away, taken out as digests; nobody inside one is ever shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpResponse
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import AS_CSV, Asking, Code, Key, Line, Made, Name
from regie.api.speaking import Call, allows
from regie.apps.audiences import selectors, services
from regie.apps.audiences.selectors import AudienceCard
from regie.apps.audiences.services import Described
from regie.domain.audiences.terms import Basis, Source
from regie.ui.csv_answers import csv_answer
from regie.ui.templatetags.ui import say

router = Router(tags=["Audiences"])
SHOWN = 100
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]


class AudienceIn(Asking):
    """``basis`` is that of GDPR, article 6."""

    name: Name
    source: Source
    basis: Basis
    purpose: Line = Field(min_length=1)
    expires_on: date


class RefusedLine(Schema):
    line: int
    reason: str


class LoadedOut(Schema):
    size: int
    added: int
    removed: int
    repeated: int
    withdrawn: int
    refused_count: int
    refused: list[RefusedLine]


class ArchivedIn(Asking):
    archived: bool


class ExportIn(Asking):
    platform: Code = Field(examples=["meta_ads"])


class WithdrawalIn(Asking):
    """The e-mail address or the telephone number of somebody who takes his consent back."""

    email: Line = ""
    phone: Line = ""
    country: Country = "FR"


class WithdrawnOut(Schema):
    """How many lists the person was in."""

    lists: int


@router.get("/audiences", response={200: list[AudienceCard], PROBLEMS: Problem})
@allows("audiences:read")
def list_audiences(request: Call) -> list[AudienceCard]:
    """The organisation's own, then those that others share with it."""
    own = selectors.audiences_of(request.organisation, actor=request.auth.user)
    return [*own, *selectors.received_by(request.organisation)]


@router.post("/audiences/withdrawals", response={200: WithdrawnOut, PROBLEMS: Problem})
@allows("audiences:write")
def withdraw_person(request: Call, said: WithdrawalIn) -> dict[str, int]:
    """Somebody takes his consent back: he leaves every list, and is never taken in again."""
    left = services.withdraw_person(
        actor=request.auth.user, organisation=request.organisation, **said.dict()
    )
    return {"lists": left}


@router.get("/audiences/{audience_id}", response={200: AudienceCard, PROBLEMS: Problem})
@allows("audiences:read")
def one_audience(request: Call, audience_id: Key) -> AudienceCard:
    return card_of(request, audience_id)


@router.post("/audiences", response={201: Made, PROBLEMS: Problem})
@allows("audiences:write")
def create(request: Call, said: AudienceIn) -> Status[Any]:
    made = services.create_audience(
        actor=request.auth.user, organisation=request.organisation, said=_described(said)
    )
    return Status(201, {"id": made})


@router.put("/audiences/{audience_id}", response={204: None, PROBLEMS: Problem})
@allows("audiences:write")
def change(request: Call, audience_id: Key, said: AudienceIn) -> Status[Any]:
    card_of(request, audience_id)
    services.change_audience(
        actor=request.auth.user, audience_id=audience_id, said=_described(said)
    )
    return Status(204, None)


@router.post("/audiences/{audience_id}/members", response={200: LoadedOut, PROBLEMS: Problem})
@allows("audiences:write")
def load(
    request: Call,
    audience_id: Key,
    file: File[UploadedFile],
    country: Form[str] = "FR",
    replace: Form[bool] = False,
) -> dict[str, Any]:
    """Take in a list of people; digests alone are kept. The same file again changes nothing."""
    card_of(request, audience_id)
    kept = cast("TemporaryUploadedFile", file)  # every upload goes to the disk: see the settings
    done = services.load_members(
        actor=request.auth.user, audience_id=audience_id, path=Path(kept.temporary_file_path()),
        country=country, replace=replace,
    )  # fmt: skip
    refused = [{"line": line, "reason": say(why)} for line, why in done.refused[:SHOWN]]
    return vars(done) | {"refused": refused}


@router.put("/audiences/{audience_id}/archived", response={204: None, PROBLEMS: Problem})
@allows("audiences:write")
def archive(request: Call, audience_id: Key, said: ArchivedIn) -> Status[Any]:
    """Put it away, or take it out again: meanwhile nobody can use it, and nothing is lost."""
    card_of(request, audience_id)
    services.archive_audience(
        actor=request.auth.user, audience_id=audience_id, archived=said.archived
    )
    return Status(204, None)


@router.post(
    "/audiences/{audience_id}/exports", response={PROBLEMS: Problem},
    openapi_extra={"responses": {200: AS_CSV}},
)  # fmt: skip
@allows("audiences:export")
def export(request: Call, audience_id: Key, said: ExportIn) -> HttpResponse:
    """The list as a platform wants it: digests, normalised its way; the ledger says who took it."""
    card_of(request, audience_id)
    text = services.export_members(
        actor=request.auth.user, audience_id=audience_id, platform=said.platform
    )
    return csv_answer(f"audience-{audience_id}-{said.platform}", text, is_marked=False)


def card_of(request: Call, audience_id: int) -> AudienceCard:
    """Of the organisation of the token, or shared with it; another answers like an absent one."""
    return selectors.audience_card(
        audience_id, actor=request.auth.user, organisation=request.organisation,
        among={one.pk for one in request.organisations},
    )  # fmt: skip


def _described(said: AudienceIn) -> Described:
    return Described(said.name, said.source.value, said.basis.value, said.purpose, said.expires_on)
