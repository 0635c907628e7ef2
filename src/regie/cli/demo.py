"""``regie demo``: the demo network, imported the way a person does it, and served."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regie.demo.generate import DemoFile

SEED = 1
PASSWORD_BYTES = 24


def add_to(commands: Any) -> None:
    parser = commands.add_parser("demo", help="make the demo network and serve it")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="or the next free one")
    parser.add_argument("--no-serve", action="store_true", help="only prepare the data")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("REGIE_HOME", str(Path.cwd() / ".demo"))
    os.environ["REGIE_DEMO"] = "1"
    from regie.cli.serve import free_port, serve
    from regie.cli.session import local_operator

    with local_operator():
        prepare(sys.stderr.isatty())
        if options.no_serve:
            return 0
        port = free_port(options.host, options.port)
        said = "\n".join((
            f"\nRégie: http://{options.host}:{port}", "", "Sign in with one click as:",
            *(f"  {person}" for person in _people()), "",
            "Ctrl-C stops everything; the data stays.",
        ))  # fmt: skip
        return serve(
            options.host, port, worker=True, collector=port + 1,
            ready=lambda: print(said, flush=True),
        )  # fmt: skip


def _people() -> list[str]:
    from regie.demo.network import PEOPLE, organisation

    return [f"{p.name:<8} {organisation(p.organisation).name}" for p in PEOPLE]


def prepare(interactive: bool) -> None:
    """Make whatever is not there yet: a second start finds all of it and takes seconds."""
    from regie.apps.access.context import operating
    from regie.apps.organisations.selectors import by_slug
    from regie.cli.demo_plans import plan
    from regie.demo.generate import generate
    from regie.demo.network import SLUG
    from regie.kernel.clock import today
    from regie.postgres.home import regie_home

    done = regie_home() / "demo-ready"
    if done.exists():
        return
    folder = regie_home() / "demo-files"
    with operating():
        begun = by_slug(SLUG) is not None
    if not begun:
        _make_network()
    _say("Writing thirteen months of export files …")
    manifest = generate(folder, seed=SEED, until=today())
    _import_all(list(manifest.files), interactive)
    _name_accounts()
    _register_codes()
    _say("Measuring visits, and whose they were …")
    _measure()
    _say("Setting objectives and plans …")
    _aim()
    plan()
    done.touch()


def _say(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


def _make_network() -> None:
    """Organisations and people, as one transaction."""
    import secrets

    from regie.apps.access.context import operating
    from regie.apps.accounts.models import User
    from regie.apps.organisations import services
    from regie.apps.organisations.models import Organisation, Role
    from regie.apps.organisations.selectors import DEFAULT_SLUG
    from regie.demo.network import PEOPLE, organisations

    with operating():
        made: dict[str, Organisation] = {}
        Organisation.objects.filter(slug=DEFAULT_SLUG).update(name="Bac à sable")
        for one in organisations():
            made[one.slug] = services.create_organisation(
                actor=None, name=one.name, slug=one.slug, kind=one.kind,
                parent=made.get(one.parent or ""), location=one.location or "",
                currency=one.currency, time_zone=one.timezone,
            )  # fmt: skip
        head = organisations()[0].slug
        Organisation.objects.filter(slug=head).update(email_domains=[f"{head}.example"])
        for person in PEOPLE:
            user = User.objects.create_user(
                person.email, secrets.token_urlsafe(PASSWORD_BYTES), name=person.name
            )
            services.add_member(
                actor=None, organisation=made[person.organisation], user=user,
                role=Role.ADMINISTRATOR,
            )  # fmt: skip


def _name_accounts() -> None:
    """Most exports give an account's number alone: each takes the name of whom it works for."""
    from regie.apps.access.context import operating
    from regie.apps.assets import selectors, services
    from regie.apps.organisations.selectors import by_slug
    from regie.demo.network import organisations

    with operating():
        here = [by_slug(one.slug) for one in organisations()]
        keys = selectors.keys_in([one.pk for one in here if one is not None])
        for one in selectors.cards(keys):
            if one.kind == "ad_account" and not one.called and one.name in {"", one.external_id}:
                services.rename(actor=None, asset_id=one.key, name=one.organisation, location="")


def _register_codes() -> None:
    """Codes of the network, of creators and of some agencies; their orders come by the files."""
    from regie.apps.access.context import operating
    from regie.apps.accounts.models import User
    from regie.apps.organisations.selectors import by_slug
    from regie.apps.tracking import selectors, services
    from regie.demo.codes import CODES
    from regie.demo.network import PEOPLE

    with operating():
        actor = User.objects.get(email=PEOPLE[0].email)
        for one in CODES:
            organisation = by_slug(one.organisation)
            if organisation is None:
                continue
            if one.code in {card.code for card in selectors.codes_of([organisation.pk])}:
                continue
            services.create_codes(
                actor=actor, organisation=organisation,
                wanted=services.WantedCode(
                    one.name, one.code, one.source, one.medium, one.campaign, one.is_single_use
                ),
            )  # fmt: skip


