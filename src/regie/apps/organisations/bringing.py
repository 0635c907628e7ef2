"""Bring a list of people: members become what it says, the others are invited; twice is once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.organisations import policies
from regie.apps.organisations.inviting import MOST_AT_ONCE, Wanted, invite
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.people import change_member
from regie.kernel import clock
from regie.kernel.errors import RegieError
from regie.kernel.i18n import Sentence


@dataclass(frozen=True)
class LineAnswer:
    """``state`` is invited, changed, unchanged or refused; ``problem`` says why."""

    wanted: Wanted
    state: str
    problem: Sentence | None = None


@transaction.atomic
def bring_people(
    *,
    actor: User,
    organisation: Organisation,
    people: Sequence[Wanted],
    language: str,
    address: str,
) -> list[LineAnswer]:
    """What became of each line, in the order of the file."""
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    policies.check_is_open(organisation)
    members = {
        one.user.email.lower(): one
        for one in Member.objects.filter(organisation=organisation, removed_at=None).select_related(
            "user"
        )
    }
    known = [(one, members.get(one.email.strip().lower())) for one in people]
    strangers = [wanted for wanted, member in known if member is None]
    answers = []
    for start in range(0, len(strangers), MOST_AT_ONCE):
        for said in invite(
            actor=actor,
            organisation=organisation,
            people=strangers[start : start + MOST_AT_ONCE],
            language=language,
            address=address,
        ):
            state = "refused" if said.problem else "invited"
            answers.append(LineAnswer(said.wanted, state, said.problem))
    # Whoever takes his own role away does it last, or the rest would not be his to do.
    known.sort(key=lambda one: one[1] is not None and one[1].user_id == actor.pk)
    answers += [_change(actor, member, wanted) for wanted, member in known if member is not None]
    return sorted(answers, key=lambda one: one.wanted.line)


def _change(actor: User, member: Member, wanted: Wanted) -> LineAnswer:
    if (member.role, member.ends_on) == (wanted.role, wanted.ends_on):
        return LineAnswer(wanted, "unchanged")
    try:
        with transaction.atomic():
            change_member(
                actor=actor, member_id=member.pk, role=wanted.role, ends_on=wanted.ends_on
            )
    except RegieError as error:
        return LineAnswer(wanted, "refused", error.sentence)
    return LineAnswer(wanted, "changed")
