"""Facts and names of a case, published as an import would publish them.

Rows are short: what a case does not say is empty. Accounts are named by the case and become
assets; files are imported through the real import.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection, transaction

from regie.apps.access.context import operating
from regie.apps.assets.models import Asset
from regie.apps.connections import storage
from regie.apps.connections.models import CurrencyRate
from regie.apps.organisations.models import Organisation
from regie.domain.facts import ENTITIES, TABLES
from regie.warehouse import catalogue
from regie.warehouse.engine import scratch
from regie.warehouse.publish import publish
from tests.cast import Cast, bring

Row = Mapping[str, Any]


def give(cast: Cast, case: Mapping[str, Any], folder: Path) -> dict[str, int]:
    """Publish what ``case`` gives; returns the key of each account."""
    with operating():
        keys = {name: _asset(cast, name, about) for name, about in case.get("accounts", {}).items()}
        _rates(cast.network, case.get("rates", []))
    rows = {table: case[table] for table in TABLES if table in case}
    if rows:
        publish_rows(rows, keys, case.get("accounts", {}), cast)
    for given in case.get("files", []):
        path = folder / given["name"]
        path.write_text(given["text"], encoding="utf-8")
        organisation = getattr(cast, given.get("in", "nantes"))
        bring(organisation, path, **given.get("options", {}))
    return keys


def _asset(cast: Cast, name: str, about: Any) -> int:
    said = {"platform": about} if isinstance(about, str) else dict(about)
    organisation: Organisation = getattr(cast, said.get("in", "nantes"))
    return Asset.objects.create(
        organisation=organisation,
        platform=said["platform"],
        external_id=name,
        name=said.get("name", ""),
        currency=said.get("currency", ""),
        time_zone=said.get("time_zone", ""),
        location=said.get("location", organisation.location),
    ).pk


def _rates(organisation: Organisation, rates: Sequence[Sequence[Any]]) -> None:
    for day, from_, to, rate in rates:
        CurrencyRate.objects.create(
            organisation=organisation, date=day, from_currency=from_, to_currency=to,
            rate=Decimal(str(rate)), source="case",
        )  # fmt: skip


def publish_rows(
    tables: Mapping[str, Sequence[Row]],
    keys: Mapping[str, int],
    accounts: Mapping[str, Any],
    cast: Cast,
) -> None:
    """Publish ``tables`` as one version, without replacing anything."""
    lake = storage.lake()
    with storage.workplace() as folder, scratch(folder) as engine, transaction.atomic():
        database = connection.connection
        catalogue.lock_for_publishing(database)
        written = []
        for table, rows in tables.items():
            full = [_full(table, row, keys, accounts, cast) for row in rows]
            for month in sorted({row["date"].replace(day=1) for row in full}):
                of_month = [row for row in full if row["date"].replace(day=1) == month]
                name = _relation(engine, table, of_month)
                file = lake.write(engine, table, month, f"SELECT * FROM {name}")
                if file is not None:
                    written.append(file)
        stored = catalogue.register(database, written)
        publish(database, lake, engine, windows=(), new_files=stored, reason="case")


def _full(
    table: str, row: Row, keys: Mapping[str, int], accounts: Mapping[str, Any], cast: Cast
) -> dict[str, Any]:
    about = accounts[row["account"]]
    where = "nantes" if isinstance(about, str) else about.get("in", "nantes")
    defaults: dict[str, Any] = {
        "organisation_id": getattr(cast, where).pk,
        "asset_key": keys[row["account"]],
        "import_id": 1,
        "origin": "case",
        "provisional": False,
        "level": "campaign" if "campaign_id" in row else "account",
        "is_primary": True,
        "kind": "order",
        "date": date(2026, 9, 1),
    }
    if table in {"orders", "leads", "calls"}:
        single = {"orders": "order_id", "leads": "lead_id", "calls": "call_id"}[table]
        defaults |= {table: 1, single: uuid.uuid4().hex}
    if table == ENTITIES.name:
        defaults["kind"] = "campaign"
    given = {key: value for key, value in row.items() if key != "account"}
    unknown = set(given) - set(TABLES[table].schema)
    assert not unknown, f"{table} has no column {', '.join(sorted(unknown))}"
    return dict.fromkeys(TABLES[table].schema) | defaults | given


def _relation(
    engine: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]
) -> str:
    schema = TABLES[table].schema
    text = pa.table({name: [_text(row[name]) for row in rows] for name in schema},
                    schema=pa.schema([(name, pa.string()) for name in schema]))  # fmt: skip
    engine.register("given_text", text)
    casts = ", ".join(f"CAST({name} AS {type_}) AS {name}" for name, type_ in schema.items())
    engine.execute(f"CREATE OR REPLACE TEMP TABLE given_rows AS SELECT {casts} FROM given_text")
    engine.unregister("given_text")
    return "given_rows"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def plain_sql(sql: str, keys: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """What a plain statement over the lake's published files says, without our compiler."""
    with operating():
        snapshot = catalogue.snapshot(connection.connection)
        assets = [
            (one.pk, one.external_id, one.platform, one.organisation.slug)
            for one in Asset.objects.select_related("organisation")
        ]
        rates = list(
            CurrencyRate.objects.values_list("date", "from_currency", "to_currency", "rate")
        )
    lake = storage.lake()
    with duckdb.connect() as engine:
        engine.execute(
            "CREATE TABLE accounts (asset_key BIGINT, account VARCHAR, platform VARCHAR, "
            "organisation VARCHAR)"
        )
        engine.execute(
            "CREATE TABLE rates (date DATE, from_currency VARCHAR, to_currency VARCHAR, "
            "rate DECIMAL(20,10))"
        )
        if assets:
            engine.executemany("INSERT INTO accounts VALUES (?, ?, ?, ?)", assets)
        if rates:
            engine.executemany("INSERT INTO rates VALUES (?, ?, ?, ?)", rates)
        for table in TABLES:
            paths = [lake.absolute(file.path) for file in snapshot.files(table)]
            if paths:
                engine.execute(f"CREATE VIEW {table} AS FROM read_parquet({paths})")
        return engine.execute(sql).fetchall()
