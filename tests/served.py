"""A served installation for walks through the pages: real server, worker, database and files."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from aiosmtpd.controller import Controller

from tests import cluster
from tests.browser import MIXED
from tests.environment import SOURCE, new_database, new_home
from tests.installation import serving
from tests.ports import free_port
from tests.postbox import Postbox
from tests.today import today

NETWORK = """
from regie.config.boot import start
start()
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation
with operating():
    make = services.create_organisation
    top = make(actor=None, name="Great Insurance", slug="great-insurance", kind="franchisor")
    Organisation.objects.filter(pk=top.pk).update(email_domains=["great-insurance.example"])
    west = make(actor=None, name="Great Insurance Ouest", slug="ouest", kind="region", parent=top)
    town = make(actor=None, name="Great Insurance Nantes", slug="nantes", parent=west)
    studio = make(actor=None, name="Atelier Diane", slug="atelier-diane", kind="freelance")
    for name, email, organisation in (
        ("Amélie", "amelie@great-insurance.example", top),
        ("Bruno", "bruno@great-insurance.example", west),
        ("Chloé", "chloe@great-insurance.example", town),
        ("Diane", "diane@atelier-diane.example", studio),
    ):
        person = User.objects.create_user(email, "correct horse battery", name=name)
        services.add_member(
            actor=None, organisation=organisation, user=person, role="administrator"
        )
"""
# The yesterday of the organisation, whatever the clock of this machine says.
YESTERDAY = today() - timedelta(days=1)
HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"


@dataclass(frozen=True)
class Site:
    address: str
    files: Path
    environment: dict[str, str]
    postbox: Postbox

    def regie(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "regie.cli.main", *arguments]
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=120)

    def google_file(self, name: str, *, days: int = 60, cost: str = "100.00") -> Path:
        """A campaign report of Google Ads that ends yesterday, with its preamble."""
        lines = ["Campaign report", '"All time"', HEADER]
        for back in range(days):
            day = YESTERDAY - timedelta(days=back)
            lines.append(f"Marque,201,{day},EUR,{cost},2000,{40 + back % 7},2.00,310.00")
            lines.append(f"Générique,202,{day},EUR,25.50,800,9,0.00,0.00")
        path = self.files / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def meta_file(self, name: str, *, days: int = 10) -> Path:
        """What the ads manager gives somebody who reads French, down to the ad."""
        header = (
            "Début des rapports,Fin des rapports,Jour,Nom de la campagne,ID de la campagne,"
            "Nom de l’ensemble de publicités,Nom de la publicité,Montant dépensé (EUR),"
            "Impressions,Couverture,Clics sur le lien,Clics (tous),Achats,"
            "Valeur de conversion des achats,Paramètre d’attribution"
        )
        first = YESTERDAY - timedelta(days=days - 1)
        lines = [header]
        for back in range(days):
            dates = f"{first},{YESTERDAY},{YESTERDAY - timedelta(days=back)}"
            for ad, spend in (("Vidéo A", "100.45"), ("Carrousel B", "50.05")):
                lines.append(
                    f"{dates},Hiver doux,120210000000000001,Similaires 1 %,{ad},{spend},"
                    "4000,3000,40,60,2,150.00,Clic dans les 7 jours ou vue dans la journée"
                )
        path = self.files / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return path

    def orders_file(self, name: str) -> Path:
        lines = ["order_id,ordered_at,revenue,currency,channel"]
        for back in range(60):
            day = YESTERDAY - timedelta(days=back)
            lines.append(f"C-{back},{day},250.00,EUR,paid search")
        path = self.files / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


@contextmanager
def served(*, debug: bool = True, with_figures: bool = False) -> Iterator[Site]:
    """The network of the cast; ``with_figures``: Nantes has two months of spend and of orders."""
    kept = _network(with_figures=with_figures)
    home = Path(new_home())
    shutil.copytree(kept.home, home, dirs_exist_ok=True, symlinks=True)
    database = cluster.fresh(kept.database)
    postbox = Postbox()
    mail = Controller(postbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    environment = _environment(home, database) | {
        "REGIE_DEBUG": "1" if debug else "0",  # the page of components exists only so
        "REGIE_SMTP_HOST": "127.0.0.1",
        "REGIE_SMTP_PORT": str(mail.port),
    }
    with serving(environment) as address:
        yield Site(address, home, environment, postbox)
    mail.stop()
    cluster.drop(database)
    shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True)
class _Kept:
    """What walks begin with, made once for each process of tests and copied for each module."""

    home: Path
    database: str


@cache
def _network(*, with_figures: bool) -> _Kept:
    if not with_figures:
        made = _Kept(Path(new_home()), new_database())
        atexit.register(cluster.drop, made.database)
        environment = _environment(made.home, made.database)
        subprocess.run([sys.executable, "-c", NETWORK], env=environment, check=True, timeout=120)
        return made
    before = _network(with_figures=False)
    made = _Kept(Path(new_home()), cluster.fresh(before.database))
    atexit.register(cluster.drop, made.database)
    shutil.copytree(before.home, made.home, dirs_exist_ok=True, symlinks=True)
    one = Site("", made.home, _environment(made.home, made.database), Postbox())
    for path in (one.google_file("google.csv"), one.orders_file("orders.csv")):
        one.regie("import", str(path), "--organisation", "nantes", "--account", "123-456-7890")
    return made


def _environment(home: Path, database: str) -> dict[str, str]:
    environment = {
        **os.environ,
        **cluster.environment(database),
        "REGIE_HOME": str(home),
        "REGIE_DEMO": "1",
        "PYTHONPATH": str(SOURCE),
    }
    for ours_alone in ("DJANGO_SETTINGS_MODULE", MIXED):
        environment.pop(ours_alone, None)
    return environment
