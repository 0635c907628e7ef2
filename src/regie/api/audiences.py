"""Audiences: described, loaded, shared, put on accounts; nobody inside one is ever shown."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile
from ninja.responses import codes_4xx

from regie.api.problems import Problem
from regie.api.shapes import Key, Line, Made, Name
from regie.api.speaking import Call, allows
from regie.apps.audiences import selectors, services
from regie.apps.audiences.services import Described
from regie.domain.audiences.terms import Basis, Rights, Source
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.ui.templatetags.ui import say

router = Router(tags=["Audiences"])
SHOWN = 100


class AudienceIn(Schema):
    """``basis`` is that of GDPR, article 6."""

    name: Name
    source: Source
    basis: Basis
    purpose: Line = Field(min_length=1)
    expires_on: date


class AudienceOut(Schema):
    """``size`` is null for a recipient who may target but not look inside."""

    id: int
    name: str
    owner: str
    source: str
    basis: str
    purpose: str
    expires_on: date
    size: int | None
    changed_at: datetime
    is_own: bool
    is_archived: bool
    is_expired: bool


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


class AudienceShareIn(Schema):
    """``recipient_id`` is one of ``/audiences/recipients``."""

    recipient_id: Key
    rights: Rights = Rights.TARGETING
    purpose: Line = Field(min_length=1)
    expires_on: date


class RecipientOut(Schema):
    id: int
    name: str


class AudienceUseIn(Schema):
    account_id: Key


@router.get("/audiences", response={200: list[AudienceOut], codes_4xx: Problem})
@allows("audiences:read")
def list_audiences(request: Call) -> list[Any]:
    """The organisation's own, then those that others share with it."""
    own = selectors.audiences_of(request.organisation, actor=request.auth.user)
    return [_out(one) for one in [*own, *selectors.received_by(request.organisation)]]


@router.get("/audiences/recipients", response={200: list[RecipientOut], codes_4xx: Problem})
@allows("audiences:read")
def list_recipients(request: Call) -> list[dict[str, Any]]:
    """Whom an audience can be shared with: the tree, and partners."""
    found = selectors.possible_recipients(request.organisation)
    return [{"id": one.id, "name": one.name} for one in found]


@router.get("/audiences/{audience_id}", response={200: AudienceOut, codes_4xx: Problem})
@allows("audiences:read")
def one_audience(request: Call, audience_id: Key) -> dict[str, Any]:
    return _out(_card(request, audience_id))


@router.post("/audiences", response={201: Made, codes_4xx: Problem})
@allows("audiences:write")
def create(request: Call, said: AudienceIn) -> Status[Any]:
    made = services.create_audience(
        actor=request.auth.user, organisation=request.organisation, said=_described(said)
    )
    return Status(201, {"id": made})


@router.put("/audiences/{audience_id}", response={204: None, codes_4xx: Problem})
@allows("audiences:write")
def change(request: Call, audience_id: Key, said: AudienceIn) -> Status[Any]:
    _card(request, audience_id)
    services.change_audience(
        actor=request.auth.user, audience_id=audience_id, said=_described(said)
    )
    return Status(204, None)


@router.post("/audiences/{audience_id}/members", response={200: LoadedOut, codes_4xx: Problem})
@allows("audiences:write")
def load(
    request: Call,
    audience_id: Key,
    file: File[UploadedFile],
    country: Form[str] = "FR",
    replace: Form[bool] = False,
) -> dict[str, Any]:
    """Take in a list of people; digests alone are kept. The same file again changes nothing."""
    _card(request, audience_id)
    kept = cast("TemporaryUploadedFile", file)  # every upload goes to the disk: see the settings
    done = services.load_members(
        actor=request.auth.user, audience_id=audience_id, path=Path(kept.temporary_file_path()),
        country=country, replace=replace,
    )  # fmt: skip
    refused = [{"line": line, "reason": say(why)} for line, why in done.refused[:SHOWN]]
    return vars(done) | {"refused": refused}


@router.post("/audiences/{audience_id}/shares", response={201: Made, codes_4xx: Problem})
@allows("audiences:write")
def share(request: Call, audience_id: Key, said: AudienceShareIn) -> Status[Any]:
    """Let another organisation target it, for a purpose and until a day."""
    _card(request, audience_id)
    made = services.share_audience(
        actor=request.auth.user, audience_id=audience_id, recipient_id=said.recipient_id,
        rights=said.rights.value, purpose=said.purpose, expires_on=said.expires_on,
    )  # fmt: skip
    return Status(201, {"id": made})


@router.delete(
    "/audiences/{audience_id}/shares/{share_id}", response={204: None, codes_4xx: Problem}
)
@allows("audiences:write")
def withdraw(request: Call, audience_id: Key, share_id: Key) -> Status[Any]:
    """The recipient loses it at once, on every account where he used it."""
    _card(request, audience_id)
    if all(one.pk != share_id for one in selectors.shares_of(audience_id)):
        raise NotFound(_("There is no such share."))
    services.withdraw_share(actor=request.auth.user, share_id=share_id)
    return Status(204, None)


@router.post("/audiences/{audience_id}/uses", response={204: None, codes_4xx: Problem})
@allows("audiences:write")
def use(request: Call, audience_id: Key, said: AudienceUseIn) -> Status[Any]:
    """Put it on an ad account, where campaigns find it."""
    _card(request, audience_id)
    if said.account_id not in request.scope.assets:
        raise NotFound(_("There is no such account."))
    services.use_audience(
        actor=request.auth.user, audience_id=audience_id, asset_id=said.account_id
    )
    return Status(204, None)


def _card(request: Call, audience_id: int) -> selectors.AudienceCard:
    """Of the organisation of the token, or shared with it; another answers like an absent one."""
    found = selectors.audience_card(
        audience_id, actor=request.auth.user, organisation=request.organisation
    )
    if found.is_own and found.organisation_id not in {one.pk for one in request.organisations}:
        raise NotFound(_("There is no such audience."))
    return found


def _described(said: AudienceIn) -> Described:
    return Described(said.name, said.source.value, said.basis.value, said.purpose, said.expires_on)


def _out(card: selectors.AudienceCard) -> dict[str, Any]:
    return {name: getattr(card, name) for name in AudienceOut.model_fields}
