"""``regie token``: a key for a program, in the name of a person."""

from __future__ import annotations

import argparse
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser("token", help="make a token for a program that calls the API")
    add = parser.add_argument
    add("--as", dest="person", required=True, metavar="EMAIL", help="whom it speaks for")
    add("--organisation", required=True, metavar="SLUG", help="this organisation and those below")
    add("--name", required=True, help="which program uses it")
    add("--scope", action="append", default=[], metavar="RIGHT",
        help="what it may do, such as figures:read; may be repeated")  # fmt: skip
    add("--days", type=int, default=90, help="how long it lives; 90 without it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    with local_operator():
        from regie.apps.access.context import acting_as
        from regie.apps.accounts.selectors import person_by_email
        from regie.apps.organisations.selectors import by_slug
        from regie.apps.tokens import services
        from regie.kernel.errors import NotFound
        from regie.kernel.i18n import _, say

        person = person_by_email(options.person)
        if person is None:
            raise NotFound(say(_("There is no person {email}."), email=options.person))
        with acting_as(person):
            organisation = by_slug(options.organisation)
            if organisation is None:
                raise NotFound(
                    say(_("There is no organisation “{slug}”."), slug=options.organisation)
                )
            print(
                services.make_token(
                    actor=person, organisation=organisation, name=options.name,
                    scopes=options.scope or ["figures:read"], days=options.days,
                )
            )  # fmt: skip
    return 0
