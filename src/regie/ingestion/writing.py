"""Writes the facts of one file to the lake, month by month, and says which windows they replace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from regie.domain.facts import ENTITIES, TABLES
from regie.ingestion import history, names_in_rows, spreading
from regie.ingestion.shared_texts import SharedTexts
from regie.ingestion.spreading import Context
from regie.ingestion.staging import Staged
from regie.kernel.periods import Period, month_end
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, WrittenFile, reading
from regie.warehouse.parquet import Complete
from regie.warehouse.windows import Window, level_of

FIGURES = "figures"  # the rows of a file without what their texts say
_ORDER = "date"


def write_facts(
    staged: Staged,
    context: Context,
    view: str,
    few: str,
    engine: Engine,
    lake: Lake,
    *,
    completes: bool,
) -> tuple[list[WrittenFile], list[Window]]:
    """Write the rows of ``view``; ``few`` is the same, or the summary of it by ``who``."""
    files: list[WrittenFile] = []
    windows: list[Window] = []
    stated = None if staged.table.format.lifetime else staged.table.preamble.period
    for table, portions in spreading.facts_of(staged, context, view):
        if len(portions) == 1 and few != view:
            portion = replace(portions[0], view=FIGURES)
            texts = SharedTexts(table, portion, few, engine, staged.columns)
            written = _write_by_month(table, texts.select(), staged, engine, lake, texts.complete)
        else:
            rows = " UNION ALL ".join(portion.select() for portion in portions)
            written = _write_by_month(table, rows, staged, engine, lake) if rows else []
        if written:
            files += written
            windows += _windows(table, written, stated, engine, lake, completes=completes)
    names, name_windows = _write_names(staged, context, few, engine, lake)
    return files + names, windows + name_windows


def _write_by_month(
    table: str,
    select: str,
    staged: Staged,
    engine: Engine,
    lake: Lake,
    complete: Complete = lambda batch: batch,
) -> list[WrittenFile]:
    if staged.rows.in_order and not staged.has_voided and table != "period_figures":
        return lake.write_months(engine, table, select, complete=complete)
    written = []
    for month in _months(select, engine):
        file = lake.write(
            engine, table, month, _within(select, month), order=_ORDER, complete=complete
        )
        if file is not None:
            written.append(file)
    return written


def _months(select: str, engine: Engine) -> list[date]:
    found = engine.execute(
        f"SELECT DISTINCT CAST(date_trunc('month', date) AS DATE) AS m FROM ({select}) ORDER BY m"
    ).fetchall()
    return [month for (month,) in found]


def _within(select: str, month: date) -> str:
    return (
        f"SELECT * FROM ({select}) WHERE date BETWEEN DATE '{month}' AND DATE '{month_end(month)}'"
    )


def _windows(
    table: str,
    written: list[WrittenFile],
    stated: Period | None,
    engine: Engine,
    lake: Lake,
    *,
    completes: bool,
) -> list[Window]:
    """The days that the file states per account and level: all of its period when it says it."""
    through = "period_end" if table == "period_figures" else "NULL::DATE"
    start, end = ("date", "date") if table == "period_figures" else ("min(date)", "max(date)")
    group = "GROUP BY ALL" if table != "period_figures" else ""
    distinct = "DISTINCT" if table == "period_figures" else ""
    rows_written = reading([lake.absolute(one.path) for one in written], TABLES[table].schema)
    rows = engine.execute(
        f"SELECT {distinct} asset_key, {level_of(table, 'f')} AS level, "
        f"{through} AS through, {start} AS s, {end} AS e FROM {rows_written} f {group} ORDER BY ALL"
    ).fetchall()
    windows = []
    for asset_key, of_level, through_day, first, last in rows:
        period = Period(first, last)
        if stated is not None and stated.contains(period) and through_day is None:
            period = stated
        windows.append(
            Window(table, asset_key, period, of_level or "", through_day, only_keys=completes)
        )
    return windows


def _write_names(
    staged: Staged, context: Context, view: str, engine: Engine, lake: Lake
) -> tuple[list[WrittenFile], list[Window]]:
    selects = list(names_in_rows.names_of(staged, view))
    if context.has_history:
        refs = f"(SELECT DISTINCT account_ref AS ref, asset_key FROM {view})"
        selects.append(
            "SELECT asset_key, date, kind, entity_id, parent_id, name "
            f"FROM ({history.names(engine, staged.table.format.platform)}) JOIN {refs} USING (ref)"
        )
        selects += history.names_of_rows(staged.table.format.platform, view)
    if not selects:
        return [], []
    day = staged.period.end if staged.period else context.imported_on
    first = f"DATE '{day.replace(day=1)}'"
    provenance = {
        "organisation_id": context.organisation(),
        "import_id": str(context.import_id),
        "origin": f"'{staged.table.format.origin}'",
        "provisional": "false",
    }
    columns = ", ".join(
        f"CAST({provenance.get(column.name, column.name)} AS {column.type}) AS {column.name}"
        for column in ENTITIES.columns
    )
    rows = " UNION ALL ".join(f"SELECT * FROM ({select})" for select in selects)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE names AS SELECT {columns} FROM "
        f"(SELECT DISTINCT * REPLACE (coalesce(date, {first}) AS date) FROM ({rows}))"
    )
    files, windows = [], []
    spans = engine.execute(
        "SELECT asset_key, min(date), max(date) FROM names GROUP BY asset_key"
    ).fetchall()
    # Names are few: one file holds all of them, whatever their days.
    file = lake.write(engine, ENTITIES.name, day.replace(day=1), "SELECT * FROM names")
    if file is not None:
        files.append(file)
        windows = [
            Window(ENTITIES.name, key, Period(min(s, day), max(e, day)),
                   import_id=context.import_id)
            for key, s, e in spans
        ]  # fmt: skip
    return files, windows
