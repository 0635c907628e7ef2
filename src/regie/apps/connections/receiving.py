"""Takes files in: each is kept under its digest and gets a record, before anything is read."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from regie.apps.access import policies
from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.connections import storage
from regie.apps.connections.context import context_of
from regie.apps.connections.models import UNHEARD, Import, State
from regie.apps.organisations.models import Organisation
from regie.domain.privacy.masking import without_addresses
from regie.ingestion.mapping import format_from
from regie.ingestion.pipeline import Answers, digest_of
from regie.kernel.errors import NotFound, Refused, WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.money import is_currency
from regie.kernel.periods import parse_period

LONGEST = 180  # letters of a name or number of an account
SHOWN = 60
ANSWERABLE = (State.ASKS, State.ANSWERED, State.REFUSED, State.PUBLISHED)


@dataclass(frozen=True)
class Options:
    """What the person said about the files, as it was said."""

    format: str = ""
    account: str = ""
    currency: str = ""
    period: str = ""
    time_zone: str = ""
    mapping: dict[str, Any] | None = None

    def answers(self) -> Answers:
        return Answers(
            format=self.format,
            account=self.account,
            currency=self.currency.upper(),
            period=parse_period(self.period) if self.period else None,
            time_zone=self.time_zone,
            mapping=format_from(self.mapping) if self.mapping else None,
        )


def _check(options: Options) -> None:
    """Raises ``WrongUse`` for what nobody can have meant."""
    options.answers()
    if len(options.account) > LONGEST or not options.account.isprintable():
        raise WrongUse(
            say(_("“{account}” is no account."), account=options.account[:SHOWN]),
            hint=_("Write its name or its number as the platform shows it."),
        )
    if options.currency and not is_currency(options.currency.upper()):
        raise WrongUse(
            say(_("“{code}” is not a currency code."), code=options.currency[:SHOWN]),
            hint=_("Write it as EUR, USD, CHF."),
        )


def receive(
    *,
    actor: User | None,
    organisation: Organisation,
    files: Sequence[tuple[Path, str]],
    options: Options,
    completes_id: int | None = None,
) -> str:
    """Keep ``files`` (path and name) and record that they came. Returns the batch."""
    _check(options)  # refuse nonsense before anything is kept
    batch = str(uuid.uuid4())
    kept = [(name, digest_of(path), path) for path, name in files]
    paths = [storage.keep(path, digest) for _name, digest, path in kept]
    with context_of(actor):
        policies.check_can_import(actor=actor, organisation=organisation)
        for (name, digest, path), raw_path in zip(kept, paths, strict=True):
            record = Import.objects.create(
                organisation=organisation,
                batch=batch,
                actor_id=actor.pk if actor else None,
                actor=str(actor) if actor else audit.OPERATOR,
                file_name=name[-255:],
                file_digest=digest,
                options=asdict(options),
                options_digest=options_digest(options, []),
                raw_path=raw_path,
                bytes=path.stat().st_size,
                completes_id=completes_id,
            )
            audit.record(
                organisation_id=organisation.pk,
                action="connections.file_received",
                actor_id=record.actor_id,
                actor=record.actor,
                import_id=record.pk,
                file=without_addresses(name),
            )
    return batch


def receive_again(*, actor: User | None, import_id: int, said: Mapping[str, Any]) -> Import:
    """A new record of the same kept file, with what was ``said`` beside its earlier options.

    Raises ``NotFound`` for an import that is hidden, ``Refused`` for one that needs no answer.
    """
    with context_of(actor):
        # Of two answers given at once the second finds the question answered.
        asked = Import.objects.select_for_update().filter(pk=import_id).first()
        if asked is None:
            raise NotFound(say(_("There is no import {number}."), number=import_id))
        policies.check_can_import(actor=actor, organisation=asked.organisation)
        if not asked.needs or asked.state not in ANSWERABLE or _is_answered(asked):
            raise Refused(say(_("Import {number} asks nothing."), number=import_id))
        options = Options(**{**asked.options, **said})
        _check(options)
        again = Import.objects.create(
            organisation_id=asked.organisation_id,
            batch=str(uuid.uuid4()),
            actor_id=actor.pk if actor else None,
            actor=str(actor) if actor else audit.OPERATOR,
            file_name=asked.file_name,
            file_digest=asked.file_digest,
            options=asdict(options),
            options_digest=options_digest(options, []),
            raw_path=asked.raw_path,
            bytes=asked.bytes,
            completes_id=asked.completes_id,
            answers_id=asked.pk,
        )
        if asked.state != State.PUBLISHED:  # what is published stays so until it is replaced
            asked.state = State.ANSWERED
            asked.save(update_fields=["state"])
        audit.record(
            organisation_id=asked.organisation_id,
            action="connections.import_answered",
            actor_id=again.actor_id,
            actor=again.actor,
            import_id=again.pk,
            file=without_addresses(asked.file_name),
            said=sorted(said),
        )
    return again


def _is_answered(asked: Import) -> bool:
    return Import.objects.filter(answers=asked).exclude(state__in=UNHEARD).exists()


def options_digest(options: Options, companions: Sequence[str]) -> str:
    """What the result depends on beside the file: the options and the tables sent with it."""
    said = json.dumps([asdict(options), sorted(companions)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def signature(file_name: str) -> str:
    """A file's name without what changes each day: its digits."""
    return re.sub(r"\d+", "#", file_name.rsplit("/", 1)[-1].casefold())[:200]
