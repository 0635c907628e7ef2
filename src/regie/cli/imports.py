"""``regie imports``: what came in, and ``regie imports undo ID``."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser("imports", help="list imports, or take one back")
    parser.add_argument("action", nargs="?", choices=("undo",))
    parser.add_argument("id", nargs="?", type=int)
    parser.add_argument("--organisation", default="", metavar="SLUG")
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    if options.action and options.id is None:
        options.parser.error("say which import: regie imports undo 12")
    from regie.cli.session import local_operator

    with local_operator():
        return _undo(options) if options.action else _list(options)


def _undo(options: argparse.Namespace) -> int:
    from regie.apps.connections import services
    from regie.apps.tracking import services as tracking

    record = services.undo_import(actor=None, import_id=options.id)
    tracking.settle_files()
    if options.json:
        json.dump({"import_id": record.pk, "state": record.state}, sys.stdout)
        print()
    else:
        print(f"Import {record.pk} ({record.file_name}) is taken back.")
    return 0


def _list(options: argparse.Namespace) -> int:
    from regie.apps.access.context import operating
    from regie.apps.connections import selectors
    from regie.apps.organisations import selectors as organisations
    from regie.cli.import_ import as_json

    with operating():
        visible = organisations.visible_organisations()
        chosen = [one.pk for one in visible if options.organisation in ("", one.slug)]
        cards = selectors.imports_of(chosen, limit=options.limit)
    if options.json:
        described = [
            as_json(card, card.file_name) | {"at": card.created_at.isoformat()} for card in cards
        ]
        json.dump({"imports": described}, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0
    for card in cards:
        print(
            f"{card.id:>6}  {card.created_at:%Y-%m-%d %H:%M}  {card.state:<10}  "
            f"{card.rows_imported:>8} lines  {card.format:<24}  {card.file_name}"
        )
    if not cards:
        print("Nothing was imported yet. Begin with: regie import FILE")
    return 0
