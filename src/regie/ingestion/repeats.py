"""Orders, leads and calls that stand twice in one file: a thing that happened once counts once.

A line that repeats another to the letter is left aside. One that gives the same number another
content is refused: nothing says which of the two is true.
"""

from __future__ import annotations

from regie.ingestion.staging_sql import CONFLICT, DATA, REPEATED, StagingSql
from regie.ingestion.typed_rows import TypedRows
from regie.warehouse.engine import Engine


def mark(engine: Engine, sql: StagingSql, rows: TypedRows) -> None:
    """Take each repeated line out of the data of ``rows``."""
    number, data = sql.number, rows.data.relation
    if not number or sql.table.format.origin != "file":
        return
    found = engine.execute(f"SELECT count(*) > count(DISTINCT {number}) FROM {data}").fetchall()
    if not found[0][0]:
        return
    # An order may be refunded in several parts: only its sale is unique.
    is_sale = "coalesce(order_kind, 'order') = 'order'" if "order_kind" in sql.words else "true"
    marked = engine.execute(
        f"WITH counted AS (SELECT *, {is_sale} AS sale, "
        f"row_number() OVER (PARTITION BY {', '.join(sql.words)} ORDER BY place) AS copy, "
        f"row_number() OVER (PARTITION BY {is_sale}, {number} ORDER BY place) AS nth "
        f"FROM {data}) SELECT * EXCLUDE (sale, copy, nth), "
        f"CAST(CASE WHEN copy > 1 THEN {REPEATED} ELSE {DATA} END AS SMALLINT) AS fate, "
        f"CAST(CASE WHEN copy = 1 AND sale AND nth > 1 THEN {CONFLICT} END AS SMALLINT) AS bad "
        "FROM counted ORDER BY place"
    )
    rows.sort_again(marked.to_arrow_reader())
