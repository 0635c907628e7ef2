"""Codes that people print, read aloud and type: two that sound or look alike are one."""

from __future__ import annotations

import re
import secrets
import unicodedata

# Neither vowels, so that no word comes out, nor signs that are taken for others.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,63}")
# Letters that no decomposition takes apart.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})


def fold(text: str) -> str:
    """What a code is compared by: no case, accents, spaces or dashes; Œ is OE, O is 0, I and L 1.

    >>> fold(" salon-25 ") == fold("SALON 25") == fold("Sal0n25")
    True
    """
    plain = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
    return "".join(one for one in plain if one.isalnum() and one.isascii()).translate(_ALIKE)


def several(text: str) -> tuple[str, ...]:
    """The codes that one cell names, each once, as they are written there.

    An e-mail address is no code.

    >>> several(" salon-25 , BIENVENUE; Salon 25")
    ('salon-25', 'BIENVENUE')
    """
    found: dict[str, str] = {}
    for one in re.split(r"[,;|\r\n\t]+", text):
        if fold(one) and "@" not in one:
            found.setdefault(fold(one), one.strip())
    return tuple(found.values())


def new_code(length: int = 7) -> str:
    """A code that nobody guesses and everybody can type."""
    return "".join(secrets.choice(ALPHABET) for _place in range(length))


def is_code(text: str) -> bool:
    """Whether ``text`` can stand in an address as it is."""
    return SHAPE.fullmatch(text) is not None and bool(fold(text))
