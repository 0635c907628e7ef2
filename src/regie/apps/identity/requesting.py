"""What a person asks of us: told at once, corrected or forgotten in the background.

A request is recorded before any work begins, and whoever finds it not done may do it: the worker,
the command that made it, or the worker of later after a kill. Two never work on one request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from procrastinate.contrib.django import app

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.identity import erasing, policies
from regie.apps.identity.finding import find_person
from regie.apps.identity.models import PersonRequest
from regie.apps.identity.sweeping import sweep_requests
from regie.apps.identity.telling import HELD, rows_in, tell
from regie.apps.organisations.models import Organisation
from regie.domain.privacy.names import names_of
from regie.kernel import clock
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _

LOCK: Final = 7_006


def tell_person(
    *, actor: User | None, organisation: Organisation, text: str, country: str = "FR"
) -> HELD:
    """All that the organisation and those below it hold of who is called ``text``."""
    policies.check_may_look(actor=actor, organisation=organisation)
    _check_said(text)
    erasing.publish_what_waits()
    with operating():
        held = tell(find_person(erasing.below(organisation), text, country=country))
        made = PersonRequest.objects.create(
            organisation=organisation, kind="access", asked_at=clock.now(), done_at=clock.now(),
            done_by=_name(actor), percent=100, found=dict(rows_in(held)),
        )  # fmt: skip
        erasing.record(made, actor_id=actor.pk if actor else None)
    return held


def ask_erasure(
    *, actor: User | None, organisation: Organisation, text: str, country: str = "FR"
) -> int:
    """Forget who is called ``text``: his identifiers, and his names wherever they are written.

    His events stay as counts of nobody: the keys that they hold stand for nothing any more.
    Returns the number of the request.
    """
    policies.check_may_look(actor=actor, organisation=organisation)
    _check_said(text)
    return _ask(actor, organisation, "erasure", {"text": text, "country": country})


def ask_correction(
    *, actor: User | None, organisation: Organisation, wrong: str, right: str, country: str = "FR"
) -> int:
    """Write ``right`` wherever the person's name ``wrong`` is written, digests included.

    Returns the number of the request.
    """
    policies.check_may_look(actor=actor, organisation=organisation)
    _check_said(wrong)
    _check_said(right)
    if wrong.strip() == right.strip():
        raise WrongUse(_("Both are the same."))
    names = names_of([wrong], country=country)
    if names.pattern is not None and names.pattern.search(right):
        raise Refused(
            _("The right name holds the wrong one whole: they could not be told apart afterwards."),
            hint=_("Correct it to something else first, then to the right name."),
        )
    with operating():
        erasing.check_digests(erasing.below(organisation), names, right, country)
    return _ask(
        actor, organisation, "rectification",
        {"text": wrong, "right": right.strip(), "country": country},
    )  # fmt: skip


def carry_out(request_id: int) -> bool:
    """Do, or go on with, what the request asks. Returns whether it is done when this ends.

    It is not where another process is at it. The database's own files are swept afterwards.
    """
    is_ours = _carry_out(request_id)
    sweep_requests()
    return is_ours


def _carry_out(request_id: int) -> bool:
    with _held(request_id) as is_ours:
        if not is_ours:
            return False
        with operating():
            left = PersonRequest.objects.filter(done_at__isnull=False).exclude(leaving=[])
            unfinished = list(left.values_list("pk", flat=True))
            found = PersonRequest.objects.filter(pk=request_id).select_related("organisation")
            request = found.first()
        for one in (*unfinished, request_id):
            erasing.remove_leaving(one)
        if request is not None and request.done_at is None:
            request.leaving = []
            erasing.work(request)
    return True


def take_up() -> int:
    """Go on with whatever is not done and nobody works on. Returns how many there were."""
    with operating():
        waiting: Sequence[int] = list(
            PersonRequest.objects.exclude(done_at__isnull=False, leaving=[])
            .order_by("pk").values_list("pk", flat=True)
        )  # fmt: skip
    done = sum(_carry_out(one) for one in waiting)
    sweep_requests()
    return done


def erase_person(
    *, actor: User | None, organisation: Organisation, text: str, country: str = "FR"
) -> int:
    """Ask and do it at once. Returns the number of the request."""
    take_up()
    made = ask_erasure(actor=actor, organisation=organisation, text=text, country=country)
    carry_out(made)
    return made


def correct_person(
    *, actor: User | None, organisation: Organisation, wrong: str, right: str, country: str = "FR"
) -> int:
    """Ask and do it at once. Returns the number of the request."""
    take_up()
    made = ask_correction(
        actor=actor, organisation=organisation, wrong=wrong, right=right, country=country
    )
    carry_out(made)
    return made


def _ask(actor: User | None, organisation: Organisation, kind: str, asking: dict[str, Any]) -> int:
    """The work is queued by the transaction that records the request, and names nobody.

    Asked again while it waits, it is the same request.
    """
    asking = {**asking, "actor": actor.pk if actor else None}
    with operating():
        same = PersonRequest.objects.filter(
            organisation=organisation, kind=kind, done_at__isnull=True, asking=asking
        )  # fmt: skip
        if waiting := same.values_list("pk", flat=True).first():
            return waiting
        made = PersonRequest.objects.create(
            organisation=organisation, kind=kind, asked_at=clock.now(), done_by=_name(actor),
            asking=asking,
        )  # fmt: skip
        app.configure_task("identity.answer_request").defer(request_id=made.pk)
    return made.pk


@contextmanager
def _held(request_id: int) -> Iterator[bool]:
    """Whether this process is the one to work on the request: until the end, or its death."""
    key = (LOCK, request_id % 2**31)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        row = cursor.fetchone()
    is_ours = bool(row and row[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _name(actor: User | None) -> str:
    return str(actor) if actor else audit.OPERATOR


def _check_said(text: str) -> None:
    said = " ".join(text.split())
    if len(said) < 2 or not said.isprintable():
        raise WrongUse(
            _("Say by what the person is known."),
            hint=_("An e-mail address, a telephone number, a login, a customer number, a card."),
        )
