"""What a person says against the evidence: cut a link, hold two apart, and take it back.

Nothing is merged for ever, and nothing that was seen is deleted: a word taken back gives the
former people again, and with them the former reports.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.identity import policies
from regie.apps.identity.models import Correction, Probable, Solution, Word
from regie.apps.identity.solving import compared, solve_organisation
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors as tracking
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused, WrongUse
from regie.kernel.i18n import _


@transaction.atomic
def cut_link(*, actor: User | None, one: int, other: int) -> int:
    """This link is not used any more, whatever made it. Returns the number of the word."""
    organisation = _together(actor, one, other)
    seen = any({pair.one, pair.other} == {one, other} for pair in tracking.seen_together([one]))
    low, high = sorted((one, other))
    if not seen and not Probable.objects.filter(one_id=low, other_id=high).exists():
        raise NotFound(_("There is no such link."))
    return _say(actor, organisation, low, high, Word.CUT)


@transaction.atomic
def hold_apart(*, actor: User | None, one: int, other: int) -> int:
    """These two are never one person, whatever is seen. Returns the number of the word."""
    organisation = _together(actor, one, other)
    low, high = sorted((one, other))
    return _say(actor, organisation, low, high, Word.NEVER)


@transaction.atomic
def take_back(*, actor: User | None, correction_id: int) -> None:
    """The evidence counts again."""
    found = (
        Correction.objects.select_for_update(of=("self",))
        .filter(pk=correction_id, taken_back_at__isnull=True)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such correction."))
    policies.check_may_look(actor=actor, organisation=found.organisation)
    Correction.objects.filter(pk=found.pk).update(
        taken_back_at=clock.now(), taken_back_by=_name(actor)
    )
    solve_organisation(found.organisation_id, touched=[found.one_id, found.other_id])
    _record(actor, found.organisation, "identity.taken_back", word=found.word, number=found.pk)


@transaction.atomic
def count_probable(
    *, actor: User | None, organisation: Organisation, on: bool, threshold: float = 0.95
) -> None:
    """Whether links that are only probable make people too, from which probability on."""
    policies.check_may_look(actor=actor, organisation=organisation)
    if not 0.5 <= threshold < 1:
        raise WrongUse(_("A probability to start from lies between 0.5 and 1."))
    Solution.objects.update_or_create(
        organisation=organisation, defaults={"with_probable": on, "threshold": threshold}
    )
    solve_organisation(organisation.pk, touched=compared(organisation.pk))
    _record(actor, organisation, "identity.probable_counted", on=on, threshold=threshold)


def _together(actor: User | None, one: int, other: int) -> Organisation:
    """The organisation that both belong to; hidden and absent answer alike."""
    found = tracking.known([one, other])
    owners = {each.organisation_id for each in found}
    organisation = Organisation.objects.filter(pk__in=owners).first()
    if one == other or len(found) != 2 or len(owners) != 1 or organisation is None:
        raise NotFound(_("There is no such link."))
    policies.check_may_look(actor=actor, organisation=organisation)
    return organisation


def _say(actor: User | None, organisation: Organisation, low: int, high: int, word: Word) -> int:
    try:
        with transaction.atomic():
            said = Correction.objects.create(
                organisation=organisation, one_id=low, other_id=high, word=word,
                said_by=_name(actor), said_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("This was said already.")) from error
    solve_organisation(organisation.pk, touched=[low, high])
    _record(actor, organisation, f"identity.{word.value}", number=said.pk)
    return said.pk


def _name(actor: User | None) -> str:
    return str(actor) if actor else audit.OPERATOR


def _record(actor: User | None, organisation: Organisation, action: str, **details: object) -> None:
    """Keys and numbers only: the journal names nobody."""
    audit.record(
        organisation_id=organisation.pk, action=action, actor_id=actor.pk if actor else None,
        actor=_name(actor), **details,
    )  # fmt: skip
