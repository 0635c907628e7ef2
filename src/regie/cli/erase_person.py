"""``regie erase-person``: forget a person in every table, file, journal and list."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from regie.cli.person import add_who, report, who
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

SOMETHING_LEFT = 3


def add_to(commands: Any) -> None:
    parser = commands.add_parser("erase-person", help="forget a person, and say what was found")
    add_who(parser)
    parser.add_argument("--yes", action="store_true", help="ask nothing: it cannot be taken back")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit status 3 when something still names the person."""
    if not options.yes and not _is_sure(options):
        raise WrongUse(_("Nothing was erased."), hint=_("Say --yes to go on without a question."))
    from regie.cli.session import local_operator, organisation

    with local_operator():
        from regie.apps.identity import services

        here = organisation(options.organisation)
        number = services.erase_person(
            actor=None, organisation=here, text=who(options), country=options.country
        )
        return SOMETHING_LEFT if report(here, number) else 0


def _is_sure(options: argparse.Namespace) -> bool:
    if options.who == "-" or not sys.stdin.isatty():
        return False
    return input("This cannot be taken back. Erase this person? [y/N] ").strip().lower() == "y"
