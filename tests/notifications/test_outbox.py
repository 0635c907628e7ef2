"""The outbox with a real worker and a real mail server: kill -9 loses and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from tests.installation import Installation
from tests.ports import free_port
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.slow

POSTS = """
from regie.config.boot import start
start()
from regie.apps.access.context import operating
from regie.apps.notifications import services
from regie.apps.organisations.models import Organisation
with operating():
    here = Organisation.objects.get()
    for number in range({count}):
        services.post(organisation_id=here.pk, actor_id=None, kind="test",
                      to=f"p{{number}}@horizon.example", language="fr",
                      subject=f"Lettre {{number}}", text="Bonjour")
"""


class SlowServer:
    """Takes its time over each mail, so that a worker can be killed in the middle of one."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.asked = 0

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        import asyncio

        self.asked += 1
        await asyncio.sleep(0.15)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if session.peer is not None:
            self.taken.append((mail["To"], mail["Message-ID"]))
        return "250 kept"


def start_worker(installation: Installation, port: int) -> subprocess.Popen[bytes]:
    environment = {
        **installation.environment, "REGIE_SMTP_HOST": "127.0.0.1", "REGIE_SMTP_PORT": str(port),
    }  # fmt: skip
    return subprocess.Popen(
        installation.command("worker"), env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_a_worker_that_is_killed_loses_no_letter_and_doubles_none(
    installation: Installation,
) -> None:
    count = 12
    installation.run("doctor", status=None)
    subprocess.run(
        [*installation.command("x")[:1], "-c", POSTS.format(count=count)],
        env=installation.environment, check=True, timeout=120,
    )  # fmt: skip
    box = SlowServer()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    workers = []
    try:
        killed = start_worker(installation, server.port)
        workers.append(killed)
        until(lambda: box.asked >= 4)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        workers.append(start_worker(installation, server.port))
        until(lambda: len({to for to, _id in box.taken}) == count, seconds=150)
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.terminate()
                worker.wait(PATIENCE)
        server.stop()

    ids = {to: {one for whose, one in box.taken if whose == to} for to, _id in box.taken}
    assert all(len(one) == 1 for one in ids.values()), "a copy carries the id of its letter"
    # At the most the letter in hand at the death goes out again, under its own id.
    again = Counter(to for to, _id in box.taken)
    assert sum(count - 1 for count in again.values()) <= 1
