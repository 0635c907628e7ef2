"""Move, merge and close branches of the tree, and take it back; nothing is ever lost.

Whoever steers an organisation administers the one above it, or the organisation itself where
nothing is above: nobody takes his own branch out of the network. A merged organisation is closed
below the one it became part of, where its past stays readable.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations.models import Member, Organisation, TreeChange
from regie.apps.organisations.numbers import new_manager_number
from regie.apps.organisations.room import change_tree_alone, check_room
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _

UNDONE_WITHIN = timedelta(days=30)


@transaction.atomic
def move_organisation(
    *, actor: User, organisation: Organisation, to: Organisation | None
) -> TreeChange:
    """The organisation, with all below it, stands under ``to``, or alone at the top.

    Raises ``Refused`` where a manager would hold too many ad accounts; so does a merger.
    """
    change_tree_alone()
    here = _locked(organisation.pk)
    _check_can_place(actor, here, to)
    if here.parent_id == (to.pk if to else None):
        raise Refused(_("It stands there already."))
    change = _note(actor, here, "moved", {"parent": here.parent_id, "to": to.pk if to else None})
    _place(here, to.pk if to else None)
    _check_headed(here)
    check_room()
    _record(actor, here, "organisations.moved", into=to.name if to else "")
    return change


@transaction.atomic
def merge_organisation(
    *, actor: User, organisation: Organisation, into: Organisation
) -> TreeChange:
    """What is below it and its people go to ``into``; itself is closed below that."""
    change_tree_alone()
    here = _locked(organisation.pk)
    _check_can_place(actor, here, into)
    there = set(Member.objects.filter(organisation=into).values_list("user_id", flat=True))
    members = list(Member.objects.filter(organisation=here).exclude(user_id__in=there))
    children = list(Organisation.objects.filter(parent=here).exclude(pk=into.pk))
    change = _note(
        actor, here, "merged",
        {"parent": here.parent_id, "to": into.pk, "children": [one.pk for one in children],
         "members": [one.pk for one in members]},
    )  # fmt: skip
    for child in children:
        _place(child, into.pk)
    Member.objects.filter(pk__in=[one.pk for one in members]).update(organisation=into)
    _place(here, into.pk)
    Organisation.objects.filter(pk=here.pk).update(closed_at=clock.now())
    check_room()
    _record(actor, here, "organisations.merged", into=into.name)
    return change


@transaction.atomic
def close_organisation(*, actor: User, organisation: Organisation) -> TreeChange:
    """It and all below it: their people no longer get in, their past stays."""
    here = _locked(organisation.pk)
    policies.check_can_steer(actor=actor, organisation=here, now=clock.now())
    policies.check_is_open(here)
    branch = Organisation.objects.filter(path__startswith=here.path, closed_at=None)
    ids = list(branch.values_list("pk", flat=True))
    change = _note(actor, here, "closed", {"closed": ids})
    Organisation.objects.filter(pk__in=ids).update(closed_at=clock.now())
    _record(actor, here, "organisations.closed", count=len(ids))
    return change


@transaction.atomic
def open_again(*, actor: User, organisation: Organisation) -> int:
    """It, and those below that were closed with it; how many."""
    here = _locked(organisation.pk)
    policies.check_can_steer(actor=actor, organisation=here, now=clock.now())
    if here.closed_at is None:
        raise Refused(_("It is open."))
    parent = Organisation.objects.filter(pk=here.parent_id or 0).first()
    if parent is not None and parent.closed_at is not None:
        raise Refused(_("The organisation above it is closed."), hint=_("Open that one first."))
    opened = Organisation.objects.filter(path__startswith=here.path, closed_at=here.closed_at)
    count = opened.update(closed_at=None)
    _record(actor, here, "organisations.opened_again", count=count)
    return count


@transaction.atomic
def undo_change(*, actor: User, change_id: int) -> TreeChange:
    """As it was before, where nothing that hangs on it has changed since."""
    change_tree_alone()
    change = (
        TreeChange.objects.select_for_update(of=("self",))
        .filter(pk=change_id, undone_at=None, at__gt=clock.now() - UNDONE_WITHIN)
        .first()
    )
    if change is None:
        raise NotFound(_("There is nothing to take back."))
    here = _locked(change.organisation_id)
    policies.check_can_steer(actor=actor, organisation=here, now=clock.now())
    before = change.before
    if change.kind == "closed":
        Organisation.objects.filter(pk__in=before["closed"]).update(closed_at=None)
    else:
        _undo_placing(actor, here, before, is_merger=change.kind == "merged")
    change.undone_at = clock.now()
    change.save(update_fields=["undone_at"])
    _record(actor, here, "organisations.change_undone", what=change.kind)
    return change


def _undo_placing(
    actor: User, here: Organisation, before: dict[str, Any], *, is_merger: bool
) -> None:
    if here.parent_id != before["to"]:
        raise Refused(_("It was moved again since: move it where it should stand."))
    parent = Organisation.objects.filter(pk=before["parent"] or 0).first()
    if before["parent"] is not None and parent is None:
        raise NotFound(_("There is nothing to take back."))
    if parent is not None:
        policies.check_can_administer(actor=actor, organisation=parent, now=clock.now())
        policies.check_is_open(parent)
    _place(here, before["parent"])
    if is_merger:
        Organisation.objects.filter(pk=here.pk).update(closed_at=None)
        for child in Organisation.objects.filter(pk__in=before["children"], parent=before["to"]):
            _place(child, here.pk)
        moved = Member.objects.filter(pk__in=before["members"], organisation=before["to"])
        moved.update(organisation=here)
    _check_headed(here)
    check_room()


def _check_can_place(actor: User, here: Organisation, to: Organisation | None) -> None:
    now = clock.now()
    policies.check_can_steer(actor=actor, organisation=here, now=now)
    policies.check_is_open(here)
    if to is None:
        return
    there = Organisation.objects.filter(pk=to.pk).first()  # where it stands by now
    if there is None:
        raise NotFound(_("There is no such organisation."))
    policies.check_can_administer(actor=actor, organisation=there, now=now)
    policies.check_is_open(there)
    if there.path.startswith(here.path):
        raise Refused(_("An organisation cannot stand below itself."))


def _locked(organisation_id: int) -> Organisation:
    found = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound(_("There is no such organisation."))
    return found


def _place(organisation: Organisation, parent_id: int | None) -> None:
    here = Organisation.objects.filter(pk=organisation.pk)
    here.update(parent=parent_id)
    if parent_id is None and organisation.manager_number is None:
        here.update(manager_number=new_manager_number())


def _check_headed(organisation: Organisation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_has_administrator(%s)", [organisation.pk])
        ((headed,),) = cursor.fetchall()
    if not headed:
        raise Refused(
            _("Nobody would administer it there."),
            hint=_("Make somebody its administrator first."),
        )


def _note(actor: User, here: Organisation, kind: str, before: dict[str, Any]) -> TreeChange:
    return TreeChange.objects.create(
        organisation=here, kind=kind, before=before, at=clock.now(), actor_id=actor.pk,
        actor=str(actor),
    )  # fmt: skip


def _record(actor: User, here: Organisation, action: str, **details: object) -> None:
    audit.record(
        organisation_id=here.pk, action=action, actor_id=actor.pk, actor=str(actor),
        name=here.name, **details,
    )  # fmt: skip
