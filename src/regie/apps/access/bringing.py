"""Link a list of accounts: tried first, with the proof that nothing else changes, then done."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from regie.apps.access.effects import Effect
from regie.apps.access.owning import link_asset, link_assets
from regie.apps.access.sharing_in import names_shared_in
from regie.apps.access.unchanged import Compared, compared
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets.services import Line, Linked
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
    """Of a trial, ``compared`` tells of the accounts that were there before: no campaign and
    nobody's access changes, if nothing that runs does."""

    lines: Sequence[LineAnswer]
    compared: Compared | None = None

    @property
    def is_trial(self) -> bool:
        return self.compared is not None

    @property
    def effects(self) -> Sequence[Effect]:
        return self.compared.effects if self.compared else ()

    def count(self, state: str) -> int:
        return sum(one.state == state for one in self.lines)


@transaction.atomic
def bring_accounts(
    *, actor: User | None, organisation: Organisation, lines: Sequence[Line], is_trial: bool
) -> Brought:
    """What became of each line, or would. A refused line keeps none of the others out."""
    answers: list[LineAnswer] = []

    def bring() -> None:
        answers[:] = _brought(actor, organisation, lines)

    if is_trial:
        found = compared(bring, assets.keys_in([organisation.pk]))
        return Brought(tuple(answers), found)
    bring()
    return Brought(tuple(answers))


def _brought(
    actor: User | None, organisation: Organisation, lines: Sequence[Line]
) -> list[LineAnswer]:
    """At once where they are new or one's own; an account of a partner's is told line by line."""
    sound = [line for line in lines if not line.problem]
    shared = names_shared_in(organisation, {line.platform for line in sound})
    plain = [
        line for line in sound
        if not any((line.platform, one) in shared for one in _spellings(line))
    ]  # fmt: skip
    told: dict[int, Linked | RegieError] = {}
    with suppress(IntegrityError), transaction.atomic():  # where others link at the same time
        done = link_assets(actor=actor, organisation=organisation, lines=plain)
        told = {id(line): one for line, one in zip(plain, done, strict=True)}
    met: set[int] = set()
    return [
        _answer(line, told.get(id(line)) or _alone(actor, organisation, line), met)
        for line in lines
    ]  # fmt: skip


def _spellings(line: Line) -> tuple[str, ...]:
    written = line.external_id.strip()
    return (written, *assets.spellings(line.platform, written))


def _alone(
    actor: User | None, organisation: Organisation, line: Line
) -> Linked | RegieError | None:
    if line.problem:
        return None
    try:
        with transaction.atomic():
            return Linked(
                *link_asset(
                    actor=actor, organisation=organisation, platform=line.platform,
                    external_id=line.external_id, name=line.name,
                )
            )  # fmt: skip
    except RegieError as error:
        return error


def _answer(line: Line, became: Linked | RegieError | None, met: set[int]) -> LineAnswer:
    if became is None:
        return LineAnswer(line, "refused", line.problem)
    if isinstance(became, RegieError):
        hint = _lost_zero(line, became) or became.hint
        return LineAnswer(line, "refused", became.sentence, hint)
    state = "repeated" if became.key in met else "linked" if became.is_new else "known"
    met.add(became.key)
    return LineAnswer(line, state)


def _lost_zero(line: Line, error: RegieError) -> Sentence | None:
    """Spreadsheets take the zeros from the start of a number."""
    is_short = line.external_id.isdecimal() and len(line.external_id) == 8
    if isinstance(error, Refused) or line.platform != "linkedin_ads" or not is_short:
        return None
    return Sentence(
        _("A spreadsheet may have dropped the zero at its start: write it again as text.")
    )
