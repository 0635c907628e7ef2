"""Bring a list of people: members become what it says, the others are invited; twice is once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.organisations import policies
from regie.apps.organisations.inviting import MOST_AT_ONCE, Wanted, invite
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.people_many import become
from regie.kernel import clock
from regie.kernel.i18n import Sentence, _

NOBODY = Sentence(_("There is no such member."))


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
    met = [(wanted, one) for wanted, one in known if one is not None]
    for is_own in (False, True):
        answers += _changed(actor, [one for one in met if (one[1].user_id == actor.pk) == is_own])
    return sorted(answers, key=lambda one: one.wanted.line)


def _changed(actor: User, known: Sequence[tuple[Wanted, Member]]) -> list[LineAnswer]:
    """Together; where somebody stands several times in the list, the last line stays."""
    answers: list[LineAnswer] = []
    left = list(known)
    while left:
        round_: dict[int, tuple[Wanted, Member]] = {}
        later: list[tuple[Wanted, Member]] = []
        for one in left:
            if one[1].pk in round_:
                later.append(one)
            else:
                round_[one[1].pk] = one
        answers += _changed_once(actor, list(round_.values()))
        left = later
    return answers


def _changed_once(actor: User, known: Sequence[tuple[Wanted, Member]]) -> list[LineAnswer]:
    told = become(
        actor=actor,
        wanted={
            one.pk: (wanted.role, wanted.ends_on)
            for wanted, one in known
            if (wanted.role, wanted.ends_on) != (one.role, one.ends_on)
        },
    )
    return [_answer(wanted, one, told) for wanted, one in known]


def _answer(
    wanted: Wanted, member: Member, told: Mapping[int, tuple[str, Sentence | None]]
) -> LineAnswer:
    if (member.role, member.ends_on) == (wanted.role, wanted.ends_on):
        return LineAnswer(wanted, "unchanged")
    name_and_problem = told.get(member.pk)
    problem = NOBODY if name_and_problem is None else name_and_problem[1]
    return LineAnswer(wanted, "refused" if problem else "changed", problem)
