"""Saved views of the report: kept by their author, shared inside the organisation, taken away."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.dashboards import policies
from regie.apps.dashboards.models import SavedView
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import Forbidden, NotFound, WrongUse
from regie.kernel.i18n import _

LONGEST = 80
LONGEST_QUERY = 2000


@dataclass(frozen=True)
class ViewCard:
    """``query`` is what follows the question mark of the report's address."""

    id: int
    name: str
    query: str
    organisation_slug: str
    author: str
    is_shared: bool
    is_own: bool


def saved_views(organisation: Organisation, *, actor: User) -> list[ViewCard]:
    """One's own and those shared in the organisation, by name."""
    found = SavedView.objects.filter(organisation=organisation).select_related("organisation")
    return [_card(one, actor) for one in found.order_by("name", "pk")]


def saved_view(view_id: int, *, actor: User) -> ViewCard:
    """Raises ``NotFound`` where there is none, or none that may be seen."""
    record = SavedView.objects.filter(pk=view_id).select_related("organisation").first()
    if record is None:
        raise NotFound(_("There is no such view."))
    return _card(record, actor)


@transaction.atomic
def save_view(
    *, actor: User, organisation: Organisation, name: str, query: str, is_shared: bool
) -> int:
    policies.check_can_aim(actor=actor, organisation=organisation)
    if not name.strip() or len(name.strip()) > LONGEST:
        raise WrongUse(_("A view needs a name of at most 80 letters."))
    if len(query) > LONGEST_QUERY:
        raise WrongUse(_("This view has too many filters to be kept."))
    record = SavedView.objects.create(
        organisation=organisation, author_id=actor.pk, author=str(actor), name=name.strip(),
        query=query, is_shared=is_shared,
    )  # fmt: skip
    _record(actor, record, "dashboards.view_saved")
    return record.pk


@transaction.atomic
def remove_view(*, actor: User, view_id: int) -> None:
    record = SavedView.objects.filter(pk=view_id).first()
    if record is None:
        raise NotFound(_("There is no such view."))
    if record.author_id != actor.pk:
        raise Forbidden(_("Only its author can remove a view."))
    _record(actor, record, "dashboards.view_removed")
    record.delete()


def _card(record: SavedView, actor: User) -> ViewCard:
    return ViewCard(
        record.pk, record.name, record.query, record.organisation.slug, record.author,
        record.is_shared, record.author_id == actor.pk,
    )  # fmt: skip


def _record(actor: User, record: SavedView, action: str) -> None:
    audit.record(
        organisation_id=record.organisation_id, action=action, actor_id=actor.pk,
        actor=str(actor), view_id=record.pk, name=record.name, query=record.query,
    )  # fmt: skip
