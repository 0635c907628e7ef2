"""Reads a recognised table into exact, typed rows, each with its fate.

Every line ends in one place: data, total (a checksum), left aside with a reason, or refused with
its line, its column and a sentence. Parsing runs inside the engine, so that ten million lines
cost about as much as reading them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from regie.ingestion import raw_cells, repeats
from regie.ingestion.blocks import lines_elsewhere
from regie.ingestion.grains import in_periods
from regie.ingestion.locale import decide_locale
from regie.ingestion.parsing import Locale
from regie.ingestion.recognise import Table
from regie.ingestion.refusals import Refusal, explain
from regie.ingestion.staging_sql import DATA, IGNORED, REPEATED, RULES, TOTAL, StagingSql
from regie.ingestion.typed_cells import write_typed
from regie.ingestion.vocabulary import ADDITIVE, TEXT_KINDS
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.money import plain
from regie.kernel.periods import Period
from regie.warehouse.parquet import rises

KEPT_REFUSALS = 10_000
_AGAIN = _("they repeat another line to the letter")


@dataclass
class Staged:
    """A table as typed rows in ``path`` (Parquet; data rows have ``fate`` 0 and no ``bad``)."""

    table: Table
    locale: Locale
    path: Path
    columns: dict[str, str]  # word -> kind
    rows_read: int
    rows_data: int
    rows_refused: int
    rows_aside: int
    period: Period | None
    refusals: list[Refusal] = field(default_factory=list)
    whos: int = 0  # how many different texts the rows have
    in_order: bool = False  # by day, as far as readers of the facts need it
    notes: list[Sentence] = field(default_factory=list)
    counts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The rows that are data, as an SQL relation."""
        return f"(SELECT * FROM {self._lines} WHERE fate = {DATA} AND bad IS NULL)"

    @property
    def shares_texts(self) -> bool:
        """Whether ``summary`` says of few rows what many have in common."""
        format_ = self.table.format
        daily = format_.fact in {"performance", "visits"} and not format_.lifetime
        return daily and self.whos * 2 <= self.rows_data

    @property
    def summary(self) -> str:
        """One row for all that have the same ``who``: how many ``lines``, sums, the last day."""
        texts = [word for word, kind in self.columns.items() if kind in TEXT_KINDS]
        figures = [
            f"{'sum' if word in ADDITIVE else 'max'}({word}) AS {word}"
            for word in self.columns
            if word not in texts
        ]
        summed = ", ".join(["who", "count(*) AS lines", *figures])
        named = f"SELECT {', '.join(['who', *texts])} FROM {self._lines} WHERE first"
        return (
            f"(SELECT * FROM (SELECT {summed} FROM {self.source} GROUP BY who) "
            f"JOIN ({named}) USING (who))"
        )

    @property
    def _lines(self) -> str:
        name = str(self.path).replace("'", "''")
        return f"read_parquet('{name}')"


def stage(
    table: Table,
    engine: duckdb.DuckDBPyConnection,
    work: Path,
    *,
    time_zone: str = "UTC",
    currency: str = "",
    period: Period | None = None,
    check: Callable[[], None] = lambda: None,
) -> Staged:
    """Parse ``table`` on ``engine``; files go to ``work``, a folder of this file alone.

    ``check`` is called between batches, and raises where the work must stop.
    """
    table = in_periods(table)
    locale = decide_locale(table, period)
    sql = StagingSql(table, locale, time_zone=time_zone, currency=currency)
    path = work / "typed.parquet"
    quoted = str(path).replace("'", "''")
    whos = _type_cells(engine, sql, path, check)
    repeats.mark(engine, sql, path)
    fates = _fates(engine, quoted)
    staged = Staged(
        table=table,
        locale=locale,
        path=path,
        columns=sql.words,
        rows_read=sum(n for fate, _bad, n in fates if fate != IGNORED),
        rows_data=sum(n for fate, bad, n in fates if fate == DATA and not bad),
        rows_refused=sum(n for fate, bad, n in fates if fate == DATA and bad),
        rows_aside=sum(n for fate, _bad, n in fates if fate not in {DATA, IGNORED}),
        period=_period(engine, quoted, sql),
        whos=whos,
        in_order="date" in sql.words and rises(path, "date"),
    )
    if staged.rows_refused:
        staged.refusals = explain(table, locale, engine, quoted, sql, KEPT_REFUSALS)
        staged.notes += _beyond_kept(staged)
    staged.notes += _aside_notes(fates, table)
    if table.format.blocks:
        _leave_others_aside(staged)
    staged.notes += _checksums(engine, quoted, sql, staged, fates)
    staged.counts = _counts(engine, sql, quoted)
    return staged


