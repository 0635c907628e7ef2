"""Make an audience, load its people, share it, use it, take it out for a platform, withdraw.

Each leaves an audit line. What a file says of people is digested before it reaches the database.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import IntegrityError, connection, transaction

from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.audiences import policies
from regie.apps.audiences.forgetting import correct_member as correct_member
from regie.apps.audiences.forgetting import forget_digests as forget_digests
from regie.apps.audiences.loading import read_members
from regie.apps.audiences.models import (
    Audience,
    AudienceExport,
    AudienceMember,
    AudienceShare,
    AudienceUse,
    Withdrawal,
)
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.selectors import today_in
from regie.domain.audiences.members import Member, NotAnAddress, NotAPhone, member
from regie.domain.audiences.platforms import RULES
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, Refused, WrongUse
from regie.kernel.i18n import Sentence, _, say

BATCH = 10_000
FORMS = ("email", "email_dotless", "phone_plus", "phone_digits")


@dataclass(frozen=True)
class Described:
    """What the law and the reader want to know of a list of people."""

    name: str
    source: str
    basis: str
    purpose: str
    expires_on: date


@dataclass(frozen=True)
class Loaded:
    """What became of a file: members added and removed, lines refused with their reason."""

    size: int
    added: int
    removed: int
    repeated: int
    withdrawn: int
    refused_count: int
    refused: list[tuple[int, Sentence]]


@transaction.atomic
def create_audience(*, actor: User, organisation: Organisation, said: Described) -> int:
    policies.check_can_manage(actor=actor, organisation=organisation)
    _check_described(said, organisation)
    try:
        with transaction.atomic():
            audience = Audience.objects.create(
                organisation=organisation, author=str(actor), **_columns(said)
            )
    except IntegrityError as error:
        raise Refused(
            say(_("There is already an audience called “{name}”."), name=said.name),
            hint=_("Open that one and load the new list into it: it is updated everywhere."),
        ) from error
    _record(actor, audience, "audiences.created", purpose=said.purpose, basis=said.basis)
    return audience.pk


@transaction.atomic
def change_audience(*, actor: User, audience_id: int, said: Described) -> None:
    audience = _own(actor, audience_id)
    _check_described(said, audience.organisation)
    Audience.objects.filter(pk=audience.pk).update(**_columns(said), changed_at=clock.now())
    _record(actor, audience, "audiences.changed", purpose=said.purpose, basis=said.basis)


@transaction.atomic
def archive_audience(*, actor: User, audience_id: int, archived: bool) -> None:
    """Put it away: nobody can use it until it is taken out again; nothing is lost."""
    audience = _own(actor, audience_id)
    Audience.objects.filter(pk=audience.pk).update(is_archived=archived)
    _record(actor, audience, "audiences.archived" if archived else "audiences.restored")


@transaction.atomic
def load_members(
    *, actor: User, audience_id: int, path: Path, country: str, replace: bool
) -> Loaded:
    """Take in a list; with ``replace`` whoever is not in it leaves. The same file again changes
    nothing."""
    audience = _own(actor, audience_id)
    read = read_members(path, country=country)
    taken, added, removed = _take_in(audience, list(read.members.values()), replace=replace)
    loaded = Loaded(
        size=audience.size + added - removed, added=added, removed=removed, repeated=read.repeated,
        withdrawn=len(read.members) - taken, refused_count=read.refused_count,
        refused=read.refused,
    )  # fmt: skip
    _record(
        actor, audience, "audiences.loaded", added=added, removed=removed,
        refused=read.refused_count,
    )  # fmt: skip
    return loaded


@transaction.atomic
def hold_members(*, audience_id: int, members: list[Member]) -> None:
    """Exactly these people are in the audience from now on; who withdrew is not taken in.

    For audiences that follow what people do: nobody's act, and no line in the journal.
    """
    audience = Audience.objects.select_for_update().get(pk=audience_id)
    if not members:
        gone = _keep_only(audience, [])
        if gone:
            _count(audience, 0)
        return
    _take_in(audience, members, replace=True)


def _take_in(audience: Audience, members: list[Member], *, replace: bool) -> tuple[int, int, int]:
    """How many were let in, how many of them are new, and how many left."""
    barred = {
        bytes(one)
        for one in Withdrawal.objects.filter(organisation=audience.organisation).values_list(
            "digest", flat=True
        )
    }
    taken = [one for one in members if not barred & _digests(one)]
    added = sum(_insert(audience, batch) for batch in _batches(taken))
    removed = _keep_only(audience, [one.key for one in taken]) if replace and taken else 0
    if added or removed:
        _count(audience, audience.size + added - removed)
    return len(taken), added, removed


@transaction.atomic
def share_audience(
    *, actor: User, audience_id: int, recipient_id: int, rights: str, purpose: str, expires_on: date
) -> int:
    """Let another organisation target the audience: one of the same tree, or an active partner."""
    audience = _own(actor, audience_id)
    recipient = policies.possible_recipient(audience.organisation, recipient_id)
    if not purpose.strip():
        raise WrongUse(_("Say what the recipient may use this audience for."))
    if not today_in(audience.organisation) <= expires_on <= audience.expires_on:
        raise WrongUse(
            _("A share ends between today and the day on which the audience itself expires.")
        )
    try:
        with transaction.atomic():
            share = AudienceShare.objects.create(
                audience=audience, owner=audience.organisation,
                owner_name=audience.organisation.name, recipient_id=recipient.id,
                recipient_name=recipient.name, rights=rights, purpose=purpose.strip(),
                expires_on=expires_on, size_then=audience.size, shared_by=str(actor),
            )  # fmt: skip
    except IntegrityError as error:
        if "one_live_share_each" not in str(error):  # the partnership has just ended
            raise policies.out_of_reach() from error
        raise Refused(
            say(_("This audience is already shared with {name}."), name=recipient.name),
            hint=_("Withdraw that share first if it should change."),
        ) from error
    _record(actor, audience, "audiences.shared", recipient=recipient.name, purpose=purpose)
    return share.pk


@transaction.atomic
def withdraw_share(*, actor: User, share_id: int) -> None:
    """The recipient loses it at once, on every account where he used it."""
    found = AudienceShare.objects.filter(pk=share_id, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound(_("There is no such share."))
    audience = _own(actor, found.audience_id)
    AudienceUse.objects.filter(share=found).delete()
    AudienceShare.objects.filter(pk=found.pk).update(
        withdrawn_at=clock.now(), withdrawn_by=str(actor)
    )
    _record(actor, audience, "audiences.withdrawn", recipient=found.recipient_name)


@transaction.atomic
def use_audience(*, actor: User, audience_id: int, asset_id: int) -> None:
    """Put the audience on an ad account, where campaigns find it; the people are not copied."""
    audience = _seen(audience_id)
    card = next(iter(assets.cards([asset_id])), None)
    if card is None:
        raise NotFound(_("There is no such account."))
    organisation = Organisation.objects.filter(pk=card.organisation_id).first()
    if organisation is None:
        raise Forbidden(
            _("This account belongs to another organisation: its owner chooses its audiences."),
            hint=_("Put the audience on an account of your own."),
        )
    policies.check_can_manage(actor=actor, organisation=organisation)
    share = policies.share_that_allows(audience, organisation)
    AudienceUse.objects.get_or_create(
        audience=audience, asset_id=asset_id,
        defaults={
            "owner_id": audience.organisation_id, "organisation": organisation, "share": share,
            "account_name": card.name or card.external_id, "chosen_by": str(actor),
        },
    )  # fmt: skip
    audit.record(
        organisation_id=organisation.pk, action="audiences.used", actor_id=actor.pk,
        actor=str(actor), audience=audience.name, account=card.name or card.external_id,
    )  # fmt: skip


@transaction.atomic
def stop_using(*, actor: User, use_id: int) -> None:
    found = AudienceUse.objects.filter(pk=use_id).select_related("organisation").first()
    if found is None:
        raise NotFound(_("There is no such use."))
    policies.check_can_manage(actor=actor, organisation=found.organisation)
    found.delete()
    audit.record(
        organisation_id=found.organisation_id, action="audiences.unused", actor_id=actor.pk,
        actor=str(actor), account=found.account_name,
    )  # fmt: skip


@transaction.atomic
def export_members(*, actor: User, audience_id: int, platform: str) -> str:
    """The list as ``platform`` wants it (CSV, digests in hexadecimal), and the line in the ledger.

    Raises ``WrongUse`` for a platform without rules, ``Refused`` for an expired audience.
    """
    audience = _own(actor, audience_id)
    rules = RULES.get(platform)
    if rules is None:
        raise WrongUse(_("This platform takes no list of people."))
    if audience.expires_on < today_in(audience.organisation):
        raise Refused(
            _("This audience has expired."), hint=_("Change its end if its purpose still holds.")
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rules.headings())
    count = 0
    kept = AudienceMember.objects.filter(audience=audience).order_by("key")
    for one in kept.values_list(*FORMS).iterator(BATCH):
        cells = rules.row(Member(*(bytes(form) if form else None for form in one)))
        if cells is not None:
            writer.writerow(cells)
            count += 1
    AudienceExport.objects.create(
        audience=audience, organisation=audience.organisation, platform=platform, rows=count,
        version=audience.version, exported_by=str(actor),
    )  # fmt: skip
    _record(actor, audience, "audiences.exported", platform=platform, rows=count)
    return text.getvalue()


@transaction.atomic
def withdraw_person(
    *, actor: User, organisation: Organisation, email: str, phone: str, country: str
) -> int:
    """Someone withdraws his consent: he leaves every list of the organisation, for good.

    Gives the number of lists that he was in. Lists that went out before are marked as out of date.
    """
    policies.check_can_manage(actor=actor, organisation=organisation)
    try:
        gone = _digests(member(email, phone, country))
    except NotAnAddress as error:
        raise WrongUse(_("This is not an e-mail address.")) from error
    except NotAPhone as error:
        raise WrongUse(
            say(_("This is not a telephone number of {country}."), country=country)
        ) from error
    if not gone:
        raise WrongUse(_("Give the e-mail address or the telephone number of the person."))
    Withdrawal.objects.bulk_create(
        [Withdrawal(organisation=organisation, digest=one) for one in sorted(gone)],
        ignore_conflicts=True,
    )
    left = 0
    for audience in Audience.objects.select_for_update().filter(organisation=organisation):
        count = _remove(audience, gone)
        if count:
            left += 1
            _count(audience, audience.size - count)
    audit.record(
        organisation_id=organisation.pk, action="audiences.person_withdrawn", actor_id=actor.pk,
        actor=str(actor), lists=left,
    )  # fmt: skip
    return left


def _own(actor: User, audience_id: int) -> Audience:
    """The audience to change, locked; a received one answers that it is its owner's."""
    audience = _seen(audience_id)
    owner = Organisation.objects.filter(pk=audience.organisation_id).first()
    if owner is None:
        raise Forbidden(
            _("This audience belongs to another organisation: you may use it, not change it."),
            hint=_("Ask its owner."),
        )
    policies.check_can_manage(actor=actor, organisation=owner)
    return Audience.objects.select_for_update().get(pk=audience.pk)


