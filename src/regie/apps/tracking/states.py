"""How far leads have come since: what servers tell later stands on the day of the lead itself.

That day is then derived again, so that a lead has one state, the last that was told of it. What is
told of a lead that was not measured is set aside (the list of the CRM speaks of such leads), and
taken up once the lead is there after all: servers do not wait for one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import connection

from regie.domain.facts import LEADS, TRACKED
from regie.ingestion.collected.deriving import DERIVED
from regie.warehouse import appending, catalogue, home
from regie.warehouse.engine import Engine
from regie.warehouse.lake import reading

KIND, UNKNOWN = "lead_state", "unknown_lead"
_WAITS = f"kind = '{KIND}' AND aside = '{UNKNOWN}'"
_ASKED = pa.schema([("organisation_id", pa.int64()), ("ref", pa.string())])


def date_states(rows: Sequence[dict[str, Any]], engine: Engine) -> None:
    """Give each state among ``rows`` of events the account and the day of its lead, or set it
    aside. Leads may be among the same rows."""
    told = [row for row in rows if row["kind"] == KIND and not row["aside"]]
    if not told:
        return
    here = {_lead(row): _where(row) for row in _leads(rows)}
    known = here | _published(told, engine)
    for row in told:
        where = known.get(_lead(row))
        if where is None:
            row["aside"] = UNKNOWN
        else:
            row["asset_key"], row["date"] = where


def that_waited(rows: Sequence[dict[str, Any]], engine: Engine) -> list[dict[str, Any]]:
    """States set aside before, of leads that are among ``rows`` now. They are taken out of the
    events, to be dated and published with these rows."""
    asked = {_lead(row) for row in _leads(rows) if row["ref"] != row["event_id"]}
    if not asked:
        return []
    database, lake = connection.connection, home.lake()
    current = catalogue.snapshot(database)
    files = [lake.absolute(file.path) for file in current.files(TRACKED.name)]
    _register(asked, engine)
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE days AS SELECT DISTINCT asset_key, date "
        f"FROM {reading(files, TRACKED.schema)} WHERE {_WAITS} "
        "AND organisation_id IN (SELECT organisation_id FROM leads_asked)"
    )
    if engine.execute("SELECT 1 FROM days LIMIT 1").fetchone() is None:
        return []
    theirs = "(organisation_id, ref) IN (SELECT organisation_id, ref FROM leads_asked)"
    taken = appending.take_back(database, lake, engine, f"{_WAITS} AND {theirs}", derived=DERIVED)
    return [row | {"aside": None} for row in taken.to_pylist()]


def _leads(rows: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (row for row in rows if row["kind"] == "lead" and not row["aside"])


def _lead(row: dict[str, Any]) -> tuple[int, str]:
    return row["organisation_id"], row["ref"]


def _where(row: dict[str, Any]) -> tuple[int, date]:
    return row["asset_key"], row["date"]


def _published(
    told: Sequence[dict[str, Any]], engine: Engine
) -> dict[tuple[int, str], tuple[int, date]]:
    files = catalogue.snapshot(connection.connection).files(LEADS.name)
    leads = reading([home.lake().absolute(file.path) for file in files], LEADS.schema)
    _register({*map(_lead, told)}, engine)
    found = engine.execute(
        "SELECT l.organisation_id, l.lead_id, l.asset_key, l.date "
        f"FROM {leads} l JOIN leads_asked t ON t.organisation_id = l.organisation_id "
        "AND t.ref = l.lead_id WHERE l.origin = 'collector'"
    ).fetchall()
    return {(owner, ref): (asset, day) for owner, ref, asset, day in found}


def _register(asked: Iterable[tuple[int, str]], engine: Engine) -> None:
    """``leads_asked``: organisation and number of each lead that is sought."""
    wanted = [{"organisation_id": owner, "ref": ref} for owner, ref in sorted(asked)]
    engine.register("leads_asked", pa.Table.from_pylist(wanted, schema=_ASKED))
