"""Forgets one person, or corrects one of his names, wherever it is written.

Files are mended first and the transaction commits last: after a kill the same request does the
rest. What is left is searched for afterwards, and told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.audiences import services as audiences
from regie.apps.audit import services as audit
from regie.apps.connections import services as connections
from regie.apps.identity import policies
from regie.apps.identity.finding import Subject, find_person
from regie.apps.identity.models import Membership, PersonRequest
from regie.apps.identity.remaining import Left, remaining
from regie.apps.identity.solving import solve_organisation
from regie.apps.identity.telling import HELD, events_of, lead_ids, rows_in, tell
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services as tracking
from regie.domain.audiences.members import NotAnAddress, NotAPhone, member
from regie.domain.privacy.names import Names, names_of
from regie.kernel import clock
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _
from regie.warehouse import catalogue, home, masking
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.upkeep import GRACE_S


@dataclass(frozen=True)
class Done:
    """``found``: rows of each place. ``left``: where the person is named still, and why."""

    kind: str
    found: dict[str, int]
    left: tuple[Left, ...]


def tell_person(
    *, actor: User | None, organisation: Organisation, text: str, country: str = "FR"
) -> HELD:
    """All that the organisation and those below it hold of who is called ``text``."""
    policies.check_may_look(actor=actor, organisation=organisation)
    _check_said(text)
    _publish_what_waits()
    with operating():
        held = tell(find_person(_below(organisation), text, country=country))
        _note(actor, organisation, "access", dict(rows_in(held)), ())
    return held


def erase_person(
    *, actor: User | None, organisation: Organisation, text: str, country: str = "FR"
) -> Done:
    """Forget who is called ``text``: his identifiers, and his names wherever they are written.

    His events stay as counts of nobody: the keys that they hold stand for nothing any more.
    """
    policies.check_may_look(actor=actor, organisation=organisation)
    _check_said(text)
    _publish_what_waits()
    with home.workplace() as folder, scratch(folder) as engine, operating():
        catalogue.lock_for_publishing(connection.connection)
        subject = find_person(_below(organisation), text, country=country)
        around = _around(subject)
        found = {"journal_records": tracking.blank_journals(subject.names)}
        facts, gone, inputs = _mend_facts(engine, subject, subject.names, "")
        found |= facts
        leads = lead_ids(events_of(subject, engine))
        found["events"] = len(events_of(subject, engine))
        found |= tracking.forget_identifiers(subject.keys, leads, subject.organisations)
        found |= audiences.forget_digests(subject.organisations, subject.digests)
        for owner, keys in around.items():
            solve_organisation(owner, touched=sorted(keys - set(subject.keys)))
        transaction.on_commit(partial(_remove, gone, inputs))
        return _finish(actor, organisation, "erasure", found, subject, engine, gone)


def correct_person(
    *, actor: User | None, organisation: Organisation, wrong: str, right: str, country: str = "FR"
) -> Done:
    """Write ``right`` wherever the person's name ``wrong`` is written, digests included."""
    policies.check_may_look(actor=actor, organisation=organisation)
    _check_said(wrong)
    _check_said(right)
    if wrong.strip() == right.strip():
        raise WrongUse(_("Both are the same."))
    _publish_what_waits()
    with home.workplace() as folder, scratch(folder) as engine, operating():
        catalogue.lock_for_publishing(connection.connection)
        owners = _below(organisation)
        names = names_of([wrong], country=country)
        subject = Subject(tuple(sorted(owners)), (), names)
        found = {"journal_records": tracking.blank_journals(names)}
        facts, gone, inputs = _mend_facts(engine, subject, names, right.strip())
        found |= facts | _correct_identifiers(owners, names, wrong, right, country)
        found |= _correct_members(owners, subject, right, country)
        for owner in owners:
            solve_organisation(owner)
        transaction.on_commit(partial(_remove, gone, inputs))
        return _finish(actor, organisation, "rectification", found, subject, engine, gone)


def _correct_identifiers(
    owners: Collection[int], names: Names, wrong: str, right: str, country: str
) -> dict[str, int]:
    from regie.apps.tracking.selectors import known_as

    met = known_as(list(owners), sorted(names.all))
    for one in met:
        value = right.strip()
        if one.kind.endswith("_sha256"):
            value = _digest_of(right, one.kind, country)
        tracking.correct_identifier(one.key, value, now=clock.now())
    return {"identifiers": len(met)}


