"""Versions of the privacy policy, and who accepted which: devices, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.identity import policies
from regie.apps.identity.models import PolicyVersion
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors as tracking
from regie.kernel import clock
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _, say


@dataclass(frozen=True)
class Version:
    """``text`` is ``None`` for a name that consents carry and nobody published."""

    name: str
    text: str | None
    applies_on: date | None
    published_by: str
    published_at: datetime | None
    accepted: int
    refused: int


@transaction.atomic
def publish_policy(
    *, actor: User, organisation: Organisation, name: str, text: str, applies_on: date
) -> int:
    """A version never changes once it is published: whoever agreed to it agreed to that text."""
    policies.check_may_look(actor=actor, organisation=organisation)
    if not name.strip() or not text.strip():
        raise WrongUse(_("A version has a name and a text."))
    try:
        with transaction.atomic():
            made = PolicyVersion.objects.create(
                organisation=organisation, name=name.strip(), text=text.strip(),
                applies_on=applies_on, published_by=str(actor), published_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(
            say(_("There is a version “{name}” already, and it never changes."), name=name.strip()),
            hint=_("Give the new text a new name."),
        ) from error
    audit.record(
        organisation_id=organisation.pk, action="identity.policy_published", actor_id=actor.pk,
        actor=str(actor), name=made.name,
    )  # fmt: skip
    return made.pk


def versions_of(organisation_ids: Sequence[int]) -> list[Version]:
    """The latest first; then names that consents carry though nobody published them."""
    answers = tracking.answers_to(list(organisation_ids))
    found = PolicyVersion.objects.filter(organisation_id__in=list(organisation_ids))
    versions = [
        Version(
            one.name, one.text, one.applies_on, one.published_by, one.published_at,
            *answers.get(one.name, (0, 0)),
        )
        for one in found.order_by("-applies_on", "-pk")
    ]  # fmt: skip
    known = {one.name for one in versions}
    return versions + [
        Version(name, None, None, "", None, yes, no)
        for name, (yes, no) in sorted(answers.items()) if name not in known
    ]  # fmt: skip
