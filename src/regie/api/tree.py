"""The tree of organisations: grown, moved, merged, closed; tried first, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.utils.text import slugify
from ninja import Field, Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, ComparedOut, Key, Slug, compared_out
from regie.api.speaking import Call, allows
from regie.apps.access import services as access
from regie.apps.organisations import selectors, services
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.selectors import Consequences
from regie.kernel.errors import Forbidden, NotFound
from regie.kernel.i18n import _

router = Router(tags=["Organisations"])
OrganisationName = Field(min_length=1, max_length=160, pattern=r"^[^\x00]*\S[^\x00]*$")


class OrganisationOut(Schema):
    slug: str
    name: str
    kind: str
    manager_number: str | None
    parent: str | None
    is_closed: bool


class NewOrganisationIn(Asking):
    """``parent`` is a slug of the branch: the organisation of the token where it is empty."""

    name: str = OrganisationName
    kind: Literal[
        "brand", "franchisor", "subsidiary", "region", "franchisee", "agency", "freelance"
    ] = "region"
    parent: Slug = ""
    is_manager: bool = False


class NameIn(Asking):
    name: str = OrganisationName


class MoveIn(Asking):
    """``to`` is the slug of the organisation that it will stand below; null is the top."""

    to: Slug | None


class MergeIn(Asking):
    into: Slug


class NumberOut(Schema):
    manager_number: str


class ConsequencesOut(Schema):
    """What changes: ``branch`` organisations in all; people who ``gain`` and ``lose`` sight of it,
    by name. A merger also moves ``people`` and the organisations below (``children``).
    ``change_id`` takes it back; it is null where it was only tried."""

    branch: int
    gain: list[str]
    lose: list[str]
    people: list[str]
    children: list[str]
    change_id: int | None = None


class ChangeOut(Schema):
    """``kind`` is moved, merged or closed."""

    id: int
    kind: str
    organisation: str
    actor: str
    at: datetime


class PlaceOut(OrganisationOut):
    """``line`` are the names from the top down to it; ``people`` work in it itself."""

    line: list[str]
    people: int


@router.get("/organisations", response={200: list[OrganisationOut], PROBLEMS: Problem})
@allows("manager:read")
def list_organisations(request: Call) -> list[dict[str, Any]]:
    """The organisation of the token and those below it, in the order of the tree."""
    slugs = {one.pk: one.slug for one in request.organisations}
    return [_organisation(one, slugs) for one in request.organisations]


@router.post("/organisations", response={200: ComparedOut, 201: OrganisationOut, PROBLEMS: Problem})
@allows("organisations:write")
def create(request: Call, said: NewOrganisationIn, dry_run: bool = False) -> Status[Any]:
    """A new organisation of the branch; it begins with the calendar and currency above it.

    With ``dry_run`` nothing is kept, and it is said (200) what would change: nothing that runs.
    """
    parent = found_in_branch(request, said.parent) if said.parent else request.organisation
    if dry_run:
        tried = access.what_if_created(
            actor=request.auth.user, parent=parent, name=said.name, kind=said.kind,
            is_manager=said.is_manager,
        )  # fmt: skip
        return Status(200, compared_out(tried))
    made = services.create_below(
        actor=request.auth.user, parent=parent, name=said.name, base=slugify(said.name),
        kind=said.kind, is_manager=said.is_manager,
    )  # fmt: skip
    return Status(201, _organisation(made, {parent.pk: parent.slug}))


@router.get("/organisation-changes", response={200: list[ChangeOut], PROBLEMS: Problem})
@allows("manager:read")
def list_changes(request: Call) -> list[Any]:
    """What was moved, merged or closed in the last 30 days and can be taken back, newest first."""
    return list(selectors.latest_changes(request.organisations, limit=100))


@router.post("/organisation-changes/{change_id}/undo", response={204: None, PROBLEMS: Problem})
@allows("organisations:write")
def undo(request: Call, change_id: Key) -> Status[Any]:
    """As it was before, where nothing that hangs on it has changed since."""
    found = selectors.latest_changes(request.organisations, limit=10_000)
    if all(one.id != change_id for one in found):
        raise NotFound(_("There is nothing to take back."))
    services.undo_change(actor=request.auth.user, change_id=change_id)
    return Status(204, None)


@router.get("/organisations/{slug}", response={200: PlaceOut, PROBLEMS: Problem})
@allows("manager:read")
def one(request: Call, slug: Slug) -> dict[str, Any]:
    """One organisation of the branch, and where it stands."""
    here = found_in_branch(request, slug)
    people = selectors.people_of(here, selectors.Filter(only_here=True)).count()
    slugs = {one.pk: one.slug for one in request.organisations}
    line = [step.name for step in selectors.line_of(here)]
    return _organisation(here, slugs) | {"line": line, "people": people}


@router.put("/organisations/{slug}/name", response={204: None, PROBLEMS: Problem})
@allows("organisations:write")
def rename(request: Call, slug: Slug, said: NameIn) -> Status[Any]:
    """Its slug stays, so that addresses and programs go on working."""
    here = found_in_branch(request, slug)
    services.rename_organisation(actor=request.auth.user, organisation=here, name=said.name)
    return Status(204, None)


@router.post("/organisations/{slug}/move", response={200: ConsequencesOut, PROBLEMS: Problem})
@allows("organisations:write")
def move(request: Call, slug: Slug, said: MoveIn, dry_run: bool = False) -> dict[str, Any]:
    """It stands elsewhere, with all below it. With ``dry_run`` nothing changes."""
    here = _steered(request, slug)
    asked: dict[str, Any] = {
        "actor": request.auth.user, "organisation": here,
        "to": None if said.to is None else found_in_branch(request, said.to),
    }  # fmt: skip
    told = services.what_if_moved(**asked)
    return _told(told, None if dry_run else services.move_organisation(**asked).pk)


@router.post("/organisations/{slug}/merge", response={200: ConsequencesOut, PROBLEMS: Problem})
@allows("organisations:write")
def merge(request: Call, slug: Slug, said: MergeIn, dry_run: bool = False) -> dict[str, Any]:
    """Its people and what is below it go ``into`` another; itself is closed, its past stays.

    With ``dry_run`` nothing changes.
    """
    asked: dict[str, Any] = {
        "actor": request.auth.user, "organisation": _steered(request, slug),
        "into": found_in_branch(request, said.into),
    }  # fmt: skip
    told = services.what_if_merged(**asked)
    return _told(told, None if dry_run else services.merge_organisation(**asked).pk)


@router.post("/organisations/{slug}/close", response={200: ConsequencesOut, PROBLEMS: Problem})
@allows("organisations:write")
def close(request: Call, slug: Slug, dry_run: bool = False) -> dict[str, Any]:
    """It and all below it: ``lose`` are those who no longer get in. Its past stays.

    With ``dry_run`` nothing changes.
    """
    asked: dict[str, Any] = {
        "actor": request.auth.user, "organisation": _steered(request, slug)
    }  # fmt: skip
    told = services.what_if_closed(**asked)
    return _told(told, None if dry_run else services.close_organisation(**asked).pk)


@router.post(
    "/organisations/{slug}/open", response={200: ConsequencesOut, 204: None, PROBLEMS: Problem}
)
@allows("organisations:write")
def open_again(request: Call, slug: Slug, dry_run: bool = False) -> Status[Any]:
    """It, and those below that were closed with it.

    With ``dry_run`` nothing changes, and it is said (200) who would ``gain`` it.
    """
    asked: dict[str, Any] = {"actor": request.auth.user, "organisation": _steered(request, slug)}
    if dry_run:
        return Status(200, _told(services.what_if_opened(**asked), None))
    services.open_again(**asked)
    return Status(204, None)


@router.post("/organisations/{slug}/manager-number", response={200: NumberOut, PROBLEMS: Problem})
@allows("organisations:write")
def number(request: Call, slug: Slug) -> dict[str, str]:
    """Give it a number of its own, by which partners name it; the one it has where it has one."""
    here = found_in_branch(request, slug)
    made = services.open_manager(actor=request.auth.user, organisation=here)
    return {"manager_number": made}


def _organisation(one: Organisation, slugs: Mapping[int, str]) -> dict[str, Any]:
    """``slugs`` are those of the organisations that the caller sees, by key."""
    return {
        "slug": one.slug, "name": one.name, "kind": one.kind,
        "manager_number": one.manager_number, "parent": slugs.get(one.parent_id or 0),
        "is_closed": one.closed_at is not None,
    }  # fmt: skip


def found_in_branch(request: Call, slug: str) -> Organisation:
    """A token knows its own branch only; the rest answers like what does not exist."""
    here = next((one for one in request.organisations if one.slug == slug), None)
    if here is None:
        raise NotFound(_("There is no such organisation."))
    return here


def _steered(request: Call, slug: str) -> Organisation:
    here = found_in_branch(request, slug)
    if here.pk == request.organisation.pk and here.parent_id is not None:
        raise Forbidden(
            _("A token steers what is below its organisation, not the organisation itself."),
            hint=_("Make the token for the organisation above."),
        )
    return here


def _told(found: Consequences, change_id: int | None) -> dict[str, Any]:
    return vars(found) | {"change_id": change_id}
