"""From files to facts that are ready to be published: read, stage, resolve, write.

All files of one call are read together, so that names and currencies of one table resolve the
rows of another. Nothing is visible until the caller publishes what this returns.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from regie.ingestion import history, spreading
from regie.ingestion.accounts import AccountBook
from regie.ingestion.blocks import best_table, leave_sheets_aside, on_other_sheets
from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.files.sheet import Sheet, read_sheets
from regie.ingestion.format import Format
from regie.ingestion.formats import formats
from regie.ingestion.keying import Keys, found_accounts
from regie.ingestion.recognise import Table, recognise
from regie.ingestion.refusals import AMBIGUOUS_DAY
from regie.ingestion.spreading import Context
from regie.ingestion.staging import Staged, stage
from regie.ingestion.ties import best_reading
from regie.ingestion.totals import totals_of
from regie.ingestion.writing import FIGURES, write_facts
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.periods import Period
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, WrittenFile
from regie.warehouse.windows import Window

MOST_COLUMNS = 1_000
_UNKEYED = "unkeyed"  # the rows of a file before their account is looked up


@dataclass(frozen=True)
class Answers:
    """What a person says about files that do not say it themselves."""

    format: str = ""
    account: str = ""
    currency: str = ""
    period: Period | None = None
    time_zone: str = ""
    mapping: Format | None = None


@dataclass
class FileRead:
    """One file: what it is, or why it cannot be read."""

    path: Path
    name: str
    digest: str
    tables: list[Staged] = field(default_factory=list)
    problem: UnreadableFile | None = None
    completes: int | None = None  # the import whose refused lines these are, mended

    @property
    def format(self) -> Format | None:
        return self.tables[0].table.format if self.tables else None

    @property
    def names_account(self) -> bool:
        """Whether its columns, the lines above them or its name say which account it is of."""
        return any(
            {"account_id", "account_name"} & set(staged.columns) or account_above(staged)
            for staged in self.tables
        )


@dataclass
class Prepared:
    """Facts of one file, written and durable, not yet published."""

    files: list[WrittenFile] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    counts: dict[str, Decimal] = field(default_factory=dict)
    rates: list[tuple[Any, ...]] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    names_account: bool = True
    asset_keys: set[int] = field(default_factory=set)
    owners: dict[int, int] = field(default_factory=dict)  # organisations of others' accounts
    problem: UnreadableFile | None = None  # a question without whose answer nothing is stored


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_file(
    path: Path,
    name: str,
    answers: Answers,
    engine: Engine,
    *,
    digest: str = "",
    default_zone: str = "UTC",
    beside: Sequence[Path] = (),
    check: Callable[[], None] = lambda: None,
) -> FileRead:
    """Recognise and stage one file; a file that cannot be read says why in ``problem``.

    ``beside`` are the other files of the call: they settle which of two like reports this is.
    ``check`` is called from time to time, and raises where the reading must stop.
    """
    read = FileRead(path, name, digest or digest_of(path))
    work = Path(tempfile.mkdtemp(dir=engine_folder(engine)))
    try:
        sheets = read_sheets(path, work)
        read.completes = next((one.completes for one in sheets if one.completes), None)
        table, elsewhere = _table(sheets, answers, name, beside)
        _check_width(table)
        staged = stage(
            table,
            engine,
            Path(tempfile.mkdtemp(dir=work)),
            time_zone=answers.time_zone or table.preamble.time_zone or default_zone,
            currency=answers.currency,
            period=answers.period,
            check=check,
        )
        leave_sheets_aside(staged, elsewhere)
        read.tables.append(staged)
        _check_says_something(read)
    except UnreadableFile as problem:
        read.problem = problem
    return read


def _check_width(table: Table) -> None:
    if len(table.labels) > MOST_COLUMNS:
        raise UnreadableFile(
            say(
                _("This table has {count} columns; no report has more than {most}."),
                count=len(table.labels),
                most=MOST_COLUMNS,
            ),
            hint=_("Export only the columns that are needed."),
        )


def _check_says_something(read: FileRead) -> None:
    """A table of an interface may well be empty; an export without a line went wrong."""
    for staged in read.tables:
        if staged.rows_read == 0 and staged.table.format.origin == "file":
            raise UnreadableFile(
                _("This file has a header and no line below it."),
                hint=_("Export it again, for days on which something was published."),
            )


def engine_folder(engine: Engine) -> str:
    spill = engine.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
    folder = Path(spill).parent
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _table(
    sheets: list[Sheet], answers: Answers, name: str, beside: Sequence[Path]
) -> tuple[Table, list[Table]]:
    """The table that is read, and those like it on other sheets of the workbook."""
    candidates: Iterable[Format] = formats().values()
    if answers.mapping is not None:
        candidates = [answers.mapping]
    elif answers.format:
        candidates = _asked(answers.format)
    found = recognise(sheets, list(candidates), name)
    if not found:
        raise UnreadableFile(
            say(_("The columns of “{name}” fit no known export."), name=name),
            hint=_("Say which format it is with --format, or describe its columns with --mapping."),
            code="unknown_table",
        )
    best = best_reading(found, name, beside, list(formats().values()))
    if not best.format.blocks:
        return best, on_other_sheets(best, found)
    return best_table(best, list(candidates), name), []


def _asked(name: str) -> list[Format]:
    known = formats()
    if name not in known:
        raise UnreadableFile(
            say(_("There is no format called “{name}”."), name=name),
            hint=_("`regie formats` lists them."),
        )
    return [known[name]]


def prepare(
    read: FileRead,
    *,
    answers: Answers,
    import_id: int,
    organisation_id: int,
    imported_on: date,
    engine: Engine,
    lake: Lake,
    book: AccountBook,
    completes: bool,
    progress: Callable[[float], None] = lambda share: None,
) -> Prepared:
    """Write the facts of ``read`` to the lake and say what they replace."""
    prepared = Prepared()
    for staged in read.tables:
        prepared.counts |= staged.counts
        prepared.notes += staged.notes
        fact = staged.table.format.fact
        if fact == "rates":
            prepared.rates = _rates(staged, engine)
            prepared.counts["rates"] = Decimal(len(prepared.rates))
        elif fact == "history":
            history.resolve_accounts(staged, engine, book)
        elif fact != "counted":
            _prepare_facts(
                prepared, staged, answers, Context(
                    import_id=import_id,
                    organisation_id=organisation_id,
                    imported_on=imported_on,
                    account=answers.account or account_above(staged),
                    currency=staged.currency,
                    period=answers.period or staged.table.preamble.period,
                    has_history=history.present(engine),
                ), engine, lake, book, completes,
            )  # fmt: skip
        progress(1.0)
    return prepared


def account_above(staged: Staged) -> str:
    """The account that the lines above the header, or the file's name, give."""
    preamble = staged.table.preamble
    return preamble.account_id or (preamble.account_name and f"name:{preamble.account_name}")


