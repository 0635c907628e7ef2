"""Ask for a role, answer, take back; by hand, and by a signed file with owners who are not here."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.db import DatabaseError, IntegrityError, connection, transaction

from regie.apps.access import selectors as paths
from regie.apps.access import services as access
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.audit import services as audit
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.requests.listing import check_can_ask, pending_of, signature_of
from regie.apps.requests.listing import file_for_owners as file_for_owners
from regie.apps.requests.models import AccessRequest, Route, State
from regie.apps.requests.reading import HEADINGS, MOST_LINES
from regie.apps.requests.reading import Asked as Asked
from regie.apps.requests.reading import asked as asked
from regie.apps.requests.reading import asked_by_hand as asked_by_hand
from regie.apps.requests.reading import roles_of as roles_of
from regie.apps.requests.reading import row_of as row_of
from regie.apps.requests.sending import LANGUAGES as LANGUAGES
from regie.apps.requests.sending import send_list as send_list
from regie.domain.permissions.catalog import role as role_of
from regie.ingestion.files.lists import Row, read_list
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused, RegieError, WrongUse
from regie.kernel.i18n import Sentence, _, say

LIVES = timedelta(days=30)
NO_SUPER_ADMIN = "RG001"
YES = {"yes", "oui", "x", "ok", "accept", "accepted", "accepter", "acceptée", "1", "true", "vrai"}
NO = {"no", "non", "decline", "declined", "refuse", "refuser", "refusée", "0", "false", "faux"}


class Outcome(StrEnum):
    SHARED = "shared"
    PARTNERSHIP_PROPOSED = "partnership_proposed"


@dataclass
class Brought:
    """What became of a list: the lines that did something, with what, and the others, with why."""

    taken: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, Sentence, Sentence]] = field(default_factory=list)

    @property
    def done(self) -> int:
        return len(self.taken)

    def refuse(self, line: int, error: RegieError) -> None:
        self.refused.append((line, error.sentence, error.hint))


@transaction.atomic
def ask(*, actor: User, organisation: Organisation, wanted: Asked) -> int:
    """Ask the owner of an account for a role. Raises ``Refused`` for one asked before, and for a
    page that has no super admin."""
    check_can_ask(actor, organisation)
    role_of(assets.kind_of(wanted.platform).family, wanted.role)
    if organisation.manager_number is None:
        raise Refused(
            _("Only a manager asks, and this organisation has no manager number yet."),
            hint=_("Create a manager for it on the Organisation page."),
        )
    try:
        with transaction.atomic():
            made = AccessRequest.objects.create(
                organisation=organisation, platform=wanted.platform,
                external_id=wanted.external_id, role=wanted.role, reason=wanted.reason,
                responsible=wanted.email, requester=str(actor),
                requester_organisation=organisation.name,
                requester_number=organisation.manager_number, expires_on=clock.today() + LIVES,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("This was asked before and is still pending.")) from error
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != NO_SUPER_ADMIN:
            raise
        raise Refused(
            _("This page has no super admin: nobody could answer."),
            hint=_("Ask its owner to name one first."),
        ) from error
    _record(actor, made.organisation_id, "requests.asked", made)
    return made.pk


@transaction.atomic
def bring_requests(
    *, actor: User, organisation: Organisation, path: Path, platform: str
) -> Brought:
    """As ``ask_each``, for the lines of a file."""
    check_can_ask(actor, organisation)
    with read_list(path, HEADINGS, most=MOST_LINES) as found:
        return ask_each(actor=actor, organisation=organisation, rows=found.rows, platform=platform)


@transaction.atomic
def ask_each(
    *, actor: User, organisation: Organisation, rows: Iterable[Row], platform: str = ""
) -> Brought:
    """Ask for each line; one that cannot be asked is told, the others go on. A line without a
    platform is of ``platform``."""
    check_can_ask(actor, organisation)
    brought = Brought()
    for row in rows:
        try:
            ask(actor=actor, organisation=organisation, wanted=asked(row, platform))
        except RegieError as error:
            brought.refuse(row.line, error)
        else:
            brought.taken.append((row.line, "asked"))
    return brought


@transaction.atomic
def bring_answers(*, actor: User, organisation: Organisation, path: Path) -> Brought:
    """Read the list that an owner sent back. Lines without a decision stay pending."""
    check_can_ask(actor, organisation)
    pending = {str(one.pk): one for one in pending_of(organisation)}
    brought = Brought()
    with read_list(path, HEADINGS, most=MOST_LINES) as found:
        for row in found.rows:
            if not row["decision"] and row.problem is None:
                continue
            try:
                one = _decided(row, pending)
            except RegieError as error:
                brought.refuse(row.line, error)
            else:
                _record(actor, organisation.pk, f"requests.{one.state}", one, by="file")
                brought.taken.append((row.line, one.state))
    return brought


def _decided(row: Row, pending: dict[str, AccessRequest]) -> AccessRequest:
    if row.problem:
        raise Refused(row.problem)
    found = _signed(pending, row)
    decision = row["decision"].casefold()
    if decision not in YES | NO:
        raise WrongUse(
            say(_("“{word}” is neither yes nor no."), word=decision[:40]),
            hint=_("Write yes or no in the column “decision”."),
        )
    state = State.ACCEPTED if decision in YES else State.DECLINED
    _decide(found, state, by=found.responsible or "file")
    return pending.pop(str(found.pk))


@transaction.atomic
def withdraw_request(*, actor: User, request_id: int) -> None:
    found = _found(request_id)
    owner = Organisation.objects.filter(pk=found.organisation_id).first()
    if owner is None:
        raise NotFound(_("There is no such request."))
    check_can_ask(actor, owner)
    _decide(found, State.WITHDRAWN, by=str(actor))
    _record(actor, found.organisation_id, "requests.withdrawn", found)


@transaction.atomic
def accept_request(*, actor: User, request_id: int) -> Outcome:
    """Share the account at the asked role; where there is no partnership yet, propose one instead
    and leave the request pending (BM-29).

    Whoever may answer accepts, but only administrators open a partnership: raises ``Refused``.
    """
    found, route = _asked_of_me(request_id)
    if not _share(actor, found, route):
        _propose(actor, found, route)
        return Outcome.PARTNERSHIP_PROPOSED
    _decide(found, State.ACCEPTED, by=str(actor))
    _record(actor, route.owner_id, "requests.accepted", found)
    return Outcome.SHARED


def what_if_accepted(*, actor: User, request_id: int) -> tuple[Outcome, list[paths.Effect]]:
    """What ``accept_request`` would come to, and who would gain what by it; nothing stays of it.

    Raises what it raises.
    """
    outcomes: list[Outcome] = []

    def accept() -> None:
        outcomes.append(accept_request(actor=actor, request_id=request_id))

    effects = access.what_if(accept, [_asked_of_me(request_id)[1].asset_id])
    return outcomes[0], effects


def _share(actor: User, found: AccessRequest, route: Route) -> bool:
    """False where no partnership stands. One that has it already may do more from now on."""
    asked_for = role_of(route.family, found.role).permissions
    asset = assets.card(route.asset_id)
    with operating():  # the journal tells of everybody, also of those whom who answers can’t see
        before = paths.accesses_on([route.asset_id])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT partnership, was, stands FROM regie_share_asked(%s, %s, %s, %s)",
            [found.pk, sorted(asked_for), asset.label, str(actor)],
        )
        done = cursor.fetchone()
    if done is None:
        return False
    partnership, was, stands = done
    if was is None or set(was) != set(stands):
        with operating():
            access.note_share(
                actor=actor, partnership_id=partnership, asset=asset,
                was=was or (), ceiling=stands, before=before,
            )  # fmt: skip
    return True


def _propose(actor: User, found: AccessRequest, route: Route) -> None:
    owner = Organisation.objects.get(pk=route.owner_id)
    if not organisations.administers(actor=actor, organisation=owner, now=clock.now()):
        raise Refused(
            say(_("There is no partnership with {name} yet, and only administrators open one."),
                name=found.requester_organisation),
            hint=say(_("Ask an administrator to propose it to the manager number {number}, then "
                       "accept this again."), number=found.requester_number),
            code="no_partnership",
        )  # fmt: skip
    # One that was proposed before goes on waiting for its answer.
    with suppress(Refused):
        access.propose_partnership(actor=actor, organisation=owner, number=found.requester_number)


@transaction.atomic
def decline_request(*, actor: User, request_id: int) -> None:
    found, route = _asked_of_me(request_id)
    _decide(found, State.DECLINED, by=str(actor))
    _record(actor, route.owner_id, "requests.declined", found)


def _found(request_id: int) -> AccessRequest:
    found = (
        AccessRequest.objects.select_for_update()
        .filter(pk=request_id, state=State.PENDING, expires_on__gte=clock.today())
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such request."))
    return found


def _asked_of_me(request_id: int) -> tuple[AccessRequest, Route]:
    found = _found(request_id)
    route = Route.objects.select_related("owner").filter(request=found).first()
    if route is None:
        raise NotFound(_("There is no such request."))
    return found, route


def _decide(found: AccessRequest, state: State, *, by: str) -> None:
    found.state, found.decided_at, found.decided_by = state, clock.now(), by
    found.save(update_fields=["state", "decided_at", "decided_by"])


def _signed(pending: dict[str, AccessRequest], row: Row) -> AccessRequest:
    """The request of a line; what it asks is read here, never from the file."""
    found = pending.get(row["request"])
    if found is None:
        raise Refused(_("This request is not pending: it was answered, withdrawn or expired."))
    if signature_of(found) != row["signature"]:
        raise Refused(
            _("The signature of this line is not ours: something in it was changed."),
            hint=_("Ask the owner to fill in the column “decision” only."),
        )
    return found


def _record(
    actor: User, organisation_id: int, action: str, one: AccessRequest, **details: str
) -> None:
    audit.record(
        organisation_id=organisation_id, action=action, actor_id=actor.pk, actor=str(actor),
        account=one.external_id, platform=one.platform, role=one.role, **details,
    )  # fmt: skip
