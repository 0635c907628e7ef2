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

from regie.ingestion import raw_cells, repeats
from regie.ingestion.blocks import lines_elsewhere
from regie.ingestion.grains import in_periods
from regie.ingestion.locale import decide_locale
from regie.ingestion.parsing import Locale
from regie.ingestion.recognise import Table
from regie.ingestion.refusals import Refusal, explain
from regie.ingestion.staging_sql import DATA, IGNORED, REPEATED, RULES, TOTAL, StagingSql
from regie.ingestion.typed_cells import typed_rows
from regie.ingestion.typed_rows import TypedRows
from regie.ingestion.vocabulary import ADDITIVE, TEXT_KINDS
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.money import plain
from regie.kernel.periods import Period
from regie.warehouse.engine import Engine, failure

KEPT_REFUSALS = 10_000
_AGAIN = _("they repeat another line to the letter")


@dataclass
class Staged:
    """A table as typed rows."""

    table: Table
    locale: Locale
    rows: TypedRows
    columns: dict[str, str]  # word -> kind
    currency: str  # of amounts that have none of their own; empty where nothing says it
    rows_read: int
    rows_data: int
    rows_refused: int
    rows_aside: int
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    counts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The rows that are data, as an SQL relation."""
        return self.rows.relation

    @property
    def figures(self) -> str:
        """The rows that are data, where ``shares_texts`` without their texts."""
        return self.rows.data.relation

    @property
    def has_voided(self) -> bool:
        return any(self.rows.fates[fate, False] for fate in self._voiding)

    @property
    def voided(self) -> str:
        """The lines left aside whose order counts nowhere, as an SQL relation."""
        fates = ", ".join(map(str, self._voiding))
        return (
            f"(SELECT * FROM {self.rows.others.relation} "
            f"WHERE fate IN ({fates}) AND bad IS NULL AND date IS NOT NULL)"
        )

    @property
    def _voiding(self) -> list[int]:
        rules = enumerate(self.table.format.rules)
        return [RULES + index for index, rule in rules if rule.voids]

    @property
    def period(self) -> Period | None:
        return self.rows.period

    @property
    def shares_texts(self) -> bool:
        """Whether ``summary`` says of few rows what many have in common."""
        return bool(self.rows.texts_apart)

    @property
    def summary(self) -> str:
        """One row for all that have the same ``who``: how many ``lines``, sums, the last day."""
        figures = [
            f"{'sum' if word in ADDITIVE else 'max'}({word}) AS {word}"
            for word, kind in self.columns.items()
            if kind not in TEXT_KINDS
        ]
        summed = ", ".join(["who", "count(*) AS lines", *figures])
        return (
            f"(SELECT * FROM (SELECT {summed} FROM {self.figures} GROUP BY who) "
            f"JOIN {self.rows.named.relation} USING (who))"
        )


def stage(
    table: Table,
    engine: Engine,
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
    rows = _type_cells(engine, sql, work, check)
    repeats.mark(engine, sql, rows)
    rows.others.close()
    fates = rows.fates
    staged = Staged(
        table=table,
        locale=locale,
        rows=rows,
        columns=sql.words,
        currency=sql.currency,
        rows_read=sum(n for (fate, _bad), n in fates.items() if fate != IGNORED),
        rows_data=fates[DATA, False],
        rows_refused=fates[DATA, True],
        rows_aside=sum(n for (fate, _bad), n in fates.items() if fate not in {DATA, IGNORED}),
    )
    if staged.rows_refused:
        staged.refusals = explain(table, locale, engine, rows, sql, KEPT_REFUSALS)
        staged.notes += _beyond_kept(staged)
    staged.notes += _aside_notes(staged)
    if table.format.blocks:
        _leave_others_aside(staged)
    staged.notes += _checksums(engine, sql, staged)
    staged.counts = _counts(engine, sql, rows)
    return staged


def _type_cells(
    engine: Engine, sql: StagingSql, work: Path, check: Callable[[], None]
) -> TypedRows:
    quick = raw_cells.quickly(sql.table)
    if quick is not None:
        try:
            return typed_rows(engine, sql, quick, work, check)
        except raw_cells.NotClean:
            pass  # lines too short, stray quotation marks: our own reader takes them one by one
    return typed_rows(engine, sql, raw_cells.patiently(sql.table), work, check)


def _aside_notes(staged: Staged) -> list[Sentence]:
    notes = []
    for (fate, _bad), lines in sorted(staged.rows.fates.items()):
        if fate >= RULES or fate == REPEATED:
            reason = staged.table.format.rules[fate - RULES].reason if fate >= RULES else _AGAIN
            notes.append(
                say(_("Lines left aside: {count} ({reason})"), count=lines, reason=Sentence(reason))
            )
    return notes


def _leave_others_aside(staged: Staged) -> None:
    lines = lines_elsewhere(staged.table)
    if lines:
        staged.rows_read += lines
        staged.rows_aside += lines
        reason = Sentence(_("they are of other tables, which show the same in another way"))
        staged.notes.append(
            say(_("Lines left aside: {count} ({reason})"), count=lines, reason=reason)
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


def _checksums(engine: Engine, sql: StagingSql, staged: Staged) -> list[Sentence]:
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
    has_total = any(fate == TOTAL for fate, _bad in staged.rows.fates)
    for word in sql.additive if has_total else ():
        mismatch = _mismatch(engine, staged.rows, word)
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


def _mismatch(engine: Engine, rows: TypedRows, word: str) -> tuple[Decimal, Decimal | str] | None:
    total_, sum_, agrees = engine.execute(
        f"SELECT max({word}), any_value(own), bool_or({word} = own) FROM {rows.others.relation}, "
        f"(SELECT sum({word}) AS own FROM {rows.data.relation}) WHERE fate = {TOTAL}"
    ).fetchall()[0]
    if total_ is None or agrees or (sum_ is None and not total_):
        return None  # nothing, of no row, is right too
    return _as_written(total_), _as_written(sum_) if sum_ is not None else "–"


def _as_written(amount: Decimal | int) -> Decimal:
    """Without the zeros that a column of nine decimals adds."""
    return Decimal(plain(Decimal(amount)))


def _counts(engine: Engine, sql: StagingSql, rows: TypedRows) -> dict[str, Decimal]:
    """Native figures over every line but those refused."""
    counts = {}
    kept = (
        f"(SELECT * FROM {rows.data.relation} UNION ALL BY NAME "
        f"SELECT * FROM {rows.others.relation} WHERE fate <> {DATA})"
    )
    for count in sql.table.format.counts:
        try:
            found = engine.execute(f"SELECT {sql.with_cells(count.sql)} FROM {kept}").fetchall()
        except (failure(), KeyError):
            continue  # the file does not have this column
        value = found[0][0]
        if value is not None:
            counts[count.name] = Decimal(str(value))
    return counts