def _type_cells(
    engine: duckdb.DuckDBPyConnection, sql: StagingSql, path: Path, check: Callable[[], None]
) -> int:
    quick = raw_cells.quickly(sql.table)
    if quick is not None:
        try:
            return write_typed(engine, sql, quick, path, check)
        except raw_cells.NotClean:
            pass  # lines too short, stray quotation marks: our own reader takes them one by one
    return write_typed(engine, sql, raw_cells.patiently(sql.table), path, check)


def _fates(engine: duckdb.DuckDBPyConnection, quoted: str) -> list[tuple[int, bool, int]]:
    return engine.execute(
        f"SELECT fate, bad IS NOT NULL, count(*) FROM read_parquet('{quoted}') GROUP BY ALL"
    ).fetchall()


def _period(engine: duckdb.DuckDBPyConnection, quoted: str, sql: StagingSql) -> Period | None:
    if "date" not in sql.words:
        return None
    start, end = engine.execute(
        f"SELECT min(date), max(date) FROM read_parquet('{quoted}') "
        f"WHERE fate = {DATA} AND bad IS NULL"
    ).fetchall()[0]
    return Period(start, end) if start else None


def _aside_notes(fates: list[tuple[int, bool, int]], table: Table) -> list[Sentence]:
    notes = []
    for fate, _bad, lines in sorted(fates):
        if fate >= RULES or fate == REPEATED:
            reason = table.format.rules[fate - RULES].reason if fate >= RULES else _AGAIN
            notes.append(
                say(_("{count} lines left aside: {reason}"), count=lines, reason=Sentence(reason))
            )
    return notes


def _leave_others_aside(staged: Staged) -> None:
    lines = lines_elsewhere(staged.table)
    if lines:
        staged.rows_read += lines
        staged.rows_aside += lines
        reason = Sentence(_("they are of other tables, which show the same in another way"))
        staged.notes.append(
            say(_("{count} lines left aside: {reason}"), count=lines, reason=reason)
        )


def _beyond_kept(staged: Staged) -> list[Sentence]:
    """Lines that were refused and counted, and cannot be handed back one by one."""
    kept = len(staged.refusals)
    if kept >= staged.rows_refused:
        return []
    return [
        say(
            _("Only the first {kept} of {count} refused lines are kept to be mended."),
            kept=kept,
            count=staged.rows_refused,
        )
    ]


def _checksums(
    engine: duckdb.DuckDBPyConnection,
    quoted: str,
    sql: StagingSql,
    staged: Staged,
    fates: list[tuple[int, bool, int]],
) -> list[Sentence]:
    """Compare the file's own totals with the sums of its rows."""
    notes = []
    if staged.table.preamble.incomplete:
        notes.append(say(_("The platform says that its last days may be incomplete.")))
    stated = staged.table.preamble.rows
    seen = staged.rows_data + staged.rows_refused
    if stated is not None and stated != seen:
        notes.append(
            say(
                _("The file says that it has {stated} rows, and {seen} were read."),
                stated=stated,
                seen=seen,
            )
        )
    has_total = any(fate == TOTAL for fate, _bad, _lines in fates)
    for word in sql.additive if has_total else ():
        mismatch = _mismatch(engine, quoted, word)
        if mismatch:
            notes.append(
                say(
                    _("The file's own total of {column} is {total}; its rows add up to {sum}."),
                    column=sql.label_of(word),
                    total=mismatch[0],
                    sum=mismatch[1],
                )
            )
    return notes


def _mismatch(engine: duckdb.DuckDBPyConnection, quoted: str, word: str) -> tuple[str, str] | None:
    rows = f"read_parquet('{quoted}')"
    total_, sum_, agrees = engine.execute(
        f"SELECT max({word}) FILTER (fate = {TOTAL}), "
        f"sum({word}) FILTER (fate = {DATA} AND bad IS NULL), "
        f"bool_or({word} = (SELECT sum({word}) FROM {rows} WHERE fate = {DATA} AND bad IS NULL)) "
        f"FILTER (fate = {TOTAL}) FROM {rows}"
    ).fetchall()[0]
    if total_ is None or agrees:
        return None
    return plain(Decimal(total_)), plain(Decimal(sum_)) if sum_ is not None else "–"


def _counts(engine: duckdb.DuckDBPyConnection, sql: StagingSql, quoted: str) -> dict[str, Decimal]:
    """Native figures over every line but those refused."""
    counts = {}
    kept = f"read_parquet('{quoted}') WHERE fate <> {DATA} OR bad IS NULL"
    for count in sql.table.format.counts:
        try:
            found = engine.execute(f"SELECT {sql.with_cells(count.sql)} FROM {kept}").fetchall()
        except (duckdb.Error, KeyError):
            continue  # the file does not have this column
        value = found[0][0]
        if value is not None:
            counts[count.name] = Decimal(str(value))
    return counts
