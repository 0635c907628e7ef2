"""Files: what came in, what became of it, and bringing more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from regie.api.problems import PROBLEMS, Problem
from regie.api.speaking import Call, allows
from regie.apps.access import policies as access
from regie.apps.connections import selectors, services
from regie.apps.connections.selectors import ImportCard
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.ui.templatetags.ui import say

router = Router(tags=["Imports"])
MOST = 200


class Refused(Schema):
    line: int
    column: str
    reason: str


class Import(Schema):
    id: int
    file_name: str
    organisation: str
    platform: str
    state: str
    progress: float
    created_at: datetime
    finished_at: datetime | None
    rows_read: int
    rows_imported: int
    rows_refused: int
    rows_replaced: int
    refused: list[Refused]
    notes: list[str]


class ImportsPage(Schema):
    limit: int = Field(default=50, ge=1, le=MOST)
    before: int | None = Field(default=None, ge=1, le=2**62)


@router.get("/imports", response={200: list[Import], PROBLEMS: Problem})
@allows("imports:read")
def imports(request: Call, page: Query[ImportsPage]) -> list[dict[str, Any]]:
    """The newest first; ``before`` is the id after which to go on."""
    found = selectors.imports_of(_branch(request), limit=page.limit, before=page.before)
    return [_said(one) for one in found]


@router.get("/imports/{import_id}", response={200: Import, PROBLEMS: Problem})
@allows("imports:read")
def one_import(request: Call, import_id: int) -> dict[str, Any]:
    """What became of one file, with its refused lines."""
    absent = NotFound(_("There is no such import."))
    if not 0 < import_id < 2**62:
        raise absent
    try:
        found = selectors.import_detail(import_id)
    except NotFound as error:  # said without its number, as of one beyond the token's branch
        raise absent from error
    if found.organisation_id not in _branch(request):
        raise absent
    return _said(found)


class Sent(Schema):
    """The batch that the worker imports; its imports are listed at ``/imports``."""

    batch: str
    ids: list[int]


@router.post("/imports", response={202: Sent, PROBLEMS: Problem})
@allows("imports:write")
def bring(
    request: Call,
    file: File[UploadedFile],
    account: Form[str] = "",
    currency: Form[str] = "",
    period: Form[str] = "",
) -> Status[Any]:
    """Bring a file in, as the Imports page does; the same file again changes nothing."""
    access.check_can_import(actor=request.auth.user, organisation=request.organisation)
    kept = cast("TemporaryUploadedFile", file)  # every upload goes to the disk: see the settings
    batch = services.receive(
        actor=request.auth.user, organisation=request.organisation,
        files=[(Path(kept.temporary_file_path()), kept.name or "file")],
        options=services.Options(account=account, currency=currency, period=period),
    )  # fmt: skip
    services.queue_batch(batch, request.auth.user)
    ids = [one.id for one in selectors.imports_in_batch(batch)]
    return Status(202, {"batch": batch, "ids": ids})


def _branch(request: Call) -> list[int]:
    return [one.pk for one in request.organisations]


def _said(card: ImportCard) -> dict[str, Any]:
    return {
        **{name: getattr(card, name) for name in Import.model_fields if hasattr(card, name)},
        "refused": [
            {"line": one.line, "column": one.column, "reason": say(one.reason)}
            for one in card.refused
        ],
        "notes": [say(note) for note in (*card.notes, card.unnamed) if note],
    }
