"""Orders, leads and calls that stand twice in one file: a thing that happened once counts once.

A line that repeats another to the letter is left aside. One that gives the same number another
content is refused: nothing says which of the two is true.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from regie.ingestion.staging_sql import CONFLICT, DATA, REPEATED, StagingSql
from regie.warehouse.parquet import write_parquet


def mark(engine: duckdb.DuckDBPyConnection, sql: StagingSql, path: Path) -> None:
    """Give each repeated line of the typed rows in ``path`` its fate."""
    number = sql.number
    if not number or sql.table.format.origin != "file":
        return
    name = str(path).replace("'", "''")
    is_data = f"fate = {DATA} AND bad IS NULL"
    found = engine.execute(
        f"SELECT count(*) > count(DISTINCT {number}) FROM read_parquet('{name}') WHERE {is_data}"
    ).fetchall()
    if not found[0][0]:
        return
    # An order may be refunded in several parts: only its sale is unique.
    is_sale = "coalesce(order_kind, 'order') = 'order'" if "order_kind" in sql.words else "true"
    words = ", ".join(sql.words)
    marked = path.with_name("marked.parquet")
    write_parquet(
        engine,
        f"WITH counted AS (SELECT *, {is_data} AS own, {is_sale} AS sale, "
        f"row_number() OVER (PARTITION BY {is_data}, {words} ORDER BY file_row_number) AS copy, "
        f"row_number() OVER (PARTITION BY {is_data}, {is_sale}, {number} "
        f"ORDER BY file_row_number) AS nth "
        f"FROM read_parquet('{name}', file_row_number=true)) "
        "SELECT * EXCLUDE (own, sale, copy, nth, file_row_number) REPLACE ("
        f"CAST(CASE WHEN own AND copy > 1 THEN {REPEATED} ELSE fate END AS SMALLINT) AS fate, "
        f"CAST(CASE WHEN own AND copy = 1 AND sale AND nth > 1 THEN {CONFLICT} ELSE bad END "
        "AS SMALLINT) AS bad) FROM counted ORDER BY file_row_number",
        marked,
        compression="lz4",
    )
    marked.replace(path)
