"""How far leads have come since: what servers tell later stands on the day of the lead itself.

That day is then derived again, so that a lead has one state, the last that was told of it. What is
told of a lead that was never measured is set aside: the list of the CRM speaks of such leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import connection

from regie.domain.facts import LEADS
from regie.warehouse import catalogue, home
from regie.warehouse.engine import Engine
from regie.warehouse.lake import reading

KIND, UNKNOWN = "lead_state", "unknown_lead"
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
    wanted = [{"organisation_id": owner, "ref": ref} for owner, ref in {*map(_lead, told)}]
    engine.register("leads_told", pa.Table.from_pylist(wanted, schema=_ASKED))
    found = engine.execute(
        "SELECT l.organisation_id, l.lead_id, l.asset_key, l.date "
        f"FROM {leads} l JOIN leads_told t ON t.organisation_id = l.organisation_id "
        "AND t.ref = l.lead_id WHERE l.origin = 'collector'"
    ).fetchall()
    return {(owner, ref): (asset, day) for owner, ref, asset, day in found}
