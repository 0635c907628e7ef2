"""A secret in three parts, of which any two give it back and one alone tells nothing at all.

Shamir's scheme for two of three: the secret is where a straight line of a prime field crosses
the axis, a part is one point of it (Shamir, "How to share a secret", 1979). A part is written in
letters and digits that are not mistaken for one another, and carries a check against typing slips.
"""

from __future__ import annotations

import hashlib
import secrets

PRIME = 2**127 - 1
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")
_BODY, _CHECK, _GROUP = 26, 4, 5


class NotAPart(ValueError):
    """What was typed is no part, or has a slip in it."""


def new_secret() -> int:
    return secrets.randbelow(PRIME)


def split(secret: int, *, slope: int | None = None) -> tuple[str, str, str]:
    """Three parts of ``secret`` (0 up to ``PRIME``); the slope is drawn where none is given."""
    if not 0 <= secret < PRIME:
        raise ValueError("the secret is outside the field")
    steep = secrets.randbelow(PRIME) if slope is None else slope % PRIME
    first, second, third = (_write(x, (secret + steep * x) % PRIME) for x in (1, 2, 3))
    return first, second, third


def join(one: str, other: str) -> int:
    """The secret of which these are two parts; two parts of different secrets give nonsense."""
    (x1, y1), (x2, y2) = _read(one), _read(other)
    if x1 == x2:
        raise NotAPart("this is the same part twice")
    return (y1 * x2 - y2 * x1) * pow(x2 - x1, -1, PRIME) % PRIME


def digest(secret: int) -> str:
    """What is kept of a secret: 127 random bits need no slow digest."""
    return hashlib.sha256(b"two of three:" + secret.to_bytes(16, "big")).hexdigest()


def _write(x: int, y: int) -> str:
    body = _in_digits((x << 127) | y, _BODY)
    text = body + _check(body)
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _read(text: str) -> tuple[int, int]:
    plain = "".join(text.upper().split()).replace("-", "").translate(_ALIKE)
    if len(plain) != _BODY + _CHECK or any(one not in _DIGITS for one in plain):
        raise NotAPart("a part has thirty letters and digits")
    body, check = plain[:_BODY], plain[_BODY:]
    number = 0
    for one in body:
        number = number * 32 + _DIGITS.index(one)
    x, y = number >> 127, number & PRIME
    if _check(body) != check or x not in (1, 2, 3) or y >= PRIME:
        raise NotAPart("a letter of this part is wrong")
    return x, y


def _check(body: str) -> str:
    return _in_digits(int.from_bytes(hashlib.sha256(body.encode()).digest()[:3]) >> 4, _CHECK)


def _in_digits(number: int, length: int) -> str:
    digits = []
    for _place in range(length):
        number, rest = divmod(number, 32)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits))
