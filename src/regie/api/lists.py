"""Many at once: accounts, people and requests, as JSON or as a file; each line has its answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpResponse
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import (
    AS_CSV,
    Asking,
    Code,
    ComparedOut,
    EffectOut,
    Line,
    compared_out,
    effects_out,
)
from regie.api.speaking import Call, allows
from regie.apps.access import services as access
from regie.apps.assets import services as owned
from regie.apps.organisations import services as people
from regie.apps.requests import services as requests
from regie.kernel.i18n import Sentence
from regie.ui.csv_answers import csv_answer
from regie.ui.server import address_of
from regie.ui.templatetags.ui import say

router = Router(tags=["Lists"])
MOST = 1_000
Language = Literal["fr", "en"]


class AnsweredLine(Schema):
    """``line`` is its place in what was sent, or in the file, and ``name`` the account or person
    of it; ``problem`` is why it was refused."""

    line: int
    name: str
    state: str
    problem: str
    hint: str


class AnsweredList(Schema):
    """``compared`` (of accounts) and ``effects`` (of people) are told where nothing was kept;
    ``is_whole`` is false where there are more
    people or accounts than a trial looks at."""

    lines: list[AnsweredLine]
    compared: ComparedOut | None = None
    effects: list[EffectOut] = []
    is_whole: bool = True


class AccountLine(Asking):
    platform: Line
    external_id: Line
    name: Line = ""


class AccountsIn(Asking):
    accounts: list[AccountLine] = Field(min_length=1, max_length=MOST)


class PersonLine(Asking):
    email: Line
    role: Code = "employee"
    ends_on: date | None = None


class PeopleIn(Asking):
    people: list[PersonLine] = Field(min_length=1, max_length=MOST)
    language: Language = "fr"


class RequestLine(Asking):
    platform: Line
    external_id: Line
    role: Line
    email: Line = ""
    reason: Line = ""


class RequestsIn(Asking):
    requests: list[RequestLine] = Field(min_length=1, max_length=MOST)


class ListForIn(Asking):
    """``to`` is the address that answers for pending requests."""

    to: Line
    language: Language = "fr"


@router.post("/accounts/many", response={200: AnsweredList, PROBLEMS: Problem})
@allows("accounts:write")
def link_many(request: Call, said: AccountsIn, dry_run: bool = False) -> dict[str, Any]:
    """“We own these”. ``state`` is linked, known, repeated or refused. With ``dry_run`` nothing is
    kept, and ``compared`` says what would change on accounts that are there: nothing that runs.
    """
    lines = [
        owned.Line(number, one.platform, one.external_id, one.name)
        for number, one in enumerate(said.accounts, start=1)
    ]
    return _accounts(request, lines, dry_run)


@router.post("/accounts/file", response={200: AnsweredList, PROBLEMS: Problem})
@allows("accounts:write")
def link_file(
    request: Call, file: File[UploadedFile], platform: Form[str] = "linkedin_ads",
    dry_run: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """As ``/accounts/many``, of a CSV or Excel list: columns platform, id, name. Lines without a
    platform are of ``platform``."""
    return _accounts(request, owned.read_list(_path(file), usual_platform=platform), dry_run)


@router.post("/people/many", response={200: AnsweredList, PROBLEMS: Problem})
@allows("people:write")
def bring_many(request: Call, said: PeopleIn, dry_run: bool = False) -> dict[str, Any]:
    """Members become what it says, the others are invited. ``state`` is invited, changed,
    unchanged or refused. With ``dry_run`` nothing is kept and nobody gets a letter."""
    wanted = [
        people.Wanted(one.email, one.role, one.ends_on, line)
        for line, one in enumerate(said.people, start=1)
    ]
    return _people(request, wanted, (), said.language, dry_run)


@router.post("/people/file", response={200: AnsweredList, PROBLEMS: Problem})
@allows("people:write")
def bring_file(
    request: Call, file: File[UploadedFile], language: Form[Language] = "fr", dry_run: bool = False
) -> dict[str, Any]:
    """As ``/people/many``, of a CSV or Excel list: columns email, role, ends_on."""
    wanted, unread = people.read_people(_path(file))
    return _people(request, wanted, unread, language, dry_run)


@router.post("/requests/many", response={200: AnsweredList, PROBLEMS: Problem})
@allows("requests:write")
def ask_many(request: Call, said: RequestsIn) -> dict[str, Any]:
    """Ask for each. ``state`` is asked or refused: what was asked before goes on waiting."""
    rows = [
        requests.row_of(number, one.platform, one.external_id, one.role, one.email, one.reason)
        for number, one in enumerate(said.requests, start=1)
    ]
    return _requests(
        requests.ask_each(actor=request.auth.user, organisation=request.organisation, rows=rows)
    )


@router.post("/requests/file", response={200: AnsweredList, PROBLEMS: Problem})
@allows("requests:write")
def ask_file(
    request: Call, file: File[UploadedFile], platform: Form[str] = "linkedin_ads"
) -> dict[str, Any]:
    """As ``/requests/many``, of a CSV or Excel list: columns account, role, email, reason."""
    done = requests.bring_requests(
        actor=request.auth.user, organisation=request.organisation, path=_path(file),
        platform=platform,
    )  # fmt: skip
    return _requests(done)


@router.get(
    "/requests/owners.csv", response={PROBLEMS: Problem},
    openapi_extra={"responses": {200: AS_CSV}},
)  # fmt: skip
@allows("requests:write")
def file_for_owners(request: Call, to: Line = "", language: Language = "fr") -> HttpResponse:
    """The pending requests, signed, for owners who are not here: they fill in one column and send
    it back. With ``to`` those alone that this address answers for."""
    text = requests.file_for_owners(
        actor=request.auth.user, organisation=request.organisation, responsible=to or None,
        language=language,
    )  # fmt: skip
    return csv_answer("access-requests", text)


@router.post("/requests/owners", response={204: None, PROBLEMS: Problem})
@allows("requests:write")
def send_to_owner(request: Call, said: ListForIn) -> Status[Any]:
    """That list by letter, to one who is responsible; the answer comes to the token's person."""
    requests.send_list(
        actor=request.auth.user, organisation=request.organisation, responsible=said.to,
        language=said.language,
    )  # fmt: skip
    return Status(204, None)


