"""Tells a person all that is held of him: every identifier, event, order, consent and list."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from regie.apps.audiences import selectors as audiences
from regie.apps.connections import services as connections
from regie.apps.identity.finding import Subject
from regie.apps.identity.models import CustomerRecord
from regie.apps.identity.remaining import UNREADABLE
from regie.apps.tracking import selectors as tracking
from regie.apps.tracking import services as tracking_services
from regie.domain.facts import EVENTS
from regie.ui.csv_cells import Writer
from regie.warehouse import catalogue, home, masking
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.lake import reading

HELD = dict[str, list[dict[str, Any]]]
_INTERNAL = ("organisation_id", "asset_key", "import_id", "link_id", "code_id", "provisional")


def tell(subject: Subject) -> HELD:
    """What is held, table by table; an empty table is left out."""
    keys = list(subject.keys)
    with home.workplace() as folder, scratch(folder) as engine:
        events = events_of(subject, engine)
        found: HELD = {
            "identifiers": [
                {"kind": one.kind, "value": one.value, "first_seen": one.first_seen,
                 "last_seen": one.last_seen}
                for one in subject.identifiers
            ],
            "seen_together": _together(subject),
            "consents": [
                {"at": one.at, "granted": one.is_granted, "purposes": list(one.purposes),
                 "version": one.text}
                for one in tracking.consents_of(keys)
            ],
            "events": events,
            "leads": tracking.lead_sources(subject.organisations, lead_ids(events)),
            "facts": [],
        }  # fmt: skip
        found["facts"], found[UNREADABLE] = _facts(subject, engine)
    found["customer_records"] = [
        one.said for one in CustomerRecord.objects.filter(identifier_id__in=keys).order_by("pk")
    ]
    found["audiences"] = [
        {"name": one.audience, "purpose": one.purpose, "sent_to": list(one.platforms)}
        for one in audiences.lists_naming(subject.organisations, subject.digests)
    ]
    found |= {name: [{"count": count}] for name, count in _elsewhere(subject).items() if count}
    return {name: rows for name, rows in found.items() if rows}


def events_of(subject: Subject, engine: Engine) -> list[dict[str, Any]]:
    """Events of the person's devices and names, as they are published now, and what was told of
    his leads since."""
    files = catalogue.snapshot(connection.connection).files(EVENTS.name)
    relation = reading([home.lake().absolute(file.path) for file in files], EVENTS.schema)
    keys = list(subject.event_keys)
    rows = engine.execute(
        f"WITH own AS (SELECT * FROM {relation} WHERE list_contains(?, organisation_id) "
        "AND (list_contains(?, visitor) OR list_contains(?, person))) "
        f"SELECT * FROM own UNION SELECT e.* FROM {relation} e JOIN own l ON l.kind = 'lead' "
        "AND e.kind = 'lead_state' AND e.organisation_id = l.organisation_id AND e.ref = l.ref "
        "ORDER BY happened_at, event_id",
        [list(subject.organisations), keys, keys],
    ).to_arrow_table()
    return [_shown(row) for row in rows.to_pylist()]


def lead_ids(events: list[dict[str, Any]]) -> list[str]:
    return [one["ref"] for one in events if one.get("kind") == "lead" and one.get("ref")]


def as_json(held: HELD) -> str:
    return json.dumps(held, ensure_ascii=False, indent=1, default=_text) + "\n"


def as_csv(held: HELD) -> str:
    """One line for each value: where it is held, which row, its name, the value."""
    text = io.StringIO()
    writer = Writer(text, lineterminator="\n")
    writer.row(["table", "row", "name", "value"])
    for table, rows in held.items():
        for number, row in enumerate(rows, 1):
            writer.rows([table, number, name, _cell(value)] for name, value in row.items())
    return text.getvalue()


def _together(subject: Subject) -> list[dict[str, Any]]:
    names = {one.key: one for one in subject.identifiers}
    return [
        {"one": names[pair.one].kind, "other": names[pair.other].kind, "rules": list(pair.rules),
         "first_seen": pair.first_seen}
        for pair in tracking.seen_together(list(subject.keys))
        if pair.one in names and pair.other in names
    ]  # fmt: skip


def _facts(subject: Subject, engine: Engine) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of imported files that name him, as they are published now; and the broken files."""
    current = catalogue.snapshot(connection.connection)
    found: list[dict[str, Any]] = []
    broken: list[dict[str, Any]] = []
    for table, files in current.tables.items():
        if table == EVENTS.name:
            continue
        for file in files:
            try:
                rows = masking.rows_naming(
                    home.lake(), engine, file.path, organisations=subject.organisations,
                    names=subject.names,
                )  # fmt: skip
            except masking.Unreadable:
                broken.append({"table": table, "file": file.path})
                continue
            found += [{"table": table} | _shown(row) for row in rows]
    return found, broken


def _elsewhere(subject: Subject) -> dict[str, int]:
    """What is held as it came: lines of kept files, records of the collector's journals."""
    mended = connections.mend_imports(subject.organisations, subject.names, named=(), dry=True)
    return {
        "kept_inputs": mended.inputs,
        "refused_lines": mended.imports,
        "journal_records": tracking_services.blank_journals(subject.names, dry=True),
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in row.items() if one is not None and name not in _INTERNAL}


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _cell(value: Any) -> str:
    """Text that a spreadsheet takes as text."""
    written = (
        json.dumps(value, ensure_ascii=False, default=_text)
        if isinstance(value, dict | list)
        else _text(value)
    )
    return f"'{written}" if written[:1] in ("=", "+", "-", "@") else written


def rows_in(held: HELD) -> Iterator[tuple[str, int]]:
    """How many rows each table holds; what is counted where it lies says its own count."""
    for name, rows in held.items():
        yield name, sum(row.get("count", 1) if set(row) == {"count"} else 1 for row in rows)
