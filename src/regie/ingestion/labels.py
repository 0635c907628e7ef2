"""Compares the labels of columns as a person would: without case, accents or kinds of space."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_MOJIBAKE = re.compile("[ÃÂâ][\u0080-\u00bf\u2018-\u201f\u20ac™‰Š‹ŒŽš›œžŸ©¨ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ ]")


def repair(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 and saved again (``dÃ©pensÃ©``)."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


@lru_cache(maxsize=4096)
def normal(label: str) -> str:
    """``" Montant dépensé (EUR)"`` and ``"montant depense (eur)"`` are the same label."""
    text = repair(label).replace("’", "'").replace("`", "'").replace("´", "'")
    text = _DASHES.sub("-", text)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    return _SPACES.sub(" ", text).strip().strip("\ufeff").casefold()


@lru_cache(maxsize=4096)
def pattern(label: str) -> re.Pattern[str]:
    """A label that may hold ``{currency}``, as a pattern over normal labels."""
    text = re.escape(normal(label)).replace(re.escape("{currency}"), "(?P<currency>[a-z]{3})")
    return re.compile(f"^{text}$")
