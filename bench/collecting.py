"""The collector against nginx's bare redirect and against a Django view that inserts a row.

Processor seconds of the servers only, in turn, in one run. nginx writes nothing and promises
nothing; the other two answer when the disk has it. nginx is ``BENCH_NGINX``, or the one of the
path: nothing is fetched. Without any the page says why there is no figure.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import psutil

from bench.home import environment, home, regie
from bench.page import Line

_NO_NGINX = "no nginx in the path or in BENCH_NGINX"
CLICKS = 40_000
INSERTS = 4_000
_SHOP = """
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
    person = User.objects.create_user("bench@regie.example", "bench", name="Bench")
    organisations.add_member(actor=None, organisation=shop, user=person, role=Role.ADMINISTRATOR)
    services.create_site(actor=person, organisation=shop,
                         wanted=services.WantedSite("Shop", ["shop.example"]))
    services.create_link(actor=person, organisation=shop, wanted=services.Wanted(
        "Go", "https://shop.example/landing", "facebook", "paid_social", "bench", code="go"))
    print(Site.objects.get().key)
"""
_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 10000000;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port} backlog=1024;
              location /r/ {{ return 302 https://shop.example/landing; }} }}
}}
"""


def run(times: int) -> list[Line]:
    with ExitStack() as running, home() as folder:
        key = _shop(folder)
        collector = running.enter_context(_collector(folder))
        views = running.enter_context(_django(folder))
        nginx = running.enter_context(_nginx(folder))
        page = "https://shop.example/p/1?utm_source=a"
        event = json.dumps(
            {"id": "ID", "name": "page_view", "site": key, "url": page, "p": {"value": 12.5}}
        )
        seen: dict[str, list[float]] = {"click": [], "event": [], "view": [], "nginx": []}
        for _time in range(times):
            seen["click"].append(collector(CLICKS, "") / CLICKS)
            seen["event"].append(collector(CLICKS, event) / CLICKS)
            seen["view"].append(views(INSERTS, "") / INSERTS)
            if nginx is not None:
                seen["nginx"].append(nginx(CLICKS, "") / CLICKS)
    return _lines({name: median(costs) * 1e6 for name, costs in seen.items() if costs})


def _lines(cost: dict[str, float]) -> list[Line]:
    lines = []
    against = "a durable redirect / nginx's static 302, which keeps nothing"
    if "nginx" not in cost:
        lines.append(Line(against, f"not measured: {_NO_NGINX}"))
    else:
        ratio = cost["click"] / cost["nginx"]
        lines.append(Line(
            against,
            f"{ratio:.1f} × ({cost['click']:.0f} µs / {cost['nginx']:.0f} µs)",
            "at most 6 ×", ratio <= 6,
        ))  # fmt: skip
    less = cost["view"] / cost["click"]
    each = 1e6 / cost["event"]
    lines.append(Line(
        "a Django view that inserts a row / a durable redirect",
        f"{less:.1f} × ({cost['view']:.0f} µs / {cost['click']:.0f} µs)",
        "at least 15 ×", less >= 15,
    ))  # fmt: skip
    lines.append(Line(
        "durable events for one second of processor", f"{each:,.0f}",
        "at least 15,000", each >= 15_000,
    ))  # fmt: skip
    return lines


Server = Callable[[int, str], float]


@contextmanager
def _served(command: list[str], env: dict[str, str], port: int, *beside: str) -> Iterator[Server]:
    """A server, as what a load costs it: processor seconds of all its processes."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(port, process)

        def cost(count: int, body: str) -> float:
            before = _cpu(process.pid, beside)
            done = subprocess.run(
                [sys.executable, "-m", "bench.load", str(port), str(count), body],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            answered = json.loads(done.stdout)
            if sum(answered.values()) != count or set(answered) - {"302", "202"}:
                raise RuntimeError(f"not every request was answered: {answered}")
            return _cpu(process.pid, beside) - before

        cost(2_000, "")  # warm
        yield cost
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def _cpu(pid: int, beside: tuple[str, ...]) -> float:
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    if beside:
        processes += [p for p in psutil.process_iter() if _is_of(p, beside)]
    total = 0.0
    for one in processes:
        used = one.cpu_times()
        total += used.user + used.system
    return total


def _is_of(process: psutil.Process, folders: tuple[str, ...]) -> bool:
    """Whether it is the database server in one of ``folders``, or a child of it."""
    try:
        lines = [" ".join(one.cmdline()) for one in (process, process.parent()) if one is not None]
    except psutil.Error:
        return False
    return any("postgres" in line and folder in line for line in lines for folder in folders)


def _shop(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _SHOP], env=environment(folder), check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return done.stdout.strip()


@contextmanager
def _collector(folder: Path) -> Iterator[Server]:
    port = _free_port()
    command = regie("collect", "--port", str(port))
    with _served(command, environment(folder), port) as cost:
        yield cost


@contextmanager
def _django(folder: Path) -> Iterator[Server]:
    from regie.postgres import launcher
    from regie.postgres.creation import SUPERUSER

    port, place = _free_port(), folder / "postgres"
    server = launcher.ensure(place)
    said = (server.host, str(server.port), SUPERUSER, server.password(SUPERUSER), "postgres")
    env = {**environment(folder), "BENCH_DATABASE": " ".join(said)}
    subprocess.run([sys.executable, "-m", "bench.inserting"], env=env, check=True)
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port",
        str(port), "--workers", "1", "--blocking-threads", "8", "--no-access-log", "--log-level",
        "warning", "bench.inserting:application",
    ]  # fmt: skip
    with _served(command, env, port, str(place)) as cost:
        yield cost


@contextmanager
def _nginx(folder: Path) -> Iterator[Server | None]:
    program = os.environ.get("BENCH_NGINX") or shutil.which("nginx")
    if program is None:
        yield None
        return
    port, place = _free_port(), folder / "nginx"
    place.mkdir()
    (place / "nginx.conf").write_text(_NGINX.format(folder=place, port=port))
    command = [program, "-p", str(place), "-c", str(place / "nginx.conf")]
    with _served(command, dict(os.environ), port) as cost:
        yield cost


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args} ended with {process.returncode}") from None
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")
