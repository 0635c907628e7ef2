"""Make and change tracked links, one or many at once; each leaves an audit line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from regie.apps.accounts.models import User
from regie.apps.assets import services as assets
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import policies
from regie.apps.tracking.models import Link
from regie.domain.traffic import codes
from regie.domain.traffic.agents import DEVICES, SYSTEMS
from regie.domain.traffic.links import (
    Tagging,
    build,
    check_address,
    landing_page,
    tagging,
)
from regie.ingestion.accounts import FoundAccount
from regie.ingestion.files.lists import Row, read_list
from regie.kernel.errors import NotFound, Refused, RegieError
from regie.kernel.i18n import Sentence, _, say

PLATFORM = "regie"
MOST_LINES = 5_000
COLUMNS = ("name", "destination", "source", "medium", "campaign", "term", "content", "code",
           "expires")  # fmt: skip
NEEDED = ("destination", "source", "medium", "campaign")
COLUMN_OF = {
    "medium": "medium", "inconsistent": "medium", "address": "destination",
    "contradiction": "destination", "taken": "code", "code": "code", "expires": "expires",
    "source": "source", "campaign": "campaign", "term": "term", "content": "content",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A link as a person states it. ``rules`` hold device, country and to."""

    name: str
    destination: str
    source: str
    medium: str
    campaign: str
    term: str = ""
    content: str = ""
    code: str = ""
    rules: Sequence[Mapping[str, str]] = field(default=())
    expires_at: datetime | None = None
    afterwards: str = ""


@dataclass(frozen=True)
class RefusedLine:
    line: int
    column: str
    reason: Sentence
    hint: Sentence


@dataclass(frozen=True)
class MadeLinks:
    made: list[int]
    refused: list[RefusedLine]


def create_link(*, actor: User, organisation: Organisation, wanted: Wanted) -> int:
    """Raises ``Refused`` for tags that contradict each other or a code that is taken."""
    policies.check_can_track(actor=actor, organisation=organisation)
    asset = _asset(organisation)
    with transaction.atomic():
        link = _write(Link(organisation=organisation, asset_id=asset, author=str(actor)), wanted)
        _record(actor, link, "tracking.link_created")
    return link.pk


@transaction.atomic
def change_link(*, actor: User, link_id: int, wanted: Wanted) -> None:
    """The code stays: it may be printed."""
    link = _found(link_id)
    policies.check_can_track(actor=actor, organisation=link.organisation)
    _write(link, wanted)
    _record(actor, link, "tracking.link_changed")


@transaction.atomic
def archive_link(*, actor: User, link_id: int, archived: bool) -> None:
    """An archived link leads nowhere; taken out again it works as before."""
    link = _found(link_id)
    policies.check_can_track(actor=actor, organisation=link.organisation)
    Link.objects.filter(pk=link.pk).update(is_archived=archived)
    _record(actor, link, "tracking.link_archived" if archived else "tracking.link_restored")


def create_links(*, actor: User, organisation: Organisation, path: Path) -> MadeLinks:
    """Make the links of a list; what cannot be made is given back with line and reason."""
    policies.check_can_track(actor=actor, organisation=organisation)
    made: list[int] = []
    refused: list[RefusedLine] = []
    with read_list(path, {name: (name,) for name in COLUMNS}, most=MOST_LINES) as found:
        missing = next((name for name in NEEDED if name not in found.columns), None)
        if missing:
            raise Refused(
                say(_("The table has no column “{name}”."), name=missing),
                hint=say(_("Its first line must name: {names}."), names=", ".join(COLUMNS)),
            )
        rows = list(found.rows)  # to its end: of a list that cannot be read nothing is made
    with transaction.atomic():
        asset = _asset(organisation)
        for row in rows:
            try:
                with transaction.atomic():
                    link = Link(organisation=organisation, asset_id=asset, author=str(actor))
                    made.append(_write(link, _wanted(row, organisation)).pk)
            except RegieError as problem:
                column = COLUMN_OF.get(problem.code, "")
                refused.append(RefusedLine(row.line, column, problem.sentence, problem.hint))
        audit.record(
            organisation_id=organisation.pk, action="tracking.links_created", actor_id=actor.pk,
            actor=str(actor), made=len(made), refused=len(refused),
        )  # fmt: skip
    return MadeLinks(made, refused)


