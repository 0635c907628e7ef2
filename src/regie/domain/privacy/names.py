"""What names one person: each identifier as it may be written, and the digests made of it.

A telling name (an address, a number of eight digits, a long key) is sought anywhere in a text. A
short one, such as the customer number 42, is sought only where a customer number stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote, quote_plus

from regie.domain.audiences.members import NotAnAddress, NotAPhone, email_forms, phone_forms

LEAST_TELLING: Final = 8
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{32,128}")
_HASHES: Final = ("md5", "sha1", "sha256")
# What may stand beside a name without being part of it.
_BEFORE, _AFTER = r"(?<![\w.+\-@])", r"(?![\w\-@]|\.\w)"


@dataclass(frozen=True)
class Names:
    """``plain`` as they are written, ``digests`` in lower hexadecimal, without repeats."""

    plain: frozenset[str]
    digests: frozenset[str]

    def __or__(self, other: Names) -> Names:
        return Names(self.plain | other.plain, self.digests | other.digests)

    def __bool__(self) -> bool:
        return bool(self.plain or self.digests)

    @property
    def telling(self) -> frozenset[str]:
        return frozenset(one for one in self.plain if is_telling(one)) | self.digests

    @property
    def all(self) -> frozenset[str]:
        return self.plain | self.digests

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds every telling name in a text, whatever its case; ``None`` where there is none."""
        written = {form for one in self.telling for form in spellings(one)}
        if not written:
            return None
        longest_first = sorted(written, key=lambda one: (-len(one), one))
        return re.compile(
            _BEFORE + "(?:" + "|".join(re.escape(one) for one in longest_first) + ")" + _AFTER,
            re.IGNORECASE,
        )


NOBODY: Final = Names(frozenset(), frozenset())


def is_telling(name: str) -> bool:
    return "@" in name or len(name) >= LEAST_TELLING


def spellings(name: str) -> set[str]:
    """A name as texts, addresses of pages and JSON write it."""
    return {name, quote(name, safe=""), quote_plus(name), _in_json(name)}


def _in_json(name: str) -> str:
    return "".join(
        one if one.isascii() and one not in '"\\' else f"\\u{ord(one):04x}" for one in name
    )


def names_of(texts: Iterable[str], *, country: str = "FR") -> Names:
    """All that names whoever is called by one of ``texts``: an address, a number, a key, a digest.

    ``country`` completes national telephone numbers.
    """
    found = NOBODY
    for text in texts:
        found |= _names(text.strip(), country)
    return found


def _names(text: str, country: str) -> Names:
    if not text:
        return NOBODY
    if _DIGEST.fullmatch(text):
        return Names(frozenset(), frozenset({text.lower()}))
    plain = {text}
    digests: set[str] = set()
    try:
        digests |= {one.hex() for one in email_forms(text)}
        plain.add("".join(text.split()).lower())
    except NotAnAddress:
        plain |= _phone(text, country)
    with suppress(NotAPhone):
        digests |= {one.hex() for one in phone_forms(text, country) if one}
    for one in tuple(plain):
        for said in {one, one.lower()}:
            digests |= {hashlib.new(name, said.encode()).hexdigest() for name in _HASHES}
    return Names(frozenset(plain), frozenset(digests))


def _phone(text: str, country: str) -> set[str]:
    """A telephone number as people and programs write it."""
    import phonenumbers  # large: only who has a number to read loads it

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return set()
    if not phonenumbers.is_valid_number(number):
        return set()
    formats = phonenumbers.PhoneNumberFormat
    written = {
        phonenumbers.format_number(number, one)
        for one in (formats.E164, formats.INTERNATIONAL, formats.NATIONAL)
    }
    bare = {"".join(re.findall(r"\d", one)) for one in written}
    return written | bare
