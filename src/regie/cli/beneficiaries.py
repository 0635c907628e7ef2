"""``regie beneficiaries ACCOUNT``: for whom its campaigns work, and a table of rules brought in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "beneficiaries", help="say for whom the campaigns of a shared account work"
    )
    parser.add_argument("account", help="the ID or the name of an ad account")
    parser.add_argument("--bring", type=Path, metavar="FILE", help="rules to add: CSV or workbook")
    parser.add_argument("--organisation", default="", metavar="SLUG", help="who owns the account")
    parser.add_argument("--replace", action="store_true", help="in place of all its rules")
    trial = "with --bring: say what would move, and keep nothing"
    parser.add_argument("--try", action="store_true", dest="is_trial", help=trial)
    campaigns = "list campaigns and whom they work for, and not the rules"
    parser.add_argument("--campaigns", action="store_true", help=campaigns)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The rules, or the campaigns, as CSV; refused lines go to standard error."""
    from regie.cli.session import local_operator

    with local_operator():
        from regie.apps.access.context import operating
        from regie.apps.beneficiaries import selectors, services
        from regie.cli.session import organisation
        from regie.ui.csv_cells import Writer

        owner = organisation(options.organisation)
        with operating():
            key = _account(owner, options.account)
            if options.bring and options.is_trial:
                return _try(key, options)
            refused = _bring(key, options) if options.bring else 0
            found = selectors.overview(actor=None, asset_id=key)
        writer = Writer(sys.stdout)
        if options.campaigns:
            writer.row(["level", "id", "name", "campaign", "beneficiary", "from", "to", "by",
                             "value"])  # fmt: skip
            writer.rows(selectors.assignments(found))
        else:
            writer.row(services.COLUMNS)
            for one in found.rules:
                writer.row([found.card.shown_id, one.level, one.way, one.value,
                                 one.serves.key if one.serves else "", one.starts or "",
                                 one.ends or ""])  # fmt: skip
        return 3 if refused else 0


def _account(owner: Any, said: str) -> int:
    from regie.apps.assets import selectors as assets
    from regie.apps.organisations import selectors as organisations
    from regie.kernel.errors import NotFound
    from regie.kernel.i18n import _, say

    branch = [one.pk for one in organisations.branch_of(owner)]
    listed = assets.listed("ad_account", branch, assets.Filter())
    cards = assets.cards(listed.values_list("pk", flat=True))
    found = [one for one in cards if said in {one.external_id, one.shown_id, one.name}]
    if len(found) != 1:
        raise NotFound(
            say(_("There is no single ad account called “{name}”."), name=said),
            hint=say(_("Those that are there: {names}."),
                     names=", ".join(sorted(one.shown_id or one.label for one in cards)[:20])),
        )  # fmt: skip
    return found[0].key


def _try(key: int, options: argparse.Namespace) -> int:
    """What would move, as CSV: whom it works for and whom it would, from when to when."""
    from regie.apps.beneficiaries import selectors, services
    from regie.ui.csv_cells import Writer

    listed = services.read_rules(actor=None, asset_id=key, path=options.bring)
    found = selectors.try_rules(
        actor=None, asset_id=key, rules=listed.rules, replace=options.replace
    )
    writer = Writer(sys.stdout)
    writer.row(["level", "id", "name", "when", "beneficiary", "from", "to"])
    for one in found.moved:
        told = (one.entity.level, one.entity.id.removeprefix("name:"), one.entity.name)
        for when, spans in (("now", one.was), ("then", one.will)):
            for days in spans:
                key_ = days.beneficiary.key if days.beneficiary else ""
                writer.row([*told, when, key_, days.starts or "", days.ends or ""])
    _tell(listed.problems)
    return 3 if listed.problems else 0


def _bring(key: int, options: argparse.Namespace) -> int:
    """How many lines were refused."""
    from regie.apps.beneficiaries import services

    listed = services.read_rules(actor=None, asset_id=key, path=options.bring)
    services.add_rules(actor=None, asset_id=key, rules=listed.rules, replace=options.replace)
    _tell(listed.problems)
    return len(listed.problems)


def _tell(problems: Any) -> None:
    for one in problems:
        print(f"line {one.line}: {one.problem} {one.hint}".rstrip(), file=sys.stderr)
