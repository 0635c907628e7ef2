"""``regie import``: bring files in, and hear what became of each line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

if TYPE_CHECKING:
    from regie.apps.connections.selectors import ImportCard
    from regie.apps.connections.services import Options
    from regie.apps.organisations.models import Organisation


def add_to(commands: Any) -> None:
    parser = commands.add_parser("import", help="import export files")
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    parser.add_argument("--format", default="", help="name of the format (see `regie formats`)")
    parser.add_argument("--account", default="", help="the account that the files are of")
    parser.add_argument("--currency", default="", help="currency of amounts without one")
    parser.add_argument("--period", default="", metavar="A..B", help="days the figures are of")
    parser.add_argument("--timezone", default="", metavar="TZ")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="describes other tables")
    parser.add_argument("--organisation", default="", metavar="SLUG")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator, organisation
    from regie.ingestion.mapping import read_mapping

    for path in options.files:
        if not path.is_file():
            raise WrongUse(
                say(_("There is no file {path}."), path=str(path)), hint=_("Check its name.")
            )
        if not os.access(path, os.R_OK):
            raise WrongUse(
                say(_("The file {path} may not be read."), path=str(path)),
                hint=_("Ask its owner for the right to read it."),
            )
    mapping = read_mapping(options.mapping) if options.mapping else None
    _check(options)
    with local_operator():
        from regie.apps.connections import services

        said = services.Options(
            format=options.format,
            account=options.account,
            currency=options.currency,
            period=options.period,
            time_zone=options.timezone,
            mapping=mapping,
        )
        here = organisation(options.organisation)
        cards = _brought(options.files, here, said)
        if _is_a_conversation(options):
            cards = [
                _named(card, path, here, said)
                for card, path in zip(cards, options.files, strict=True)
            ]
    _show(cards, options)
    _warn(cards, options)
    refused = any(card.rows_refused or card.state in {"refused", "asks"} for card in cards)
    return 3 if refused else 0


def _brought(paths: list[Path], here: Organisation, said: Options) -> list[ImportCard]:
    from regie.apps.access.context import operating
    from regie.apps.connections import selectors, services
    from regie.apps.tracking import services as tracking

    files = [(path, path.name) for path in paths]
    records = services.import_files(actor=None, organisation=here, files=files, options=said)
    tracking.settle_files()
    with operating():
        return [selectors.import_detail(record.pk) for record in records]


def _is_a_conversation(options: argparse.Namespace) -> bool:
    return not options.json and sys.stdin.isatty() and sys.stderr.isatty()


def _named(card: ImportCard, path: Path, here: Organisation, said: Options) -> ImportCard:
    """Asks at the terminal whose figures these are; no answer leaves them where they are."""
    if not card.unnamed:
        return card
    print(f"{path}: {card.unnamed}", file=sys.stderr)
    print("  Name or number of the account (Enter leaves them there): ", end="", file=sys.stderr)
    sys.stderr.flush()
    account = sys.stdin.readline().strip()
    return _brought([path], here, replace(said, account=account))[0] if account else card


def _check(options: argparse.Namespace) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from regie.ingestion.formats import formats
    from regie.kernel.money import is_currency

    if options.format and options.format not in formats():
        raise WrongUse(
            say(_("There is no format called “{name}”."), name=options.format),
            hint=_("`regie formats` lists them."),
        )
    if options.currency and not is_currency(options.currency.upper()):
        raise WrongUse(
            say(_("“{code}” is not a currency code."), code=options.currency),
            hint=_("Write it as EUR, USD, CHF."),
        )
    if options.timezone:
        try:
            ZoneInfo(options.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise WrongUse(
                say(_("“{zone}” is not a time zone."), zone=options.timezone),
                hint=_("Write it as Europe/Paris."),
            ) from error


def _show(cards: list[ImportCard], options: argparse.Namespace) -> None:
    names = [str(path) for path in options.files]
    if options.json:
        described = [as_json(card, name) for card, name in zip(cards, names, strict=True)]
        json.dump({"files": described}, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return
    for card, name in zip(cards, names, strict=True):
        _tell(card, name)


def _warn(cards: list[ImportCard], options: argparse.Namespace) -> None:
    """On standard error, as whoever reads the figures elsewhere must not miss it."""
    for path, card in zip(options.files, cards, strict=True):
        if card.unnamed:
            again = say(_("Name it with `regie import {file} --account NAME`."), file=str(path))
            print(f"regie: {path}: {card.unnamed} {again}", file=sys.stderr)


def as_json(card: ImportCard, name: str) -> dict[str, Any]:
    """What ``--json`` says of one file."""
    return {
        "file": name,
        "format": card.format or None,
        "platform": card.platform or None,
        "state": card.state,
        "rows_read": card.rows_read,
        "rows_imported": card.rows_imported,
        "rows_refused": card.rows_refused,
        "rows_total_or_skipped": card.rows_aside,
        "import_id": card.id,
        "totals": card.totals,
        "counts": {name: _number(value) for name, value in card.counts.items()},
        "refused": [
            {"line": line.line, "column": line.column, "reason": str(line.reason)}
            for line in card.refused
        ],
        "notes": [str(note) for note in (*card.notes, card.unnamed) if note],
        "question": str(card.question) if card.question else None,
    }


def _number(value: str) -> int | str:
    return int(value) if value.lstrip("-").isdigit() else value


def _tell(card: ImportCard, name: str) -> None:
    print(f"{name}: {card.format or 'not recognised'} ({card.state}, import {card.id})")
    if card.question:
        print(f"  {card.question}")
    print(
        f"  {card.rows_read} lines read: {card.rows_imported} imported, {card.rows_refused} "
        f"refused, {card.rows_aside} totals or left aside"
    )
    for metric, values in card.totals.items():
        amounts = ", ".join(f"{value} {code}".strip() for code, value in values.items())
        print(f"  {metric}: {amounts}")
    for metric, value in card.counts.items():
        print(f"  {metric}: {value}")
    for note in card.notes:
        print(f"  {note}")
    for line in card.refused[:20]:
        print(
            f"  line {line.line}, {line.column}: {line.reason}"
            if line.column
            else f"  line {line.line}: {line.reason}"
        )
