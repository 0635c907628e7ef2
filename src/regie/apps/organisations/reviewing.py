"""The quarterly review: who has access and who lost it, signed once, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import selectors as journal
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations.directory import Filter, people_of, person
from regie.apps.organisations.lines import line_of
from regie.apps.organisations.models import Organisation, Review
from regie.apps.organisations.roles import today_in
from regie.kernel import clock
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _


@dataclass(frozen=True)
class ReviewCard:
    """``content`` is what was signed; ``is_whole`` tells whether its digest still fits."""

    id: int
    quarter: str
    at: datetime
    actor: str
    digest: str
    content: dict[str, Any]
    is_whole: bool


def quarter_of(day: date) -> str:
    """Such as ``2026-Q4``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


@transaction.atomic
def sign_review(
    *, actor: User, organisation: Organisation, roles: Sequence[Mapping[str, Any]] = ()
) -> ReviewCard:
    """Keep who has access to the branch now, and who was taken out since the last review.

    ``roles`` are those that people hold on single accounts, as the app of access knows them.
    """
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    today, now = today_in(organisation), clock.now()
    last = Review.objects.filter(organisation=organisation).order_by("-at").first()
    content = {
        "organisation": " / ".join(step.name for step in line_of(organisation)),
        "manager_number": organisation.manager_number or "",
        "quarter": quarter_of(today),
        "people": [_row(member) for member in people_of(organisation, Filter(state="active"))],
        "roles": [dict(one) for one in roles],
        "taken_out": _taken_out(organisation, since=last.at if last else None),
        "since": last.at.isoformat() if last else "",
    }
    made = Review.objects.create(
        organisation=organisation, quarter=quarter_of(today), at=now, actor_id=actor.pk,
        actor=f"{actor} ({actor.email})", content=content, digest=digest_of(content),
    )  # fmt: skip
    audit.record(
        organisation_id=organisation.pk, action="organisations.reviewed", actor_id=actor.pk,
        actor=str(actor), quarter=made.quarter, kept=len(content["people"]), digest=made.digest,
    )  # fmt: skip
    return _card(made)


def reviews_of(organisation: Organisation) -> list[ReviewCard]:
    """The newest first."""
    found = Review.objects.filter(organisation=organisation).order_by("-at", "-pk")
    return [_card(one) for one in found[:40]]


def review_card(review_id: int) -> ReviewCard:
    found = Review.objects.filter(pk=review_id).first()
    if found is None:
        raise NotFound(_("There is no such review."))
    return _card(found)


def digest_of(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _row(member: Any) -> dict[str, Any]:
    one = person(member)
    return {
        "name": one.name,
        "email": one.email,
        "organisation": one.organisation,
        "role": one.role,
        "ends_on": str(one.ends_on or ""),
        "last_active_on": str(one.last_active_on or ""),
        "is_unused": one.is_unused,
        "has_second_factor": one.has_second_factor,
    }


def _taken_out(organisation: Organisation, *, since: datetime | None) -> list[dict[str, str]]:
    branch = Organisation.objects.filter(path__startswith=organisation.path)
    asked = journal.Asked(area="organisations", time_zone=organisation.time_zone)
    lines = journal.lines_of(list(branch.values_list("pk", flat=True)), asked)
    lines = lines.filter(action="organisations.member_removed")
    if since is not None:
        lines = lines.filter(at__gt=since)
    found = map(journal.line, lines[:5000])
    return [
        {"email": str(one.details.get("member", "")), "at": one.at.isoformat(), "by": one.actor}
        for one in found
    ]


def _card(one: Review) -> ReviewCard:
    return ReviewCard(
        one.pk, one.quarter, one.at, one.actor, one.digest, one.content,
        is_whole=digest_of(one.content) == one.digest,
    )  # fmt: skip
