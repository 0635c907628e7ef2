"""After an erasure the database's own files hold the person no more: every byte is searched.

A home with the embedded server of its own, as in life, started and stopped by the commands.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environment import SOURCE, new_home
from tests.installation import Installation
from tests.today import yesterday

pytestmark = pytest.mark.slow

WHO, LOGIN, DEVICE = "kestrel.home@client.example", "kestrel-home-42", "0f6e1c52-cookie-of-kestrel"
WRONG = "kestrle.home@client.example"
FORMS = [
    form.encode() for name in (WHO, LOGIN, DEVICE, WRONG)
    for form in (name, *(hashlib.new(kind, name.encode()).hexdigest()
                         for kind in ("md5", "sha1", "sha256")))
]  # fmt: skip
VISITING = f"""
from regie.config.boot import prepare
prepare()
from regie.cli.session import local_operator, organisation
with local_operator():
    from regie.apps.access.context import operating
    from regie.apps.accounts.models import User
    from regie.apps.organisations.models import Member
    from tests.identity.visits import open_shop
    here, chloe = organisation(""), User.objects.create_user("chloe@maison.example", None)
    with operating():
        Member.objects.create(organisation=here, user=chloe, role="administrator")
    shop = open_shop(chloe, here)
    shop.heard("consent", device={DEVICE!r}, consent={{"granted": True, "text": "v1"}})
    shop.heard("identify", device={DEVICE!r}, login={LOGIN!r},
               email_sha256={hashlib.sha256(WHO.encode()).hexdigest()!r})
    shop.heard("lead", device={DEVICE!r}, form="contact", email={WHO!r})
    shop.known()
"""


@pytest.fixture
def ours() -> Iterator[Installation]:
    """With a server of its own, of which nothing is left afterwards."""
    home = Path(new_home())
    environment = {
        name: value for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE")
    }  # fmt: skip
    environment |= {"REGIE_HOME": str(home), "PYTHONPATH": f"{SOURCE}{os.pathsep}{SOURCE.parent}"}
    yield Installation(home, environment)
    for folder in folders(home):
        shutil.rmtree(folder, ignore_errors=True)


def folders(home: Path) -> list[Path]:
    """The home, and where its database is when it cannot be in it."""
    pointer = home / "pg" / "elsewhere"
    return [home, *([Path(pointer.read_text())] if pointer.exists() else [])]


def written(home: Path) -> set[str]:
    """The files that hold a name of the person or a digest of it, those of the database too."""
    found = set()
    for folder in folders(home):
        for path in folder.rglob("*"):
            try:
                content = path.read_bytes().lower() if path.is_file() else b""
            except FileNotFoundError:
                continue  # the server removed it meanwhile
            if any(form in content for form in FORMS):
                found.add(str(path.relative_to(folder)))
    return found


def test_no_file_of_the_database_holds_who_was_erased(ours: Installation, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,ordered_at,revenue,currency,customer,status\n"
        f"1,{yesterday()},10,EUR,{WRONG},ok\n2,{yesterday()},oops,EUR,{WHO},ok\n",
        encoding="utf-8",
    )
    ours.run("import", path, status=None)
    subprocess.run([sys.executable, "-c", VISITING], env=ours.environment, check=True, timeout=120)
    assert any("pg_wal" in name for name in written(ours.home))

    ours.run("person", "correct", WRONG, "--right", WHO)
    done = ours.json("erase-person", WHO, "--yes")

    assert done["found"]["identifiers"] >= 3
    assert (done["left"], done["swept"], done["log_swept"]) == ({}, True, True)
    assert written(ours.home) == set()
