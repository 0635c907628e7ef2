"""A member is four digests and nothing else: the address and the number are never kept.

Platforms hash the same way (SHA-256, hexadecimal) and differ in what they do before it. Meta's and
TikTok's published examples are in the tests.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})


class NotAnAddress(ValueError):
    """The text is neither an e-mail address nor a digest."""


class NotAPhone(ValueError):
    """The text is not a telephone number of its country."""


@dataclass(frozen=True)
class Member:
    """SHA-256 of each form, as bytes; ``None`` where the form is not known.

    ``email``: lower case, without blanks. ``email_dotless``: the same, without the points that
    Gmail ignores. ``phone_plus``: E.164 (+33612345678). ``phone_digits``: without the sign.
    """

    email: bytes | None = None
    email_dotless: bytes | None = None
    phone_plus: bytes | None = None
    phone_digits: bytes | None = None

    @property
    def key(self) -> bytes:
        """What makes two entries the same member: the e-mail, else the telephone."""
        return self.email or self.phone_plus or self.phone_digits or b""


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def email_forms(text: str) -> tuple[bytes, bytes]:
    """The digests of an address: as it is, and without the points that Gmail ignores.

    A text of 64 hexadecimal digits is taken as a digest already made; it stands for both forms,
    which are the same outside Gmail. Raises ``NotAnAddress``.
    """
    address = "".join(text.split()).lower()
    if _DIGEST.fullmatch(address):
        made = bytes.fromhex(address)
        return made, made
    if not _ADDRESS.fullmatch(address):
        raise NotAnAddress(text)
    name, _, domain = address.rpartition("@")
    dotless = f"{name.replace('.', '')}@{domain}" if domain in _DOTLESS else address
    return digest(address), digest(dotless)


def phone_forms(text: str, country: str) -> tuple[bytes, bytes | None]:
    """The digests of a number with and without its plus sign.

    ``country`` (ISO 3166, two letters) completes national numbers such as 06 12 34 56 78. A digest
    already made is kept as the form with the sign. Raises ``NotAPhone``.
    """
    if _DIGEST.fullmatch(text.strip().lower()):
        return bytes.fromhex(text.strip()), None
    import phonenumbers  # large: only who has a number to read loads it

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise NotAPhone(text) from error
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone(text)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return digest(written), digest(written.removeprefix("+"))


def member(email: str, phone: str, country: str) -> Member:
    """A member from what a line says. Raises ``NotAnAddress``, ``NotAPhone``."""
    address, dotless = email_forms(email) if email.strip() else (None, None)
    plus, digits = phone_forms(phone, country) if phone.strip() else (None, None)
    return Member(address, dotless, plus, digits)