@router.post("/requests/answers", response={200: AnsweredList, PROBLEMS: Problem})
@allows("requests:write")
def bring_answers(request: Call, file: File[UploadedFile]) -> dict[str, Any]:
    """What an owner sent back. ``state`` is accepted, declined or refused (not taken in); lines
    without a decision stay pending and are not told."""
    done = requests.bring_answers(
        actor=request.auth.user, organisation=request.organisation, path=_path(file)
    )
    return _requests(done)


def _path(file: UploadedFile) -> Path:
    kept = cast("TemporaryUploadedFile", file)  # every upload goes to the disk: see the settings
    return Path(kept.temporary_file_path())


def _accounts(request: Call, lines: list[owned.Line], dry_run: bool) -> dict[str, Any]:
    done = access.bring_accounts(
        actor=request.auth.user, organisation=request.organisation, lines=lines, is_trial=dry_run
    )
    return {
        "lines": [
            _line(one.line.number, one.line.external_id, one.state, one.problem, one.hint)
            for one in done.lines
        ],
        "compared": compared_out(done.compared) if done.compared else None,
    }


def _people(
    request: Call, wanted: list[people.Wanted], unread: Iterable[people.Refusal],
    language: str, dry_run: bool,
) -> dict[str, Any]:  # fmt: skip
    asked: dict[str, Any] = {
        "actor": request.auth.user, "organisation": request.organisation, "people": wanted,
        "language": language, "address": address_of(request),
    }  # fmt: skip
    said: dict[str, Any] = {}
    if dry_run:
        tried = access.what_if_brought(**asked)
        answers = tried.result
        said = {"effects": effects_out(tried.effects), "is_whole": tried.is_whole}
    else:
        answers = people.bring_people(**asked)
    lines = [_line(one.line, one.text, "refused", one.problem) for one in unread]
    lines += [_line(one.wanted.line, one.wanted.email, one.state, one.problem) for one in answers]
    return {"lines": sorted(lines, key=lambda one: one["line"]), **said}


def _requests(done: requests.Brought) -> dict[str, Any]:
    lines = [_line(line, "", state, None) for line, state in done.taken]
    lines += [_line(line, "", "refused", why, hint) for line, why, hint in done.refused]
    return {"lines": sorted(lines, key=lambda one: one["line"])}


def _line(
    line: int, name: str, state: str, problem: Sentence | None, hint: Sentence | None = None
) -> dict[str, Any]:
    return {
        "line": line, "name": name, "state": state, "problem": say(problem) if problem else "",
        "hint": say(hint) if hint else "",
    }  # fmt: skip
