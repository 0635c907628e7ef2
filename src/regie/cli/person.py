"""``regie person``: what is held of a person, told as JSON or CSV, or corrected everywhere."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser("person", help="tell what is held of a person, or correct it")
    parser.add_argument("action", choices=("show", "correct"))
    add_who(parser)
    parser.add_argument("--right", default="", help="how the name should be written")
    parser.add_argument("--format", choices=("json", "csv"), default="json")
    parser.set_defaults(run=run)


def add_who(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("who", help="an e-mail address, telephone, login, customer number, card or device; "
        "- reads it from standard input, so that no history of commands keeps it")  # fmt: skip
    add("--organisation", default="", metavar="SLUG", help="this organisation and those below")
    add("--country", default="FR", help="completes national telephone numbers")


def who(options: argparse.Namespace) -> str:
    return sys.stdin.readline().strip() if options.who == "-" else str(options.who)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator, organisation

    with local_operator():
        from regie.apps.identity import services

        about: dict[str, Any] = {
            "actor": None, "organisation": organisation(options.organisation),
            "country": options.country,
        }  # fmt: skip
        if options.action == "correct":
            number = services.correct_person(wrong=who(options), right=options.right, **about)
            report(about["organisation"], number)
            return 0
        held = services.tell_person(text=who(options), **about)
        told = services.as_csv(held) if options.format == "csv" else services.as_json(held)
        sys.stdout.write(told)
    return 0


def report(organisation: Any, number: int) -> bool:
    """What was found and what is left, as JSON; never who it was about.

    Returns whether something still names the person.
    """
    import json

    from regie.apps.access.context import operating
    from regie.apps.identity import selectors

    with operating():
        done = selectors.request_of([organisation.pk], number)
    told = {
        "request": done.kind, "number": number, "done": done.done_at is not None,
        "swept": done.swept_at is not None, "log_swept": done.is_log_swept,
        "found": done.found, "left": {one.where: one.count for one in done.left},
        "unreadable_files": list(done.unreadable),
        "removed": {str(one): name for one, name in done.removed.items()},
    }  # fmt: skip
    json.dump(told, sys.stdout, indent=2)
    print()
    return bool(done.left)
