"""Versions of the privacy policy, and who accepted which: devices, never names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.identity import policies
from regie.apps.identity.models import PolicyVersion
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors as tracking
from regie.kernel import clock
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _, say


@dataclass(frozen=True)
class Version:
    """``text`` is ``None`` for a name that consents carry and nobody published.

    ``owner`` is the organisation that published it: it holds for those below too, unless they
    publish one of the same name themselves.
    """

    name: str
    owner: str
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


def versions_of(organisation: Organisation) -> list[Version]:
    """Versions that hold for the organisation, and those of its branch; the latest first.

    Then names that consents of the branch carry though nobody published them. Answers are those of
    the branch that one may see.
    """
    branch = {one.pk: one for one in organisations.branch_of(organisation)}
    found = _published(organisation, branch)
    by_name = {(one.organisation_id, one.name): one.pk for one in found}
    counts: dict[int, tuple[int, int]] = {}
    unknown: dict[str, tuple[int, int]] = {}
    for (owner, name), answers in tracking.answers_to(sorted(branch)).items():
        version = _held_by(branch[owner], name, by_name)
        if version is None:
            unknown[name] = _added(unknown.get(name), answers)
        else:
            counts[version] = _added(counts.get(version), answers)
    published = [
        Version(
            one.name, one.organisation.name, one.text, one.applies_on, one.published_by,
            one.published_at, *counts.get(one.pk, (0, 0)),
        )
        for one in found
    ]  # fmt: skip
    return [
        *published,
        *(Version(name, "", None, None, "", None, *unknown[name]) for name in sorted(unknown)),
    ]


def _published(organisation: Organisation, branch: Collection[int]) -> list[PolicyVersion]:
    """What visitors of those below read is no secret to them."""
    with operating():
        found = PolicyVersion.objects.filter(organisation_id__in={*branch, *lineage(organisation)})
        return list(found.select_related("organisation").order_by("-applies_on", "-pk"))


def _held_by(
    organisation: Organisation, name: str, by_name: Mapping[tuple[int, str], int]
) -> int | None:
    """The version called ``name`` of the organisation itself, or of the nearest above it."""
    found = (by_name.get((one, name)) for one in reversed(lineage(organisation)))
    return next((one for one in found if one is not None), None)


def _added(one: tuple[int, int] | None, other: tuple[int, int]) -> tuple[int, int]:
    return other if one is None else (one[0] + other[0], one[1] + other[1])


def lineage(organisation: Organisation) -> list[int]:
    """The organisation and those above it, the highest first."""
    return [int(part) for part in organisation.path.strip("/").split("/")]


ANSWER_COLUMNS: Final = (
    "answered_at", "answer", "version", "purposes", "organisation", "site", "device"
)  # fmt: skip


def answers_of(*, actor: User | None, organisation: Organisation) -> Iterator[tuple[str, ...]]:
    """The proof of every yes and no in the branch, in the order of ``ANSWER_COLUMNS``; a device is
    its opaque key, and empty once its person was erased."""
    policies.check_may_look(actor=actor, organisation=organisation)
    branch = [one.pk for one in organisations.branch_of(organisation)]
    sites = {one.id: one for one in tracking.sites_of(branch)}
    for one in tracking.every_answer(branch):
        site = sites[one.site_id]
        yield (
            one.at.isoformat(), "yes" if one.is_granted else "no", one.text,
            " ".join(map(str, one.purposes)), site.organisation.name, site.name,
            f"v{one.key}" if one.key else "",
        )  # fmt: skip
