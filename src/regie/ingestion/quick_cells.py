"""Answers the cells that are plainly what they should be, and leaves the others to ``parsing``.

Almost every cell of a large file is plain, so these tests decide what an import costs. Only lazy
branches keep the patient reading away from plain cells: see ``warehouse.engine.scratch``.
"""

from __future__ import annotations

from regie.ingestion import parsing
from regie.ingestion.parsing import Locale

# Text becomes a decimal of 18 digits fifty times faster than one of 20; few figures are longer.
_QUICK = "DECIMAL(18,9)"
_EXACT = "DECIMAL(20,9)"
_WIDE_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)


def text(cell: str) -> str:
    """A name without spaces at its ends, or NULL for a token that means nothing."""
    # Tokens for nothing are short and begin below ".", with "<" or N, or beyond ASCII.
    first = " OR ".join(f"{cell} BETWEEN '{a}' AND '{b}'" for a, b in ("<=", "NO", "no"))
    maybe_token = f"strlen({cell}) <= 20 AND ({first})"
    wide_edge = " OR ".join(f"ends_with({cell}, chr({code}))" for code in _WIDE_SPACES)
    plain = (
        f"{cell} >= '.' AND {cell} < chr(160) AND NOT ends_with({cell}, ' ') "
        f"AND NOT ({maybe_token}) AND (strlen({cell}) = length({cell}) OR NOT ({wide_edge}))"
    )
    return f"CASE WHEN {plain} THEN {cell} ELSE {parsing.text(cell)} END"


def identifier(cell: str) -> str:
    """A whole number as it is written; anything else may be damaged, or a resource name."""
    plain = f"CAST(try_cast({cell} AS BIGINT) AS VARCHAR) = {cell}"
    return f"CASE WHEN {plain} THEN {cell} ELSE {parsing.identifier(cell)} END"


def number(cell: str, locale: Locale, *, code: str = "") -> str:
    """An exact decimal, or NULL where the cell holds no number in this file's way of writing."""
    other = "_" if locale.decimal == "." else "."
    plain = f"CASE WHEN contains({cell}, '_') OR contains({cell}, '{other}') THEN NULL"
    read = f"try_cast({_dotted(cell, locale)} AS {_QUICK})"
    return (
        f"coalesce(CAST(coalesce({plain} ELSE {read} END, {_grouped(cell, locale)}) AS {_EXACT}), "
        f"{parsing.number(cell, locale, _EXACT, code=code)})"
    )


def count(cell: str, locale: Locale) -> str:
    """A whole number, or NULL where the cell holds none."""
    group = _group(locale)
    exact = number(cell, locale)
    return (
        f"CASE WHEN regexp_full_match({cell}, '[0-9]{{1,15}}') THEN CAST({cell} AS BIGINT) "
        f"WHEN regexp_full_match({cell}, '[0-9]{{1,3}}({group}[0-9]{{3}})+') "
        f"THEN try_cast(regexp_replace({cell}, '{group}', '', 'g') AS BIGINT) "
        f"WHEN {exact} = trunc({exact}) THEN CAST({exact} AS BIGINT) END"
    )


def _grouped(cell: str, locale: Locale) -> str:
    """Digits in groups of three, as platforms show large figures."""
    group, mark = _group(locale), locale.decimal
    digits = _dotted(f"regexp_replace({cell}, '{group}', '', 'g')", locale)
    shape = f"-?[0-9]{{1,3}}({group}[0-9]{{3}})+([{mark}][0-9]*)?"
    return f"CASE WHEN regexp_full_match({cell}, '{shape}') THEN try_cast({digits} AS {_QUICK}) END"


def _group(locale: Locale) -> str:
    """What this file's language puts between groups of three digits, as a pattern."""
    return "," if locale.decimal == "." else "[ \u00a0\u202f]"


def _dotted(text: str, locale: Locale) -> str:
    return text if locale.decimal == "." else f"replace({text}, ',', '.')"
