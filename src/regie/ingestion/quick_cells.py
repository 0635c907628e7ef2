"""Answers the cells that are plainly what they should be, and leaves the others to ``parsing``.

Almost every cell of a large file is plain, so these tests decide what an import costs. Only lazy
branches keep the patient reading away from plain cells: see ``warehouse.engine.scratch``.
"""

from __future__ import annotations

from regie.ingestion import parsing
from regie.ingestion.parsing import NULLS, Locale

# Text becomes a decimal of 18 digits fifty times faster than one of 20; few figures are longer.
_QUICK = "DECIMAL(18,9)"
_EXACT = "DECIMAL(20,9)"
# Tokens that begin like a name; the others begin below "." or above the last plain character.
_WORDY_NULLS = ", ".join(f"'{nothing}'" for nothing in NULLS if nothing > "." and nothing.isascii())


def text(cell: str) -> str:
    """A name without spaces at its ends, or NULL for a token that means nothing."""
    plain = (
        f"{cell} >= '.' AND {cell} < chr(160) AND {cell} NOT IN ({_WORDY_NULLS}) "
        f"AND NOT ends_with({cell}, ' ')"
    )
    return f"CASE WHEN {plain} THEN {cell} ELSE {parsing.text(cell)} END"


def identifier(cell: str) -> str:
    """A whole number as it is written; anything else may be damaged, or a resource name."""
    plain = f"CAST(try_cast({cell} AS BIGINT) AS VARCHAR) = {cell}"
    return f"CASE WHEN {plain} THEN {cell} ELSE {parsing.identifier(cell)} END"


def number(cell: str, locale: Locale) -> str:
    """An exact decimal, or NULL where the cell holds no number in this file's way of writing."""
    other = "_" if locale.decimal == "." else "."
    plain = f"CASE WHEN contains({cell}, '_') OR contains({cell}, '{other}') THEN NULL"
    read = f"try_cast({_dotted(cell, locale)} AS {_QUICK})"
    return (
        f"coalesce(CAST(coalesce({plain} ELSE {read} END, {_grouped(cell, locale)}) AS {_EXACT}), "
        f"{parsing.number(cell, locale, _EXACT)})"
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
