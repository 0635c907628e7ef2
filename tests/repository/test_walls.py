"""The walls between floors and apps stand, and our own contract sees who goes through one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from grimp import ImportGraph

from tools.contracts import FrontDoor
from tools.documentation import ROOT

BIN = Path(sys.executable).parent


def test_no_floor_reaches_up_and_no_app_goes_round_a_door() -> None:
    answer = subprocess.run(
        [BIN / "lint-imports", "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("regie.apps.dashboards.views", "regie.apps.assets.models"),
        ("regie.web.pages", "regie.apps.access.models"),
        ("regie.cli.imports", "regie.apps.connections.tables.versions"),
    ],
)
def test_an_import_through_the_wall_is_seen(importer: str, imported: str) -> None:
    assert _through_the_wall(importer, imported) == [(importer, imported)]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("regie.apps.dashboards.views", "regie.apps.assets.selectors"),
        ("regie.apps.assets.services", "regie.apps.assets.models"),
        ("regie.apps.assets.models", "regie.apps.organisations.models"),
        ("regie.web.pages", "regie.apps.access.services.grants"),
    ],
)
def test_a_door_and_the_own_house_are_open(importer: str, imported: str) -> None:
    assert _through_the_wall(importer, imported) == []


def _through_the_wall(importer: str, imported: str) -> list[tuple[str, str]]:
    graph = ImportGraph()
    for module in (importer, imported):
        parts = module.split(".")
        for length in range(1, len(parts) + 1):
            graph.add_module(".".join(parts[:length]))
    graph.add_import(importer=importer, imported=imported)
    contract = FrontDoor(
        name="doors",
        session_options={},
        contract_options={
            "apps": "regie.apps",
            "doors": ["services", "selectors", "policies", "events", "urls"],
            "vocabulary": ["accounts.models", "organisations.models"],
        },
    )
    found: list[tuple[str, str]] = contract.check(graph, verbose=False).metadata["through_the_wall"]
    return found