def _seen(audience_id: int) -> Audience:
    found = Audience.objects.filter(pk=audience_id).first()
    if found is None:
        raise NotFound(_("There is no such audience."))
    return found


def _check_described(said: Described, organisation: Organisation) -> None:
    if not said.name.strip():
        raise WrongUse(_("Give the audience a name."))
    if not said.purpose.strip():
        raise WrongUse(_("Say what these people’s data will be used for."))
    if said.expires_on < today_in(organisation):
        raise WrongUse(_("The end of an audience cannot lie in the past."))


def _columns(said: Described) -> dict[str, object]:
    return {
        "name": said.name.strip(), "source": said.source, "basis": said.basis,
        "purpose": said.purpose.strip(), "expires_on": said.expires_on,
    }  # fmt: skip


def _digests(one: Member) -> set[bytes]:
    return {form for name in FORMS if (form := getattr(one, name))}


def _batches(members: list[Member]) -> Iterable[list[Member]]:
    return (members[start : start + BATCH] for start in range(0, len(members), BATCH))


def _insert(audience: Audience, batch: list[Member]) -> int:
    """How many of ``batch`` were new. COPY is refused to the application's role: arrays are not."""
    columns = [[one.key for one in batch], *([getattr(one, f) for one in batch] for f in FORMS)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audiences_audiencemember (audience_id, organisation_id, key, email, "
            "email_dotless, phone_plus, phone_digits) SELECT %s, %s, t.* FROM unnest(%s::bytea[], "
            "%s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[]) t ON CONFLICT DO NOTHING",
            [audience.pk, audience.organisation_id, *columns],
        )
        return int(cursor.rowcount)


def _keep_only(audience: Audience, keys: list[bytes]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audiences_audiencemember m WHERE m.audience_id = %s AND NOT EXISTS "
            "(SELECT 1 FROM unnest(%s::bytea[]) kept(key) WHERE kept.key = m.key)",
            [audience.pk, keys],
        )
        return int(cursor.rowcount)


def _remove(audience: Audience, gone: set[bytes]) -> int:
    digests = sorted(gone)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audiences_audiencemember WHERE audience_id = %s AND (email = ANY (%s) "
            "OR email_dotless = ANY (%s) OR phone_plus = ANY (%s) OR phone_digits = ANY (%s))",
            [audience.pk, digests, digests, digests, digests],
        )
        return int(cursor.rowcount)


def _count(audience: Audience, size: int) -> None:
    Audience.objects.filter(pk=audience.pk).update(
        size=size, version=audience.version + 1, changed_at=clock.now()
    )


def _record(actor: User, audience: Audience, action: str, **details: object) -> None:
    audit.record(
        organisation_id=audience.organisation_id, action=action, actor_id=actor.pk,
        actor=str(actor), audience=audience.name, **details,
    )  # fmt: skip
