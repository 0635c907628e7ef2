"""Says what is wrong with a line: where it stands, which column, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regie.ingestion.amount_codes import code_in
from regie.ingestion.raw_cells import lines_at
from regie.ingestion.staging_sql import (
    CONFLICT,
    CUT,
    DATA,
    EARLIEST,
    EXTRA,
    LATEST,
    NO_DAY,
    RULES,
    UNREADABLE,
    StagingSql,
)
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.money import is_currency

if TYPE_CHECKING:
    from regie.ingestion.parsing import Locale
    from regie.ingestion.recognise import Table
    from regie.ingestion.typed_rows import TypedRows
    from regie.warehouse.engine import Engine

_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
LONGEST_SHOWN = 60
AMBIGUOUS_DAY = _(
    "“{cell}” could be two different days: nothing in the file says which of day "
    "and month comes first. Write days as 2026-09-30."
)
_NO_CURRENCY = _("“{cell}” is not a currency code.")
_NOT_A = {
    "from_currency": _NO_CURRENCY,
    "to_currency": _NO_CURRENCY,
    "id": _(
        "“{cell}” is an identifier that a spreadsheet has rounded: export the file again "
        "and do not open it before sending it."
    ),
    "flag": _("“{cell}” is neither yes nor no."),
    "sale": _("“{cell}” is neither an order nor a refund."),
    "earned": _(
        "“{cell}” is no kind of earned media that we know: write follow, unfollow, like, comment, "
        "share, mention or review."
    ),
}
_NUMBERS = {
    "count": _("“{cell}” is not a whole number."),
    "rate": _("“{cell}” is not a rate: one unit is always worth something."),
}
_OWN_SENTENCE = ("rate", "from_currency", "to_currency")


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
    engine: Engine,
    rows: TypedRows,
    sql: StagingSql,
    most: int,
) -> list[Refusal]:
    """The refused lines of ``rows`` with the sentence for each, in order."""
    found = engine.execute(
        f"SELECT place, bad FROM {rows.others.relation} WHERE fate = {DATA} "
        f"ORDER BY place LIMIT {most}"
    ).fetchall()
    lines = lines_at(table, [place for place, _bad in found])
    return [_refusal(table, locale, sql, *lines[place], bad) for place, bad in found]


def _refusal(
    table: Table, locale: Locale, sql: StagingSql, line: int, texts: list[str], bad: int
) -> Refusal:
    cells = tuple(texts)
    if bad == EXTRA:
        reason = say(
            _("This line has more cells than the header has columns ({count})."),
            count=len(table.labels),
        )
        return Refusal(line, "", reason, cells)
    if bad == CUT:
        given = 1 + max(place for place, cell in enumerate(cells) if cell.strip())
        reason = say(
            _("This line stops after {given} of {count} cells: the rest of it is missing."),
            given=given,
            count=len(table.labels),
        )
        return Refusal(line, table.labels[given].strip(), reason, cells)
    if bad == UNREADABLE:
        reason = say(_("This line holds bytes that are no text: the file was damaged on its way."))
        return Refusal(line, "", reason, cells)
    if bad == CONFLICT:
        return Refusal(line, sql.label_of(sql.number), _twice(cells, sql), cells)
    if bad == NO_DAY:
        return Refusal(line, _day_label(sql), say(_("This line has no day.")), cells)
    if bad <= -RULES:
        return Refusal(line, "", Sentence(table.format.rules[-bad - RULES].reason), cells)
    word = next(name for name, places in table.cells.items() if bad in places)
    cell = cells[bad].strip()[:LONGEST_SHOWN]
    kind = word if word in _OWN_SENTENCE else sql.words[word]
    other = _in_another_currency(cell, sql.currency_of(cells)) if kind == "money" else None
    return Refusal(line, table.labels[bad].strip(), other or _wrong(kind, cell, locale), cells)


def _in_another_currency(cell: str, currency: str) -> Sentence | None:
    code = code_in(cell)
    if code == currency or not is_currency(code):
        return None
    if not currency:
        return say(
            _("“{cell}” is in {code}, and nothing else here says so: add a column with the "
              "currency of each line."),
            cell=cell, code=code,
        )  # fmt: skip
    return say(
        _("“{cell}” is in {code}, where this line should be in {currency}: correct the one that "
          "is wrong."),
        cell=cell, code=code, currency=currency,
    )  # fmt: skip


def _twice(cells: tuple[str, ...], sql: StagingSql) -> Sentence:
    return say(
        _("A line above gives “{cell}” with another content: nothing says which one is true."),
        cell=cells[sql.table.cells[sql.number][0]].strip()[:LONGEST_SHOWN],
    )


def _day_label(sql: StagingSql) -> str:
    return sql.label_of(sql.moment or "date")


def _wrong(kind: str, cell: str, locale: Locale) -> Sentence:
    if not cell:
        return say(_("This cell is empty, and the line means nothing without it."))
    if kind in {"date", "timestamp"}:
        return _no_day(cell, locale)
    if kind in _NOT_A:
        return say(_NOT_A[kind], cell=cell)
    if kind in _NUMBERS and _reads_as_number(cell, locale):
        return say(_NUMBERS[kind], cell=cell)
    guess = cell.translate(_LOOKALIKES)
    if guess != cell and _reads_as_number(guess, locale):
        return say(_("“{cell}” is not a number. Did you mean {guess}?"), cell=cell, guess=guess)
    return say(
        _("“{cell}” is not a number here: this file writes decimals with “{mark}”."),
        cell=cell,
        mark=locale.decimal,
    )


def _no_day(cell: str, locale: Locale) -> Sentence:
    if "/" in cell and not locale.date_order:
        return say(AMBIGUOUS_DAY, cell=cell)
    year = re.search(r"(?<!\d)\d{4}(?!\d)", cell)
    if year and not EARLIEST.year <= int(year[0]) <= LATEST.year:
        return say(
            _("“{cell}” lies beyond the years that figures can be of, {first} to {last}."),
            cell=cell, first=str(EARLIEST.year), last=str(LATEST.year),
        )  # fmt: skip
    return say(_("“{cell}” is not a day. Write it as 2026-09-30."), cell=cell)


def _reads_as_number(text: str, locale: Locale) -> bool:
    bare = text.replace(locale.decimal, ".").replace(" ", "")
    try:
        float(bare)
    except ValueError:
        return False
    return True