def _rates(staged: Staged, engine: Engine) -> list[tuple[Any, ...]]:
    source = "rate_source" if "rate_source" in staged.columns else "NULL"
    return engine.execute(
        f"SELECT date, upper(from_currency), upper(to_currency), rate, {source} "
        f"FROM {staged.source} WHERE rate > 0"
    ).fetchall()


def _prepare_facts(
    prepared: Prepared,
    staged: Staged,
    answers: Answers,
    context: Context,
    engine: Engine,
    lake: Lake,
    book: AccountBook,
    completes: bool,
) -> None:
    adds_up = staged.table.format.merge or "device" in staged.columns
    shared = staged.shares_texts
    rows = spreading.rows(staged, context)
    if staged.has_voided:
        rows = _with_voided(rows, staged, context)
    engine.execute(f"CREATE OR REPLACE TEMP VIEW {_UNKEYED} AS {rows}")
    few, lines = _UNKEYED, "count(*)"
    if shared:
        few, lines = "unkeyed_few", "sum(lines)"
        figures = spreading.figures(staged, context)
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {FIGURES} AS {figures}")
        summary = spreading.summed(staged, context)
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {few} AS {summary}")
    prepared.problem = _unanswered(staged, context)
    if prepared.problem is not None:
        prepared.totals = totals_of(staged, engine, few)
        return
    accounts = found_accounts(staged, engine, few, lines)
    known = book.resolve(accounts)
    prepared.names_account = bool(answers.account) or any(one.ref for one in accounts)
    prepared.asset_keys |= {one.key for one in known.values()}
    owners = {one.key: one.owner_id for one in known.values() if one.owner_id is not None}
    prepared.owners |= owners
    context = replace(context, owners=owners)
    has_currency = bool(staged.columns.get("currency") or context.currency)
    keys = Keys(engine, known, has_currency=has_currency)
    engine.execute(f"CREATE OR REPLACE TEMP VIEW keyed AS {keys.over(_UNKEYED)}")
    view = summed = "keyed"
    if shared:
        summed = "keyed_few"
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {summed} AS {keys.over(few)}")
    if adds_up:
        merged = spreading.merged("keyed", set(staged.columns))
        engine.execute(f"CREATE OR REPLACE TEMP VIEW added_up AS {merged}")
        view = summed = "added_up"
    counting = f"(SELECT * FROM {summed} WHERE NOT is_voided)" if staged.has_voided else summed
    prepared.totals = totals_of(staged, engine, counting)
    files, windows = write_facts(staged, context, view, summed, engine, lake, completes=completes)
    prepared.files += files
    prepared.windows += windows
    prepared.notes += _currency_notes(prepared.totals)


def _with_voided(rows: str, staged: Staged, context: Context) -> str:
    voided = spreading.voided(staged, context)
    return (
        f"SELECT *, false AS is_voided FROM ({rows}) "
        f"UNION ALL BY NAME SELECT *, true AS is_voided FROM ({voided})"
    )


def _unanswered(staged: Staged, context: Context) -> UnreadableFile | None:
    """What must be known before anything of the table can be stored."""
    dated = {"date", "period_start"} & set(staged.columns)
    unsure = {refusal.reason.message for refusal in staged.refusals} == {AMBIGUOUS_DAY}
    if not dated and context.period is None:
        question = _("This file gives figures without saying which days they are of.")
    elif unsure and not staged.rows_data:
        question = _("Every day of this file could be two days: which period does it cover?")
    else:
        return None
    hint = _("Say it with --period 2026-09-01..2026-09-30.")
    return UnreadableFile(question, hint=hint, code="needs_period")


def _currency_notes(totals: dict[str, dict[str, Decimal]]) -> list[Sentence]:
    from regie.kernel.money import is_currency

    notes = []
    money = {
        code for name in ("spend", "conversion_value", "revenue") for code in totals.get(name, {})
    }
    if "" in money:
        notes.append(
            say(
                _(
                    "The file does not say in which currency its amounts are: they wait, and are "
                    "added to nothing, until you say it."
                )
            )
        )
    notes += [
        say(
            _("“{code}” is not a currency code of ISO 4217: these amounts are kept apart."),
            code=code,
        )
        for code in sorted(money)
        if code and not is_currency(code)
    ]
    return notes
