"""Promo codes: make them, put them away, take them at the till."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import policies, redeeming, used
from regie.apps.tracking.linking import MOST_LINES, MadeLinks, RefusedLine
from regie.apps.tracking.models import PromoCode, Redemption
from regie.domain.traffic import codes
from regie.domain.traffic.links import LONGEST_SOURCE, LONGEST_TAG, conventional, too_long
from regie.ingestion.files.lists import Row, read_list
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused, RegieError
from regie.kernel.i18n import _, say

MOST_AT_ONCE = 10_000
CODE_COLUMNS = ("name", "code", "source", "medium", "campaign", "once", "starts", "ends")
YES = frozenset({"1", "x", "yes", "y", "true", "oui", "o", "vrai"})


@dataclass(frozen=True)
class WantedCode:
    """``code`` empty: one is made. ``medium`` and ``source`` say what carries it to people."""

    name: str
    code: str = ""
    source: str = ""
    medium: str = "coupon"
    campaign: str = ""
    is_single_use: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


def create_codes(
    *, actor: User, organisation: Organisation, wanted: WantedCode, count: int = 1
) -> list[int]:
    """``count`` codes alike; more than one only of single use, each made at random.

    Raises ``Refused`` for a code that is taken, or that reads like one that is.
    """
    policies.check_can_track(actor=actor, organisation=organisation)
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refused(say(_("Between 1 and {most} codes at once."), most=MOST_AT_ONCE))
    if count > 1 and wanted.code:
        raise Refused(_("Several codes cannot be the same: leave the code empty."), code="code")
    _check(wanted)
    asset = redeeming.account(organisation)
    with transaction.atomic():
        made = [_made(organisation, asset, actor, wanted) for _place in range(count)]
        audit.record(
            organisation_id=organisation.pk, action="tracking.codes_created", actor_id=actor.pk,
            actor=str(actor), name=wanted.name, made=len(made), first=made[0].code,
        )  # fmt: skip
    return [one.pk for one in made]


def create_listed_codes(*, actor: User, organisation: Organisation, path: Path) -> MadeLinks:
    """Make the codes of a list; what cannot be made is given back with line and reason."""
    policies.check_can_track(actor=actor, organisation=organisation)
    made: list[int] = []
    refused: list[RefusedLine] = []
    with read_list(path, {name: (name,) for name in CODE_COLUMNS}, most=MOST_LINES) as found:
        if "name" not in found.columns and "code" not in found.columns:
            raise Refused(
                say(_("The table has no column “{name}”."), name="name"),
                hint=say(_("Its first line must name: {names}."), names=", ".join(CODE_COLUMNS)),
            )
        rows = list(found.rows)  # to its end: of a list that cannot be read nothing is made
    with transaction.atomic():
        asset = redeeming.account(organisation)
        for row in rows:
            try:
                wanted = _listed(row)
                _check(wanted)
                made.append(_made(organisation, asset, actor, wanted).pk)
            except RegieError as problem:
                column = {"code": "code", "ends_on": "ends"}.get(problem.code, problem.code)
                refused.append(RefusedLine(row.line, column, problem.sentence, problem.hint))
        audit.record(
            organisation_id=organisation.pk, action="tracking.codes_created", actor_id=actor.pk,
            actor=str(actor), name="", made=len(made), refused=len(refused),
        )  # fmt: skip
    return MadeLinks(made, refused)


def _listed(row: Row) -> WantedCode:
    if row.problem:
        raise Refused(row.problem)
    said = {name: row[name] for name in CODE_COLUMNS}
    return WantedCode(
        name=said["name"], code=said["code"], source=said["source"],
        medium=said["medium"] or "coupon", campaign=said["campaign"],
        is_single_use=said["once"].strip().lower() in YES,
        starts_on=_day(said["starts"], "starts"), ends_on=_day(said["ends"], "ends"),
    )  # fmt: skip


def _day(text: str, column: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text.strip() else None
    except ValueError as error:
        raise Refused(
            say(_("“{text}” is not a day."), text=text), hint=_("Write it as 2026-12-31."),
            code=column,
        ) from error  # fmt: skip


def _check(wanted: WantedCode) -> None:
    if wanted.code and not codes.fold(wanted.code):
        raise Refused(_("A code needs letters or digits."), code="code")
    for name, label, value, most in (
        ("code", _("code"), max(wanted.code.strip(), codes.fold(wanted.code), key=len), 64),
        ("source", _("source"), conventional(wanted.source), LONGEST_SOURCE),
        ("medium", _("medium"), conventional(wanted.medium), LONGEST_SOURCE),
        ("campaign", _("campaign"), conventional(wanted.campaign), LONGEST_TAG),
    ):
        if len(value) > most:
            raise too_long(say(label), most, name)
    if wanted.starts_on and wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise Refused(_("The last day comes before the first."), code="ends_on")


def _made(organisation: Organisation, asset: int, actor: User, wanted: WantedCode) -> PromoCode:
    text = wanted.code.strip() or codes.new_code(8).upper()
    code = PromoCode(
        organisation=organisation, asset_id=asset, name=wanted.name.strip()[:120] or text,
        code=text, folded=codes.fold(text), author=str(actor),
        source=conventional(wanted.source), medium=conventional(wanted.medium),
        campaign=conventional(wanted.campaign), is_single_use=wanted.is_single_use,
        starts_on=wanted.starts_on, ends_on=wanted.ends_on,
    )  # fmt: skip
    try:
        with transaction.atomic():
            code.save()
    except IntegrityError as error:
        raise Refused(
            say(_("The code “{code}” exists, or one that reads the same."), code=text),
            hint=_("Choose another."),
            code="code",
        ) from error
    return code


@transaction.atomic
def archive_code(*, actor: User, code_id: int, archived: bool) -> None:
    """An archived code is refused at the till, and in orders of later days."""
    code = PromoCode.objects.select_related("organisation").filter(pk=code_id).first()
    if code is None:
        raise NotFound(_("There is no such code."))
    policies.check_can_track(actor=actor, organisation=code.organisation)
    today = clock.now().astimezone(ZoneInfo(code.organisation.time_zone)).date()
    PromoCode.objects.filter(pk=code.pk).update(
        is_archived=archived, archived_on=today if archived else None
    )
    audit.record(
        organisation_id=code.organisation_id, actor_id=actor.pk, actor=str(actor),
        action="tracking.code_archived" if archived else "tracking.code_restored", code=code.code,
    )  # fmt: skip


def redeem(
    *, actor: User, organisation: Organisation, typed: str, location: str = "", order_id: str = ""
) -> Redemption:
    """Take a code at the till, as it was typed or heard; refused ones are kept with the reason."""
    policies.check_can_track(actor=actor, organisation=organisation)
    at = clock.now()
    with transaction.atomic():
        # The order may have told of it before the till does.
        record = used.brought(organisation.pk, order_id.strip()[:100], typed) or redeeming.settle(
            organisation_id=organisation.pk, typed=typed, at=at,
            today=at.astimezone(ZoneInfo(organisation.time_zone)).date(),
            event_id=f"till-{uuid.uuid4().hex}", location=location.strip()[:80],
            order_id=order_id.strip()[:100], actor=str(actor),
        )  # fmt: skip
        audit.record(
            organisation_id=organisation.pk, actor_id=actor.pk, actor=str(actor),
            action="tracking.code_redeemed" if record.is_accepted else "tracking.code_refused",
            typed=record.typed, location=record.location,
        )  # fmt: skip
    return record
