"""``regie manager``: organisations, people, accounts and who may do what, from the terminal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from regie.cli import branches

if TYPE_CHECKING:
    from regie.apps.accounts.models import User
    from regie.apps.organisations.models import Organisation

Rows = Sequence[Mapping[str, Any]]


def add_to(commands: Any) -> None:
    parser = commands.add_parser("manager", help="organisations, people, accounts, roles")
    parser.add_argument("--as", dest="person", default="", metavar="EMAIL",
                        help="act as this person; without it, as the local operator")  # fmt: skip
    parser.add_argument("--organisation", default="", metavar="SLUG",
                        help="this one and those below; the only root without it")  # fmt: skip
    parser.add_argument("--json", action="store_true")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("organisations", help="list them").set_defaults(does=_organisations)
    acts.add_parser("people", help="list the members").set_defaults(does=_people)
    acts.add_parser("accounts", help="list accounts, pages and locations").set_defaults(
        does=_accounts
    )
    acts.add_parser("audiences", help="list its own audiences and those it received").set_defaults(
        does=_audiences
    )
    who = acts.add_parser("who", help="who may do what with an account, and why")
    who.add_argument("account", type=int, help="its number in the list of accounts")
    who.add_argument("--email", default="", help="of one person")
    who.add_argument("--permission", default="", metavar="CODE",
                     help="those alone who may do this, such as campaigns.edit")  # fmt: skip
    who.set_defaults(does=_who)
    link = acts.add_parser("link", help="“we own it”: link an account by its ID")
    link.add_argument("platform")
    link.add_argument("id")
    link.add_argument("--name", default="")
    link.set_defaults(does=_link)
    give = acts.add_parser("give", help="give a member a role on an account")
    give.add_argument("account", type=int)
    give.add_argument("email")
    give.add_argument("role", help="such as CAMPAIGN_MANAGER")
    give.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="its last day")
    give.set_defaults(does=_give)
    invite = acts.add_parser("invite", help="invite people by the address of their work")
    invite.add_argument("email", nargs="+")
    invite.add_argument("--role", default="employee")
    invite.add_argument("--until", type=date.fromisoformat, metavar="DAY")
    invite.add_argument("--language", choices=("fr", "en"), default="fr")
    invite.set_defaults(does=_invite, needs_person=True)
    branches.add_to(acts)
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    if getattr(options, "needs_person", False) and not options.person:
        options.parser.error(f"say who does it: regie manager --as EMAIL {options.act} …")
    from regie.cli.session import local_operator

    with local_operator(), _context(options.person) as actor:
        does: Callable[[argparse.Namespace, User | None, Organisation], Rows] = options.does
        rows = does(options, actor, _here(options))
    _write(rows, options)
    return 3 if any(row.get("problem") for row in rows) else 0


@contextmanager
def _context(email: str) -> Iterator[User | None]:
    from regie.apps.access.context import acting_as, operating
    from regie.apps.accounts.selectors import person_by_email
    from regie.kernel.errors import NotFound
    from regie.kernel.i18n import _, say

    if not email:
        with operating():
            yield None
        return
    person = person_by_email(email)
    if person is None:
        raise NotFound(say(_("There is no person {email}."), email=email))
    with acting_as(person):
        yield person


def _here(options: argparse.Namespace) -> Organisation:
    """In the context of who acts: a hidden organisation answers like an absent one."""
    from regie.apps.organisations import selectors
    from regie.cli.session import organisation
    from regie.kernel.errors import NotFound
    from regie.kernel.i18n import _, say

    if not options.person:
        return organisation(options.organisation)
    visible = selectors.visible_organisations()
    wanted = [one for one in visible if options.organisation in ("", one.slug)]
    if not wanted:
        raise NotFound(say(_("There is no organisation “{slug}”."), slug=options.organisation))
    return wanted[0]


def _organisations(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from regie.apps.organisations import selectors

    return [
        {"slug": one.slug, "name": one.name, "kind": one.kind,
         "manager_number": one.manager_number or "", "closed": one.closed_at is not None}
        for one in selectors.branch_of(here)
    ]  # fmt: skip


def _people(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from regie.apps.organisations import selectors

    found = map(selectors.person, selectors.people_of(here, selectors.Filter()))
    return [
        {"email": one.email, "name": one.name, "role": one.role, "ends_on": one.ends_on,
         "organisation": one.organisation}
        for one in found
    ]  # fmt: skip


def _accounts(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from regie.apps.access.selectors import keys_listed
    from regie.apps.assets import selectors as assets
    from regie.apps.organisations import selectors

    keys = keys_listed([one.pk for one in selectors.branch_of(here)])
    return [
        {"account": one.key, "platform": one.platform, "id": one.shown_id, "name": one.label,
         "organisation": one.organisation, "state": one.status}
        for one in assets.cards(keys)
    ]  # fmt: skip


def _audiences(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from regie.apps.audiences import selectors

    own = selectors.audiences_of(here, actor=actor)
    return [
        {"audience": one.id, "name": one.name, "owner": one.owner, "size": one.size,
         "expires_on": one.expires_on, "put_away": one.is_archived}
        for one in (*own, *selectors.received_by(here))
    ]  # fmt: skip


def _who(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from regie.apps.access import selectors
    from regie.apps.assets import selectors as assets

    key = assets.card(options.account).key
    return [
        {"email": one.email, "permissions": " ".join(sorted(one.permissions)),
         "why": "; ".join(f"{path.way} of {path.organisation}" for path in one.paths)}
        for one in selectors.accesses_on([key])
        if options.email in ("", one.email)
        and (not options.permission or options.permission in one.permissions)
    ]  # fmt: skip


def _link(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from regie.apps.access import services

    key, is_new = services.link_asset(
        actor=actor, organisation=here, platform=options.platform, external_id=options.id,
        name=options.name,
    )  # fmt: skip
    return [{"account": key, "state": "linked" if is_new else "linked before"}]


def _give(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from regie.apps.access import services
    from regie.apps.organisations import selectors
    from regie.kernel.errors import NotFound
    from regie.kernel.i18n import _

    wanted = selectors.Filter(text=options.email, only_here=True)
    member = next(
        (one for one in selectors.people_of(here, wanted) if one.user.email == options.email), None
    )
    if member is None:
        raise NotFound(_("There is no such member."))
    made = services.give_role(
        actor=actor, asset_id=options.account, member_id=member.pk,
        given=services.Given(options.role), ends_on=options.until,
    )  # fmt: skip
    return [{"account": options.account, "email": options.email, "role": made.role}]


def _invite(options: argparse.Namespace, actor: User | None, here: Organisation) -> Rows:
    from django.conf import settings

    from regie.apps.organisations import services
    from regie.ui.templatetags.ui import say

    if actor is None:
        return []
    wanted = [
        services.Wanted(email, options.role, options.until, line)
        for line, email in enumerate(options.email, start=1)
    ]
    answers = services.invite(
        actor=actor, organisation=here, people=wanted, language=options.language,
        address=str(settings.REGIE_ADDRESS or "http://localhost:8000").rstrip("/"),
    )  # fmt: skip
    return [
        {"email": one.wanted.email, "invitation": one.invitation_id or "",
         "problem": say(one.problem) if one.problem else ""}
        for one in answers
    ]  # fmt: skip


def _write(rows: Rows, options: argparse.Namespace) -> None:
    if options.json:
        json.dump({options.act: list(rows)}, sys.stdout, ensure_ascii=False, indent=2, default=str)
        print()
        return
    if not rows:
        print("Nothing here.")
        return
    lines = [list(rows[0])]
    lines += [[str("" if cell is None else cell) for cell in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(padded).rstrip())