def _measure() -> None:
    """Some measured sites with what their visitors did, through the door that collectors use."""
    from regie.apps.access.context import operating
    from regie.apps.accounts.models import User
    from regie.apps.identity import services as identity
    from regie.apps.organisations.selectors import by_slug
    from regie.apps.tracking import selectors, services
    from regie.demo.journeys import LINKS, SITES, happenings
    from regie.demo.network import PEOPLE
    from regie.ingestion.collected.journal import SUFFIX, Record, frame
    from regie.kernel.clock import today

    frames = []
    for one in SITES:
        with operating():
            organisation = by_slug(one.organisation)
            if organisation is None or selectors.sites_of([organisation.pk]):
                continue
            site = services.create_site(
                actor=User.objects.get(email=PEOPLE[0].email), organisation=organisation,
                wanted=services.WantedSite(one.name, [one.host], "consented"),
            )  # fmt: skip
            links = {
                one.code(way): services.create_link(
                    actor=User.objects.get(email=PEOPLE[0].email), organisation=organisation,
                    wanted=services.Wanted(
                        f"{way.campaign} · {one.name}", f"https://{one.host}/", way.source,
                        way.medium, way.campaign, content=way.content, code=one.code(way),
                    ),
                )
                for way in LINKS
            }  # fmt: skip
        frames += [
            frame(Record(
                heard.id, heard.kind, int(heard.at.timestamp() * 1e6), organisation.pk,
                links[heard.link] if heard.is_click else site, "",
                heard.referrer, heard.agent, "203.0.113.0", heard.day_visitor, heard.cookie, "",
                "s" if heard.is_server else "", heard.sent(),
            ))
            for heard in happenings(one, until=today(), seed=SEED)
        ]  # fmt: skip
    folder = services.journal_folder()
    folder.mkdir(parents=True, exist_ok=True)
    if frames:  # else an earlier start wrote them, and was stopped before they were published
        (folder / f"demo{SUFFIX}").write_bytes(b"".join(frames))
    while services.publish_events().is_behind:
        pass
    services.settle_files()
    identity.solve_people()


def _aim() -> None:
    """The network's objectives, of the month that ended and of the one that runs."""
    from regie.apps.access.context import acting_as
    from regie.apps.accounts.models import User
    from regie.apps.dashboards import selectors, services
    from regie.apps.organisations.selectors import by_slug
    from regie.demo import plans
    from regie.domain.objectives import Direction, Kind, Level, Objective
    from regie.kernel.clock import today
    from regie.kernel.periods import Period, month_end, month_start

    this_month = month_start(today())
    for month in (month_start(this_month - timedelta(days=1)), this_month):
        business: dict[str, int] = {}
        for one in plans.objectives():
            actor = User.objects.get(email=one.owner)
            with acting_as(actor):
                organisation = by_slug(one.organisation)
                if organisation is None:
                    continue
                known = selectors.objectives_of(organisation)
                period = Period(month, month_end(month))
                if any(
                    (k.objective.metric, k.objective.period) == (one.metric, period) for k in known
                ):
                    continue  # fmt: skip
                level = Level(one.kind)
                wanted = Objective(
                    level, Kind.ACQUISITION if "leads" in one.metric else Kind.CONVERSION,
                    one.metric, period, one.target,
                    Direction.AT_MOST if one.better == "lower" else Direction.AT_LEAST,
                    owner=actor.name, currency="EUR" if one.metric == "cpa" else "",
                    words=one.title_fr,
                    serves=None if level is Level.BUSINESS else business.get(one.organisation),
                )  # fmt: skip
                made = services.set_objective(
                    actor=actor, organisation=organisation, objective=wanted
                )
                if level is Level.BUSINESS:
                    business[one.organisation] = made


def _import_all(files: list[DemoFile], interactive: bool) -> None:
    """All files through the import that everybody uses; what is there already is left."""
    from regie.apps.access.context import operating
    from regie.apps.connections import services
    from regie.apps.organisations.selectors import by_slug

    groups: dict[tuple[str, str], list[DemoFile]] = {}
    for one in files:
        groups.setdefault((one.organisation, str(sorted(one.options.items()))), []).append(one)
    batches = []
    for (slug, _said), members in groups.items():
        with operating():
            organisation = by_slug(slug)
        if organisation is not None:
            said = members[0].options
            batches.append(services.receive(
                actor=None, organisation=organisation,
                files=[(Path(one.path), Path(one.path).name) for one in members],
                options=services.Options(
                    account=said.get("account", ""), time_zone=said.get("timezone", ""),
                    period=said.get("period", ""), currency=said.get("currency", ""),
                ),
            ))  # fmt: skip
    started = time.monotonic()

    def tell(done: int) -> None:
        left = (time.monotonic() - started) / done * (len(files) - done)
        end = "\r" if interactive and done < len(files) else "\n"
        if interactive or done % 50 == 0 or done == len(files):
            print(f"{done} of {len(files)} files read, about {left:.0f} s left   ",
                  end=end, file=sys.stderr, flush=True)  # fmt: skip

    services.run_batches(batches, actor=None, progress=tell)
    _say("Merging what many small files left …")
    # The night job would do it.
    services.compact(at_least=2)