def _digest_of(right: str, kind: str, country: str) -> str:
    """The digest that takes the place of a wrong address's or number's."""
    try:
        made = member(right, "", country) if kind == "email_sha256" else member("", right, country)
    except (NotAnAddress, NotAPhone) as error:
        raise Refused(
            _("A wrong address is corrected by an address, a wrong number by a number.")
        ) from error
    form = made.email if kind == "email_sha256" else made.phone_plus
    return form.hex() if form else ""


def _correct_members(
    owners: Collection[int], subject: Subject, right: str, country: str
) -> dict[str, int]:
    try:
        made = member(right, "", country) if "@" in right else member("", right, country)
    except (NotAnAddress, NotAPhone):
        return {}
    return {"members": audiences.correct_member(owners, subject.digests, made)}


def _mend_facts(
    engine: Engine, subject: Subject, names: Names, by: str
) -> tuple[dict[str, int], list[str], list[str]]:
    """What was found in facts and kept inputs, and the files to remove once all is committed."""
    database, lake = connection.connection, home.lake()
    found = masking.find(database, lake, engine, organisations=subject.organisations, names=names)
    named = masking.imports_naming(database, lake, engine, found, subject.organisations, names)
    mended = connections.mend_imports(subject.organisations, names, named=named, by=by)
    gone = masking.mask(
        database, lake, engine, found, organisations=subject.organisations, names=names, by=by
    )
    stray = masking.unread(lake, engine, database, names=names)
    gone += [path for path in stray if path not in gone and lake.age_s(path) >= GRACE_S]
    mended.former.extend(connections.stray_inputs(names))
    counted = {f"facts_{one.table}": one.rows for one in found}
    counted |= {"kept_inputs": mended.inputs, "kept_inputs_removed": mended.removed,
                "imports": mended.imports}  # fmt: skip
    return counted, gone, mended.former


def _around(subject: Subject) -> dict[int, set[int]]:
    """Who hangs together with the person, by organisation: to be worked out again without him."""
    groups = Membership.objects.filter(pk__in=subject.keys).values_list("around", flat=True)
    beside = Membership.objects.filter(around__in=list(groups))
    found: dict[int, set[int]] = {}
    for owner, key in beside.values_list("organisation_id", "pk"):
        found.setdefault(owner, set()).add(key)
    return found


def _remove(files: Collection[str], inputs: Collection[str]) -> None:
    for path in files:
        home.lake().remove(path)
    with operating():
        connections.remove_inputs(inputs)


def _finish(
    actor: User | None, organisation: Organisation, kind: str, found: dict[str, int],
    subject: Subject, engine: Engine, gone: Collection[str],
) -> Done:  # fmt: skip
    told = {name: count for name, count in found.items() if count}
    left = tuple(remaining(engine, subject, gone))
    _note(actor, organisation, kind, told, left)
    return Done(kind, told, left)


def _note(
    actor: User | None, organisation: Organisation, kind: str, found: dict[str, int],
    left: Collection[Left],
) -> None:  # fmt: skip
    """The request and what came of it; never who it was about."""
    name = str(actor) if actor else audit.OPERATOR
    said: list[dict[str, Any]] = [{"where": one.where, "count": one.count} for one in left]
    PersonRequest.objects.create(
        organisation=organisation, kind=kind, done_at=clock.now(), done_by=name, found=found,
        left=said,
    )  # fmt: skip
    audit.record(
        organisation_id=organisation.pk, action=f"identity.{kind}",
        actor_id=actor.pk if actor else None, actor=name, found=sum(found.values()), left=len(said),
    )  # fmt: skip


def _below(organisation: Organisation) -> list[int]:
    return [one.pk for one in organisations.branch_of(organisation)]


def _check_said(text: str) -> None:
    said = " ".join(text.split())
    if len(said) < 2 or not said.isprintable():
        raise WrongUse(
            _("Say by what the person is known."),
            hint=_("An e-mail address, a telephone number, a login, a customer number, a card."),
        )


def _publish_what_waits() -> None:
    """What the collector heard and nobody published yet would come up again later."""
    while tracking.publish_events().is_behind:
        pass
