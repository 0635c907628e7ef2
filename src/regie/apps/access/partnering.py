"""Partnerships between managers: one proposes by number, the other accepts, either ends."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from regie.apps.access import policies
from regie.apps.access.accesses import accesses_between
from regie.apps.access.effects import Effect, difference, what_if_between
from regie.apps.access.holders import holders_on
from regie.apps.access.journal import note, note_effects, tell_other_side
from regie.apps.access.models import Partnership, PartnershipState, Share, Side
from regie.apps.accounts.models import User
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _, say


@transaction.atomic
def propose_partnership(
    *, actor: User | None, organisation: Organisation, number: str, side: str = Side.OWNER
) -> Partnership:
    """``organisation`` proposes to the manager called ``number``; nothing is shared by it.

    ``side`` says whether it will share (owner) or be shared with (partner).
    """
    policies.check_can_administer(actor=actor, organisation=organisation)
    organisations.check_is_open(organisation)
    if organisation.manager_number is None:
        raise Refused(
            _("Only a manager has partners, and this organisation has no manager number yet."),
            hint=_("Create a manager for it on the Organisation page."),
        )
    other_id, other_name = _manager(number)
    sides = {"owner_id": organisation.pk, "partner_id": other_id}
    if side == Side.PARTNER:
        sides = {"owner_id": other_id, "partner_id": organisation.pk}
    if other_id == organisation.pk:
        raise Refused(_("This is your own manager number: a partner has another."))
    try:
        with transaction.atomic():
            made = Partnership.objects.create(**sides, proposed_by=side)
    except IntegrityError as error:
        raise Refused(
            say(_("There already is a partnership with {name}."), name=other_name)
        ) from error
    note(actor, organisation.pk, "access.partnership_proposed", with_=other_name, side=side)
    tell_other_side(actor, made, "access.partnership_received", with_=organisation.name, side=side)
    return made


def _manager(number: str) -> tuple[int, str]:
    digits = "".join(number.split())
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM regie_manager(%s)", [digits])
        found = cursor.fetchone()
    if found is None:
        raise NotFound(
            _("There is no manager with this number."),
            hint=_("It has 12 digits, and stands under the name of the organisation."),
        )
    return int(found[0]), str(found[1])


@transaction.atomic
def accept_partnership(*, actor: User | None, partnership_id: int) -> None:
    found = _found(partnership_id)
    answering = found.partner_id if found.proposed_by == Side.OWNER else found.owner_id
    _check_side(actor, answering)
    if found.state != PartnershipState.PROPOSED:
        raise Refused(_("This partnership waits for no answer."))
    found.state, found.accepted_at = PartnershipState.ACTIVE, clock.now()
    found.save(update_fields=["state", "accepted_at"])
    note(actor, answering, "access.partnership_accepted", partnership_id=found.pk)
    tell_other_side(actor, found, "access.partnership_accepted", partnership_id=found.pk)


@transaction.atomic
def end_partnership(*, actor: User | None, partnership_id: int) -> list[Effect]:
    """Every access through it ends with it; gives what ended. A proposal is refused so too."""
    found = _found(partnership_id)
    mine = _own_side(actor, found)
    if found.state == PartnershipState.ENDED:
        raise Refused(_("This partnership has ended already."))
    assets = _assets(found)
    there = holders_on(assets)
    before = accesses_between(there)
    found.state, found.ended_at = PartnershipState.ENDED, clock.now()
    found.save(update_fields=["state", "ended_at"])
    effects = difference(before, accesses_between(there))
    note(actor, mine, "access.partnership_ended", partnership_id=found.pk, assets=len(assets))
    tell_other_side(
        actor, found, "access.partnership_ended", partnership_id=found.pk, assets=len(assets)
    )
    note_effects(actor, mine, effects, because="access.partnership_ended")
    return effects


def what_ends(*, actor: User | None, partnership_id: int) -> list[Effect]:
    """What ``end_partnership`` would end."""
    found = _found(partnership_id)
    return what_if_between(
        lambda: end_partnership(actor=actor, partnership_id=partnership_id),
        holders_on(_assets(found)),
    )


def _assets(partnership: Partnership) -> list[int]:
    found = Share.objects.filter(partnership=partnership).order_by("asset_id")
    return list(found.values_list("asset_id", flat=True))


def _found(partnership_id: int) -> Partnership:
    found = Partnership.objects.select_for_update().filter(pk=partnership_id).first()
    if found is None:
        raise NotFound(_("There is no such partnership."))
    return found


def _check_side(actor: User | None, organisation_id: int) -> None:
    side = Organisation.objects.filter(pk=organisation_id).first()
    if side is None:
        raise NotFound(_("There is no such partnership."))
    policies.check_can_administer(actor=actor, organisation=side)


def _own_side(actor: User | None, partnership: Partnership) -> int:
    """The side that ``actor`` administers; of both, the owner's."""
    sides = (partnership.owner_id, partnership.partner_id)
    own = {one.pk: one for one in Organisation.objects.filter(pk__in=sides)}
    for side in sides:
        if side in own and (
            actor is None
            or organisations.administers(actor=actor, organisation=own[side], now=clock.now())
        ):
            return side
    raise NotFound(_("There is no such partnership."))
