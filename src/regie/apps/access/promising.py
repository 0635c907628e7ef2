"""Roles that an invitation promises: nothing is given before it is accepted.

They are then given by whoever promised, who must still be allowed to; else the promise is broken,
which the journal tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from regie.apps.access import policies
from regie.apps.access.context import acting_as, operating
from regie.apps.access.granting import Given, give_role
from regie.apps.access.journal import broken
from regie.apps.access.models import Promise
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.selectors import accepted_invitations
from regie.apps.organisations.services import Answer, Wanted
from regie.kernel import clock
from regie.kernel.errors import NotFound, RegieError
from regie.kernel.i18n import _


@transaction.atomic
def invite_with_roles(
    *,
    actor: User,
    organisation: Organisation,
    asset_id: int,
    people: Sequence[Wanted],
    roles: Mapping[int, str],
    language: str,
    address: str,
) -> tuple[list[Answer], int]:
    """Invite ``people``; ``roles``, by the line of each, are promised with the invitation.

    What became of each, and how many roles were promised. Nobody is invited where a role cannot be
    promised: raises ``NotFound``, ``Forbidden`` or ``WrongUse``.
    """
    answers = organisations.invite(
        actor=actor, organisation=organisation, people=people, language=language, address=address
    )
    with_role = {
        one.invitation_id: roles[one.wanted.line]
        for one in answers
        if one.invitation_id and one.wanted.line in roles
    }
    return answers, promise_roles(actor=actor, asset_id=asset_id, roles=with_role)


@transaction.atomic
def promise_roles(*, actor: User, asset_id: int, roles: Mapping[int, str]) -> int:
    """The role of the asset's family that each invitation, by its number, brings with it.

    Raises ``NotFound`` or ``Forbidden``; how many were promised.
    """
    card = assets.card(asset_id)
    owner = Organisation.objects.filter(pk=card.organisation_id).first()
    if owner is None:
        raise NotFound(_("There is no such account."))
    policies.check_can_administer(actor=actor, organisation=owner)
    for role in set(roles.values()):
        Given(role).permissions(card.family)  # raises where there is no such role
    made = Promise.objects.bulk_create(
        [
            Promise(
                organisation_id=owner.pk, asset_id=asset_id, invitation_id=invitation, role=role,
                promised_by_id=actor.pk,
            )
            for invitation, role in sorted(roles.items())
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return len(made)


def keep_promises(*, actor: User) -> int:
    """Give ``actor`` what the invitations that he accepted promise; how many roles."""
    with operating():
        accepted = accepted_invitations(actor)
        waiting = list(
            Promise.objects.select_for_update()
            .filter(invitation_id__in=accepted, kept_at=None)
            .order_by("pk")
        )
        given = 0
        for one in waiting:
            given += _keep(one, actor, accepted[one.invitation_id])
            one.kept_at = clock.now()
            one.save(update_fields=["kept_at"])
    return given


def _keep(one: Promise, actor: User, organisation_id: int) -> bool:
    giver = User.objects.filter(pk=one.promised_by_id, is_active=True).first()
    member = Member.objects.filter(organisation_id=organisation_id, user=actor).first()
    if giver is None or member is None:
        broken(one, actor)
        return False
    try:
        with transaction.atomic(), acting_as(giver):
            give_role(
                actor=giver, asset_id=one.asset_id, member_id=member.pk, given=Given(one.role)
            )
    except RegieError:
        broken(one, actor)
        return False
    return True
