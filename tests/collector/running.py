"""A collector that really runs: its process, its journal on the disk, its installation."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.installation import Installation
from tests.ports import free_port
from tests.waiting import PATIENCE, until_it_answers

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
)
DESKTOP = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 "
    "Safari/537.36"
)
SHOP = """
import json
from regie.config.boot import start
start()
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Organisation, Role
from regie.apps.tracking import services
from regie.apps.tracking.models import Site
with operating():
    shop = Organisation.objects.get()
    chloe = User.objects.create_user("chloe@horizon.example", "correct horse battery", name="Chloé")
    organisations.add_member(actor=None, organisation=shop, user=chloe, role=Role.ADMINISTRATOR)
    site = services.create_site(actor=chloe, organisation=shop, wanted=services.WantedSite(
        "Boutique", ["boutique.example"], "consented", ["10.9.0.0/16"]))
    token = services.new_token(actor=chloe, site_id=site)
    for code, rules in (("ete", ()), ("appli", (
        {"device": "ios", "to": "horizon://promo"}, {"country": "BE", "to": "https://be.example/"},
    ))):
        services.create_link(actor=chloe, organisation=shop, wanted=services.Wanted(
            "Été", "https://boutique.example/ete?x=1#prix", "facebook", "paid_social",
            "soldes-ete", code=code, rules=rules))
    services.create_codes(actor=chloe, organisation=shop, wanted=services.WantedCode(
        "Salon", "SALON25", source="salon-nantes", medium="print", campaign="salon"))
    services.create_codes(actor=chloe, organisation=shop, wanted=services.WantedCode(
        "Unique", "UNIQUE-1", is_single_use=True))
    print(json.dumps({"key": Site.objects.get().key, "token": token}))
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Running:
    """A shop with a site, two links and two codes, and the collector that serves them."""

    installation: Installation
    port: int
    key: str
    token: str
    process: subprocess.Popen[bytes]
    more: Mapping[str, str] = field(default_factory=dict)

    def call(
        self, path: str, body: Any = None, *, method: str = "", agent: str = DESKTOP, **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        text = body if isinstance(body, str | None) else json.dumps(body)
        connection.request(
            method or ("GET" if body is None else "POST"), path, text,
            {"User-Agent": agent, **said},
        )  # fmt: skip
        got = connection.getresponse()
        answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        connection.close()
        return answer

    def event(self, name: str, id: str = "", **more: Any) -> dict[str, Any]:
        return {"name": name, "id": id, "site": self.key,
                "url": "https://boutique.example/", **more}  # fmt: skip

    def from_server(self, name: str, **p: Any) -> Answer:
        consent = {"granted": bool(p.pop("consented", False))}
        body = {"name": name, "p": p, "consent": consent, "id": p.pop("id", "")}
        return self.call("/e", body, authorization=f"Bearer {self.token}")

    def publish(self) -> str:
        return self.installation.run("collect", "--publish")

    def figures(self, metrics: str, *by: str) -> list[dict[str, Any]]:
        said = self.installation.json(
            "query", "--metrics", metrics, *(("--by", ",".join(by)) if by else ()),
            "--format", "json",
        )  # fmt: skip
        return said["rows"]  # type: ignore[no-any-return]


def start(
    installation: Installation, port: int, more: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        installation.command("collect", "--port", port),
        env={**installation.environment, **more},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until_it_answers(process, port, "/health")
    return process


def end(process: subprocess.Popen[bytes], *, hard: bool = False) -> None:
    """End the collector and the process that it works in; ``hard`` is kill -9."""
    if process.poll() is None:
        os.killpg(process.pid, 9 if hard else 15)
    process.wait(PATIENCE)


@contextmanager
def running(installation: Installation, **more: str) -> Iterator[Running]:
    made = json.loads(_shop(installation))
    port = free_port()
    process = start(installation, port, more)
    served = Running(installation, port, made["key"], made["token"], process, more)
    try:
        yield served
    finally:
        end(served.process)


def _shop(installation: Installation) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SHOP], env=installation.environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout
