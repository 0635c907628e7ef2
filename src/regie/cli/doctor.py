"""``regie doctor``: checks everything and says what to do."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

LITTLE_SPACE = 2 << 30
PACKAGES = ("django", "psycopg", "pyarrow", "procrastinate", "granian")


@dataclass(frozen=True)
class Finding:
    """One thing that was checked. ``todo`` is empty where all is well."""

    what: str
    state: str
    todo: str = ""


def add_to(commands: Any) -> None:
    parser = commands.add_parser("doctor", help="check this installation")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--mend", action="store_true", help="mend what can be mended safely")
    parser.add_argument(
        "--rebuild", action="store_true", help="read every kept input again into new files"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    with local_operator():
        if options.mend:
            _mend()
        rebuilt = list(_rebuild()) if options.rebuild else []
        found = [*_versions(), *_database(), *_disk(), *_warehouse(), *rebuilt]
    if options.json:
        json.dump({"findings": [asdict(one) for one in found]}, sys.stdout, indent=2)
        print()
    else:
        for one in found:
            mark = "✗" if one.todo else "✓"
            print(f"{mark} {one.what}: {one.state}")
            if one.todo:
                print(f"    {one.todo}")
    return 1 if any(one.todo for one in found) else 0


def _mend() -> None:
    from regie.apps.connections import services

    services.mark_interrupted()
    if services.check_consistency().differing:
        services.sum_again()
    services.compact()
    services.clean()


def _rebuild() -> Iterator[Finding]:
    from regie.apps.connections import services
    from regie.apps.tracking import services as tracking

    done = services.rebuild()
    tracking.settle_files()
    yield Finding(
        "Rebuilt from kept inputs", f"{done.imports} imports",
        "Their totals are not those of the first reading: "
        f"{', '.join(map(str, done.differing[:20]))}. Look at them with `regie imports`."
        if done.differing else "",
    )  # fmt: skip


def _versions() -> Iterator[Finding]:
    from regie.warehouse.engine import chosen

    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", version, "" if sys.version_info >= (3, 11) else "Use 3.11 or newer.")
    found = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    yield Finding("Packages", ", ".join(found))
    yield Finding("Engine", chosen().version())


def _database() -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_user, rolsuper, rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        )
        version, role, is_super, bypasses = cursor.fetchone() or ("?", "?", True, True)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
        )
        unforced = (cursor.fetchone() or (0,))[0]
    yield Finding("PostgreSQL", str(version))
    bad = is_super or bypasses
    yield Finding(
        "Application role", str(role),
        "This role sees past row security: run as a role without SUPERUSER and BYPASSRLS."
        if bad else "",
    )  # fmt: skip
    yield Finding(
        "Row security",
        f"{unforced} not forced" if unforced else "forced on every tenant table",
        "" if not unforced else "Run the migrations again.",
    )  # fmt: skip


def _disk() -> Iterator[Finding]:
    from regie.postgres.home import regie_home

    free = shutil.disk_usage(regie_home()).free
    yield Finding(
        "Free disk", f"{free / (1 << 30):.1f} GiB in {regie_home()}",
        "Make room: imports need twice their size." if free < LITTLE_SPACE else "",
    )  # fmt: skip


def _warehouse() -> Iterator[Finding]:
    from regie.apps.connections import services

    found = services.check_consistency()
    yield Finding("Published files", f"{found.files} agree with their digests"
                  if not found.missing and not found.damaged
                  else f"{len(found.missing)} missing, {len(found.damaged)} damaged",
                  "Restore them from a backup: " + ", ".join((found.missing + found.damaged)[:5])
                  if found.missing or found.damaged else "")  # fmt: skip
    yield Finding("Sums kept beside the facts",
                  f"differ from them in {', '.join(found.differing[:5])}"
                  if found.differing else "those of the facts, in their latest months",
                  "`regie doctor --mend` makes them anew from the facts."
                  if found.differing else "")  # fmt: skip
    yield Finding("Files that nobody names", str(len(found.strays)),
                  "`regie doctor --mend` removes them." if found.strays else "")  # fmt: skip
    yield Finding("Interrupted imports", ", ".join(map(str, found.interrupted)) or "none",
                  "Send these files again; `regie doctor --mend` closes their records."
                  if found.interrupted else "")  # fmt: skip
    yield Finding("Imports that ask a question", ", ".join(map(str, found.waiting)) or "none")
