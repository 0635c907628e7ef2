"""What a command costs beside its work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests import cluster
from tests.environment import SOURCE, new_home
from tests.installation import Installation

PROGRAM = """
import sys
from regie.cli.main import command
sys.argv[1:] = ["formats"]
assert command() == 0
import duckdb, pyarrow
assert pyarrow.scalar("a").as_py() == "a"
assert duckdb.execute("SELECT ? + 1", [1]).fetchall() == [(2,)]
print("pandas" in sys.modules, file=sys.stderr)
"""
# What the front door of codes reaches and no import of a file runs through.
BESIDE = {
    ("regie.apps.tracking.identifying", "numpy"),
    ("regie.apps.tracking.identifying", "regie.warehouse.numbers"),
    ("regie.apps.tracking.identifying", "regie.domain.identity.evidence"),
    ("regie.warehouse.asking", "numpy"),
}
REGISTERED = """
import django
django.setup()
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation, Role
from regie.apps.tracking import services as tracking
with operating():
    here = Organisation.objects.get()
    amelie = User.objects.create_user("amelie@network.example", None, name="Amélie")
    services.add_member(actor=None, organisation=here, user=amelie, role=Role.ADMINISTRATOR)
    code = tracking.WantedCode("Salon", "SALON25", "flyer", "coupon", "salon")
    tracking.create_codes(actor=amelie, organisation=here, wanted=code)
"""
LOADED = """
import sys, django
django.setup()
started = {{"duckdb", "numpy", "pyarrow"}} & set(sys.modules)
import regie.{}.services
print(sorted(started | {{"openpyxl", "PIL", "phonenumbers"}} & set(sys.modules)))
"""


def test_a_command_does_not_load_pandas_for_values_that_are_none_of_its() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (0, "False")


def test_an_import_reaches_nothing_that_needs_what_is_kept_out_of_it() -> None:
    graph = grimp.build_graph("regie", include_external_packages=True)

    assert graph.find_shortest_chain("regie.cli.query", "numpy") is not None
    for importer, imported in BESIDE:
        graph.remove_import(importer=importer, imported=imported)
    assert graph.find_shortest_chain("regie.cli.import_", "numpy") is None


@pytest.mark.slow
def test_an_import_settles_the_codes_of_its_orders_without_what_is_kept_out_of_it(
    installation: Installation, tmp_path: Path
) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "order_id,ordered_at,currency,revenue,promo_code\n"
        "F-1,2026-09-01T12:00:00+02:00,EUR,80,salon 25\n"
    )
    installation.run("import", orders)
    environment = installation.environment | {"DJANGO_SETTINGS_MODULE": "regie.config.settings"}
    subprocess.run([sys.executable, "-c", REGISTERED], env=environment, check=True)

    installation.run("import", orders)

    found = installation.json("query", "--metrics", "redemptions", "--format", "json")
    assert [row["redemptions"] for row in found["rows"]] == ["1"]


@pytest.mark.slow
def test_commands_that_start_at_once_in_an_empty_home_prepare_it_once(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_id,ordered_at,currency,revenue\n1,2026-09-01,EUR,100.10\n")
    empty = cluster.template("empty", lambda name: None, family="bare")
    home, database = new_home(), cluster.fresh(empty)
    environment = {**os.environ, **cluster.environment(database), "REGIE_HOME": home,
                   "PYTHONPATH": str(SOURCE)}  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "regie.cli.main", "import", str(file), "--json"]
    try:
        started = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
            for _nth in range(3)
        ]
        said = [process.communicate(timeout=300)[0] for process in started]
    finally:
        cluster.drop(database)
        shutil.rmtree(home, ignore_errors=True)

    assert [process.returncode for process in started] == [0, 0, 0]
    files = [json.loads(text)["files"][0] for text in said]
    assert {one["import_id"] for one in files} == {files[0]["import_id"]}


@pytest.mark.parametrize(
    "wrong", [["--mapping", "absent.toml"], ["--format", "nope"], ["--currency", "EURO"]]
)
def test_wrong_use_is_told_in_one_line(wrong: list[str], tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_id,ordered_at,currency,revenue\n1,2026-09-01,EUR,100.10\n")
    command = [sys.executable, "-m", "regie.cli.main", "import", str(file), *wrong]

    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("regie: ")
    assert wrong[1] in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("app", ["apps.connections", "apps.dashboards"])
def test_who_imports_or_asks_does_not_wait_for_libraries_of_others(app: str) -> None:
    command = [sys.executable, "-c", LOADED.format(app)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
