"""Link a list of accounts: tried first, with the proof that nothing else changes, then done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from regie.apps.access.effects import Effect, what_if
from regie.apps.access.owning import link_asset
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets.services import Line
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import Refused, RegieError
from regie.kernel.i18n import Sentence, _


@dataclass(frozen=True)
class LineAnswer:
    """``state`` is linked, known, repeated or refused; ``problem`` says why, and what to do."""

    line: Line
    state: str
    problem: Sentence | None = None
    hint: Sentence | None = None


@dataclass(frozen=True)
class Brought:
    """``effects`` are on accounts that were there before: none, if nothing that runs changes."""

    lines: Sequence[LineAnswer]
    effects: Sequence[Effect]
    is_trial: bool

    def count(self, state: str) -> int:
        return sum(one.state == state for one in self.lines)


@transaction.atomic
def bring_accounts(
    *, actor: User | None, organisation: Organisation, lines: Sequence[Line], is_trial: bool
) -> Brought:
    """What became of each line, or would. A refused line keeps none of the others out."""
    answers: list[LineAnswer] = []

    def bring() -> None:
        answers.clear()
        met: set[int] = set()
        for line in lines:
            answers.append(_bring(actor, organisation, line, met))

    there = assets.keys_in([organisation.pk])
    effects: list[Effect] = []
    if is_trial:
        effects = what_if(bring, there)
    else:
        bring()
    return Brought(tuple(answers), effects, is_trial)


def _bring(actor: User | None, organisation: Organisation, line: Line, met: set[int]) -> LineAnswer:
    if line.problem:
        return LineAnswer(line, "refused", line.problem)
    try:
        with transaction.atomic():
            key, is_new = link_asset(
                actor=actor, organisation=organisation, platform=line.platform,
                external_id=line.external_id, name=line.name,
            )  # fmt: skip
    except RegieError as error:
        return LineAnswer(line, "refused", error.sentence, _lost_zero(line, error) or error.hint)
    state = "repeated" if key in met else "linked" if is_new else "known"
    met.add(key)
    return LineAnswer(line, state)


def _lost_zero(line: Line, error: RegieError) -> Sentence | None:
    """Spreadsheets take the zeros from the start of a number."""
    is_short = line.external_id.isdecimal() and len(line.external_id) == 8
    if isinstance(error, Refused) or line.platform != "linkedin_ads" or not is_short:
        return None
    return Sentence(
        _("A spreadsheet may have dropped the zero at its start: write it again as text.")
    )
