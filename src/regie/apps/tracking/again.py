"""Derives days again that were derived by former rules: once, month by month.

What is left to do lies in a file beside the journals. Each month is a publication of its own: a
kill loses the month under way at most, and whoever comes next does the rest.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from regie.apps.access.context import operating
from regie.domain.facts import EVENTS
from regie.ingestion.collected.deriving import DERIVED
from regie.postgres.home import regie_home
from regie.warehouse import appending, catalogue, home
from regie.warehouse.engine import scratch
from regie.warehouse.lake import reading
from regie.warehouse.publish import Assembly

# Counts up whenever days that were derived before must be derived again. 1: whoever agreed on the
# page that he came to, and acted there at once, had no visit.
RULES = 1
REASON = "derived again"


def derive_again() -> int:
    """Derive again what former rules derived, the latest month first. Returns how many months."""
    done = 0
    while left := _left():
        _derive(max(left))
        _note([month for month in left if month != max(left)])
        done += 1
    return done


def _left() -> list[date]:
    """Months that are still to be done; all that have events where nothing is noted."""
    path = _path()
    if path.is_file():
        noted: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if noted["rules"] == RULES:
            return [date.fromisoformat(month) for month in noted["left"]]
    with operating():
        files = catalogue.snapshot(connection.connection).files(EVENTS.name)
    left = sorted({file.month for file in files})
    _note(left)
    return left


def _derive(month: date) -> None:
    """All days of ``month`` that have events; of a month whose events have gone, nothing."""
    with home.workplace() as folder, scratch(folder) as engine, operating():
        database, lake = connection.connection, home.lake()
        catalogue.lock_for_publishing(database)
        current = catalogue.snapshot(database)
        files = current.files(EVENTS.name, [month])
        if not files:
            return
        events = reading([lake.absolute(file.path) for file in files], EVENTS.schema)
        engine.execute(f"CREATE TEMP TABLE days AS SELECT DISTINCT asset_key, date FROM {events}")
        assembly = Assembly(database, lake, engine, current)
        appending.restate(database, lake, engine, assembly, DERIVED)
        assembly.publish(REASON)


def _path() -> Path:
    return regie_home() / "collector" / "derived.json"


def _note(left: list[date]) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump({"rules": RULES, "left": [month.isoformat() for month in left]}, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
