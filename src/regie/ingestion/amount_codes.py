"""Amounts written with the code of their currency: ``1 234,56 EUR``, ``USD 12.5``.

The code says nothing new where it is that of the file or of the line; any other is a contradiction,
and the amount is refused: to take dollars for euros would be worse than to leave them out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from regie.kernel.money import is_currency

ANY = "[a-z]{3}"
_FIGURE = r"[0-9][0-9.,]*(?:e[+-]?[0-9]+)?"
_CODED = re.compile(rf"[+-]?(?:({ANY})[+-]?{_FIGURE}|{_FIGURE}({ANY}))", re.IGNORECASE)
_SPACES = re.compile(r"[\s'’]")


def code_in(cell: str) -> str:
    """The code that stands before or after the figure of ``cell``, in capitals; else nothing."""
    found = _CODED.fullmatch(_SPACES.sub("", cell.replace("−", "-")))
    return (found[1] or found[2]).upper() if found else ""


def stated_in(cells: Iterable[str]) -> str:
    """The currency that most of ``cells`` carry; nothing where none does."""
    codes = Counter(code for code in map(code_in, cells) if code and is_currency(code))
    return max(codes, key=lambda code: codes[code], default="")


def without(code: str, bare: str) -> str:
    """SQL: ``bare``, a cell without spaces, less ``code`` (a pattern) at one of its ends."""
    return f"regexp_replace({bare}, '(?i)^([+-]?)(?:{code})|(?:{code})$', '\\1')"


def code_of(bare: str) -> str:
    """SQL: ``code_in`` of ``bare``, a cell without spaces; NULL where there is none."""
    ahead = f"regexp_extract({bare}, '(?i)^[+-]?({ANY})[+-]?{_FIGURE}$', 1)"
    behind = f"regexp_extract({bare}, '(?i)^[+-]?{_FIGURE}({ANY})$', 1)"
    return f"upper(coalesce(nullif({ahead}, ''), nullif({behind}, '')))"
