"""Says what is wrong with a line: where it stands, which column, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from regie.ingestion.staging_sql import DATA, EXTRA, NO_DAY, RULES, StagingSql
from regie.kernel.i18n import Sentence, _, say

if TYPE_CHECKING:
    import duckdb

    from regie.ingestion.parsing import Locale
    from regie.ingestion.recognise import Table

_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Refusal:
    """One refused line: its number in the file, the column's label and a sentence."""

    line: int
    column: str
    reason: Sentence
    cells: tuple[str, ...] = ()


def explain(
    table: Table,
    locale: Locale,
    engine: duckdb.DuckDBPyConnection,
    typed: str,
    sql: StagingSql,
    most: int,
) -> list[Refusal]:
    """The refused lines of ``typed`` (a Parquet file) with the sentence for each, in order."""
    cells = ", ".join(f"c{i}" for i in range(len(table.labels)))
    numbered = (
        f"SELECT coalesce(line, file_row_number + {table.header_line + 1}) AS line, bad, fate, "
        f"file_row_number AS n FROM read_parquet('{typed}', file_row_number=true)"
    )
    found = engine.execute(
        f"WITH t AS (SELECT * FROM ({numbered}) WHERE fate = {DATA} AND bad IS NOT NULL "
        f"ORDER BY n LIMIT {most}), r AS (SELECT row_number() OVER () - 1 AS n, {cells} FROM raw) "
        f"SELECT t.line, t.bad, {cells} FROM t JOIN r USING (n) ORDER BY n"
    ).fetchall()
    return [_refusal(table, locale, sql, line, bad, texts) for line, bad, *texts in found]


def _refusal(
    table: Table, locale: Locale, sql: StagingSql, line: int, bad: int, texts: list[str | None]
) -> Refusal:
    cells = tuple(text or "" for text in texts)
    if bad == EXTRA:
        reason = say(
            _("This line has more cells than the header has columns ({count})."),
            count=len(table.labels),
        )
        return Refusal(line, "", reason, cells)
    if bad == NO_DAY:
        return Refusal(line, _day_label(sql), say(_("This line has no day.")), cells)
    if bad <= -RULES:
        return Refusal(line, "", Sentence(table.format.rules[-bad - RULES].reason), cells)
    word = next(name for name, places in table.cells.items() if bad in places)
    cell = cells[bad].strip()[:LONGEST_SHOWN]
    return Refusal(line, table.labels[bad].strip(), _wrong(sql.words[word], cell, locale), cells)


def _day_label(sql: StagingSql) -> str:
    return sql.label_of(sql.moment or "date")


def _wrong(kind: str, cell: str, locale: Locale) -> Sentence:
    if not cell:
        return say(_("This cell is empty, and the line means nothing without it."))
    if kind in {"date", "timestamp"}:
        if "/" in cell and not locale.date_order:
            return say(
                _(
                    "“{cell}” could be two different days: nothing in the file says which of day "
                    "and month comes first. Write days as 2026-09-30."
                ),
                cell=cell,
            )
        return say(_("“{cell}” is not a day. Write it as 2026-09-30."), cell=cell)
    if kind == "id":
        return say(
            _(
                "“{cell}” is an identifier that a spreadsheet has rounded: export the file again "
                "and do not open it before sending it."
            ),
            cell=cell,
        )
    if kind == "flag":
        return say(_("“{cell}” is neither yes nor no."), cell=cell)
    if kind == "count" and _reads_as_number(cell, locale):
        return say(_("“{cell}” is not a whole number."), cell=cell)
    guess = cell.translate(_LOOKALIKES)
    if guess != cell and _reads_as_number(guess, locale):
        return say(_("“{cell}” is not a number. Did you mean {guess}?"), cell=cell, guess=guess)
    return say(
        _("“{cell}” is not a number here: this file writes decimals with “{mark}”."),
        cell=cell,
        mark=locale.decimal,
    )


def _reads_as_number(text: str, locale: Locale) -> bool:
    bare = text.replace(locale.decimal, ".").replace(" ", "")
    try:
        float(bare)
    except ValueError:
        return False
    return True
