"""``regie sources``: who tells of visits, orders, leads and calls, and which of two counts."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

FACTS = ("visits", "orders", "leads", "calls")


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "sources", help="say which source counts where one is measured and another imported"
    )
    parser.add_argument("fact", choices=FACTS, help="what it is about")
    parser.add_argument("--organisation", default="", metavar="SLUG")
    parser.add_argument("--imported", type=int, metavar="ACCOUNT", help="by its number, as listed")
    parser.add_argument("--site", type=int, metavar="SITE", help="the measured one, by its number")
    parser.add_argument("--counts", choices=("measured", "imported", "both"))
    parser.add_argument("--from", dest="starts", type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--try", action="store_true", dest="is_trial",
                        help="say what would follow, and keep nothing")  # fmt: skip
    parser.add_argument("--take-back", type=int, metavar="CHOICE", help="by its number, as listed")
    parser.add_argument("--choices", action="store_true", help="list what was said, not sources")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Sources, what was said, or what would follow, as CSV."""
    from regie.cli.session import local_operator

    with local_operator():
        from regie.apps.access.context import operating
        from regie.apps.tracking import services
        from regie.cli.session import organisation

        here = organisation(options.organisation)
        with operating():
            if options.take_back:
                services.take_choice_back(actor=None, choice_id=options.take_back)
            if options.counts:
                choice = _choice(services, options)
                if options.is_trial:
                    services.check_choice(actor=None, organisation=here, choice=choice)
                    return _try(here, choice)
                services.choose_source(actor=None, organisation=here, choice=choice)
            return _said(here) if options.choices or options.counts else _sources(here, options)


def _choice(services: Any, options: argparse.Namespace) -> Any:
    from regie.kernel import clock
    from regie.kernel.errors import WrongUse
    from regie.kernel.i18n import _

    if options.imported is None:
        raise WrongUse(_("Say which account it is about: --imported and its number."))
    starts = options.starts or clock.today()
    return services.Choice(options.imported, options.site, options.counts, starts, options.fact)


def _scope(here: Any) -> Any:
    from regie.apps.access.selectors import scope_of
    from regie.apps.organisations import selectors as organisations

    return scope_of(organisations.branch_of(here))


def _sources(here: Any, options: argparse.Namespace) -> int:
    from regie.apps.dashboards import selectors as dashboards
    from regie.apps.tracking import selectors as tracking
    from regie.ui.csv_cells import Writer

    sites = {one.asset_key: one.id for one in tracking.sites_of([here.pk])}
    writer = Writer(sys.stdout)
    writer.row(["account", "label", "comes_by", "site", "first_day", "last_day", options.fact])
    for one in dashboards.sources_of(_scope(here), options.fact):
        way = "measured" if one.is_ours else "imported"
        writer.row([one.key, one.label, way, sites.get(one.key, ""), one.first, one.last,
                    one.count])  # fmt: skip
    return 0


def _said(here: Any) -> int:
    from regie.apps.tracking import selectors
    from regie.ui.csv_cells import Writer

    writer = Writer(sys.stdout)
    writer.row(["choice", "fact", "imported", "site", "counts", "from", "by", "taken_back"])
    for one in selectors.choices_of(here):
        writer.row([one.id, one.fact, one.imported, one.site, one.which, one.starts_on,
                    one.said_by, one.taken_back_at or ""])  # fmt: skip
    return 0


def _try(here: Any, choice: Any) -> int:
    from regie.apps.dashboards import selectors as dashboards
    from regie.apps.tracking import selectors
    from regie.kernel import clock
    from regie.ui.csv_cells import Writer

    rows, total = dashboards.what_would_count(
        _scope(here), choice.fact, selectors.counting_if(choice), clock.today()
    )
    writer = Writer(sys.stdout)
    writer.row(["account", "label", "now", "then"])
    for one in rows:
        writer.row([one.card.key, one.label, one.now, one.then])
    writer.row(["total", "", *total])
    return 0
