"""``regie manager``: the tree grown, moved, merged and closed, why somebody may, and the review."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regie.apps.accounts.models import User
    from regie.apps.organisations.models import Organisation
    from regie.apps.organisations.selectors import Consequences

Rows = Sequence[Mapping[str, Any]]
TRIED = "say who would gain and lose sight of it, and change nothing"


def add_to(acts: Any) -> None:
    create = acts.add_parser("create", help="create an organisation below --organisation")
    create.add_argument("name")
    create.add_argument("--kind", default="region",
                        help="such as subsidiary, region, franchisee")  # fmt: skip
    create.add_argument("--manager", action="store_true", help="give it a number of its own")
    create.set_defaults(does=_create, needs_person=True)
    move = acts.add_parser("move", help="let an organisation stand below another")
    move.add_argument("slug")
    move.add_argument("to", help="the slug of the other; “-” for the top")
    move.add_argument("--dry-run", action="store_true", help=TRIED)
    move.set_defaults(does=_move, needs_person=True)
    merge = acts.add_parser("merge", help="merge an organisation into another, and close it")
    merge.add_argument("slug")
    merge.add_argument("into")
    merge.add_argument("--dry-run", action="store_true", help=TRIED)
    merge.set_defaults(does=_merge, needs_person=True)
    close = acts.add_parser("close", help="close an organisation and those below; nothing is lost")
    close.add_argument("slug")
    close.add_argument("--dry-run", action="store_true", help=TRIED)
    close.set_defaults(does=_close, needs_person=True)
    again = acts.add_parser("open", help="open a closed organisation again, as it was")
    again.add_argument("slug")
    again.add_argument("--dry-run", action="store_true", help=TRIED)
    again.set_defaults(does=_open, needs_person=True)
    undo = acts.add_parser("undo", help="take a move, a merger or a closing of 30 days back")
    undo.add_argument("change", type=int, help="its number, as it was printed")
    undo.set_defaults(does=_undo, needs_person=True)
    review = acts.add_parser("review", help="roles that nobody has used for 90 days")
    review.add_argument("--sign", action="store_true", help="sign that what is left is needed")
    review.set_defaults(does=_review, needs_person=True)


def _create(options: argparse.Namespace, actor: User, here: Organisation) -> Rows:
    from django.utils.text import slugify

    from regie.apps.organisations import services

    made = services.create_below(
        actor=actor, parent=here, name=options.name, base=slugify(options.name),
        kind=_kind(options.kind), is_manager=options.manager,
    )  # fmt: skip
    return [{"slug": made.slug, "name": made.name, "manager_number": made.manager_number or ""}]


def _kind(said: str) -> str:
    from regie.apps.organisations.models import Kind
    from regie.kernel.errors import WrongUse
    from regie.kernel.i18n import _, say

    if said not in Kind.values:
        raise WrongUse(
            say(_("“{kind}” is no kind of organisation."), kind=said),
            hint=say(_("It is one of: {kinds}."), kinds=", ".join(Kind.values)),
        )
    return said


def _move(options: argparse.Namespace, actor: User, here: Organisation) -> Rows:
    from regie.apps.organisations import services

    asked: dict[str, Any] = {
        "actor": actor, "organisation": _found(options.slug),
        "to": None if options.to == "-" else _found(options.to),
    }  # fmt: skip
    told = services.what_if_moved(**asked)
    return _told(told, 0 if options.dry_run else services.move_organisation(**asked).pk)


def _merge(options: argparse.Namespace, actor: User, here: Organisation) -> Rows:
    from regie.apps.organisations import services

    asked: dict[str, Any] = {
        "actor": actor, "organisation": _found(options.slug), "into": _found(options.into)
    }  # fmt: skip
    told = services.what_if_merged(**asked)
    return _told(told, 0 if options.dry_run else services.merge_organisation(**asked).pk)


def _close(options: argparse.Namespace, actor: User, here: Organisation) -> Rows:
    from regie.apps.organisations import services

    asked: dict[str, Any] = {"actor": actor, "organisation": _found(options.slug)}
    told = services.what_if_closed(**asked)
    return _told(told, 0 if options.dry_run else services.close_organisation(**asked).pk)


def _open(options: argparse.Namespace, actor: User, here: Organisation) -> Rows:
    from regie.apps.organisations import services

    asked: dict[str, Any] = {"actor": actor, "organisation": _found(options.slug)}
    told = services.what_if_opened(**asked)
    if not options.dry_run:
        services.open_again(**asked)
    return _told(told, 0)


def _undo(options: argparse.Namespace, actor: User, here: Organisation) -> Rows:
    from regie.apps.organisations import services

    change = services.undo_change(actor=actor, change_id=options.change)
    return [{"change": change.pk, "undone": change.kind, "slug": change.organisation.slug}]


def _review(options: argparse.Namespace, actor: User, here: Organisation) -> Rows:
    from regie.apps.access import selectors, services
    from regie.apps.organisations import policies
    from regie.kernel import clock
    from regie.ui.templatetags.ui import say

    policies.check_can_administer(actor=actor, organisation=here, now=clock.now())
    if options.sign:
        made = services.sign_review(actor=actor, organisation=here)
        return [{"review": made.id, "quarter": made.quarter, "digest": made.digest}]
    return [
        {"person": one.email, "account": one.account, "role": say(one.role),
         "given_on": one.given_on, "last_used_on": one.last_used_on}
        for one in selectors.unused_roles(here)
    ]  # fmt: skip


def _found(slug: str) -> Organisation:
    """A hidden one answers like an absent one."""
    from regie.apps.organisations import selectors
    from regie.kernel.errors import NotFound
    from regie.kernel.i18n import _, say

    found = selectors.by_slug(slug)
    if found is None:
        raise NotFound(say(_("There is no organisation “{slug}”."), slug=slug))
    return found


def _told(found: Consequences, change_id: int) -> Rows:
    return [
        {
            "organisations": found.branch, "gain": ", ".join(found.gain),
            "lose": ", ".join(found.lose), "people": ", ".join(found.people),
            "change": change_id or "",
        }
    ]  # fmt: skip
