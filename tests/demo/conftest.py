"""One demo network for all tests of this folder: they only read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from regie.demo.generate import Manifest, generate

UNTIL = date(2026, 11, 20)


@dataclass(frozen=True)
class Written:
    folder: Path
    manifest: Manifest
    truth: dict[str, Any]


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("network")
    manifest = generate(folder, seed=1, until=UNTIL)
    return Written(folder, manifest, json.loads(manifest.truth.read_text(encoding="utf-8")))