def _wanted(row: Row, organisation: Organisation) -> Wanted:
    if row.problem:
        raise Refused(row.problem)
    said = {name: row[name] for name in COLUMNS}
    expires = said.pop("expires")
    at = None
    if expires:
        try:
            day = datetime.fromisoformat(expires).date()
        except ValueError as error:
            raise Refused(
                say(_("“{text}” is not a day."), text=expires),
                hint=_("Write it as 2026-12-31."), code="expires",
            ) from error  # fmt: skip
        at = datetime.combine(day, time.max, ZoneInfo(organisation.time_zone))
    said["name"] = said["name"] or f"{said['campaign']} · {said['source']}"
    return Wanted(
        name=said["name"], destination=said["destination"], source=said["source"],
        medium=said["medium"], campaign=said["campaign"], term=said["term"],
        content=said["content"], code=said["code"], expires_at=at,
    )  # fmt: skip


def _write(link: Link, wanted: Wanted) -> Link:
    tags = tagging(
        source=wanted.source, medium=wanted.medium, campaign=wanted.campaign, term=wanted.term,
        content=wanted.content,
    )  # fmt: skip
    if not link.pk:
        link.code = _code(wanted.code)
        link.folded = codes.fold(link.code)
    link.name = wanted.name.strip()[:120] or tags.campaign
    link.destination = landing_page(wanted.destination, tags)
    for name in ("source", "medium", "campaign", "term", "content"):
        setattr(link, name, getattr(tags, name))
    link.target = build(link.destination, tags, link.code)
    link.rules = [_rule(one, tags, link.code) for one in wanted.rules]
    link.expires_at = wanted.expires_at
    link.afterwards = check_address(wanted.afterwards) if wanted.afterwards.strip() else ""
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError as error:
        raise _taken(link.code) from error
    return link


def _code(wanted: str) -> str:
    text = wanted.strip()
    if not text:
        return codes.new_code()
    if not codes.is_code(text):
        raise Refused(
            say(_("“{code}” cannot stand in an address."), code=text[:64]),
            hint=_("Use letters, digits and hyphens."),
            code="code",
        )
    return text


def _taken(code: str) -> Refused:
    return Refused(
        say(_("The code “{code}” is taken, or too like one that is."), code=code),
        hint=_("Choose another, or leave it empty: one will be made."),
        code="taken",
    )


def _rule(said: Mapping[str, str], tags: Tagging, code: str) -> dict[str, str]:
    device, country = said.get("device", ""), said.get("country", "").strip().upper()
    if device and device not in (*DEVICES, *SYSTEMS):
        raise Refused(say(_("“{device}” is not a kind of device."), device=device), code="rule")
    if country and (len(country) != 2 or not country.isalpha()):
        raise Refused(
            say(_("“{country}” is not a country."), country=country),
            hint=_("Write its two letters, such as FR or BE."),
            code="rule",
        )
    to = check_address(said.get("to", ""), app=True)
    is_page = to.startswith(("http://", "https://"))
    return {"device": device, "country": country, "given": to,
            "to": build(to, tags, code) if is_page else to}  # fmt: skip


def _asset(organisation: Organisation) -> int:
    """The account that clicks are counted under."""
    found = FoundAccount(PLATFORM, "links", "", organisation.currency, organisation.time_zone)
    return assets.resolve_accounts(organisation, [found])["links"].key


def _found(link_id: int) -> Link:
    link = Link.objects.select_for_update(of=("self",)).select_related("organisation").filter(
        pk=link_id
    ).first()  # fmt: skip
    if link is None:
        raise NotFound(_("There is no such link."))
    return link


def _record(actor: User, link: Link, action: str) -> None:
    audit.record(
        organisation_id=link.organisation_id, action=action, actor_id=actor.pk, actor=str(actor),
        link_id=link.pk, code=link.code, target=link.target,
    )  # fmt: skip


def tags_of(link: Link) -> Tagging:
    return Tagging(link.source, link.medium, link.campaign, link.term, link.content)


__all__ = ["COLUMNS", "MadeLinks", "RefusedLine", "Wanted", "archive_link", "change_link",
           "create_link", "create_links"]  # fmt: skip
