"""The string of the IAB's Global Privacy Platform: which laws it speaks of, and who opted out.

Read of it: the consent strings of Europe and of Canada that it may carry, and of the sections of
the United States the choices against sale, sharing and targeted advertising, with the browser's
signal (GPC). Bit places are those of IAB Tech Lab's “Global Privacy Platform String” and its
section specifications (github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform, read in
November 2026). Sections of other laws are passed over: they say neither yes nor no here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from regie.domain.traffic.consent import UnreadableConsent

LONGEST: Final = 8192
MOST_SECTIONS: Final = 64
LONGEST_NUMBER: Final = 24  # bits
EUROPE, CANADA, US_PRIVACY = 2, 5, 6
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUE: Final = {letter: value for value, letter in enumerate(_LETTERS)} | {"+": 62, "/": 63}
_HEADER_TYPE, _HEADER_VERSION = 3, 1
_CANADA_VERSION, _EXPRESS_AT, _PURPOSES, MEASURING = 1, 151, 24, 7
_OPTED_OUT = 1  # 0 says that it does not apply, 2 that the visitor did not opt out
_GPC_SEGMENT = "01"

# By section: the bit at which the choices begin, two bits each, and how many there are. What
# stands before them are the version and the notices that were given.
_CHOICES: Final[dict[int, tuple[int, int]]] = {
    7: (18, 3),  # the whole country: sale, sharing, targeted advertising
    8: (12, 2),  # California: sale, sharing
    # Sale and targeted advertising, after three notices …
    **dict.fromkeys((9, 10, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23), (12, 2)),
    **dict.fromkeys((11, 18), (14, 2)),  # … after four …
    **dict.fromkeys((24, 25, 26, 27), (28, 2)),  # … after numbers of section, version, agreement
}


@dataclass(frozen=True)
class Privacy:
    """``tcf``, of Europe, and ``canada`` are consent strings, or empty; ``opted_out`` is of any
    law's section."""

    sections: tuple[int, ...]
    tcf: str
    opted_out: bool
    canada: str = ""


def read_gpp(text: str) -> Privacy:
    """What a GPP string says. Raises ``UnreadableConsent`` for what is none, or is cut short."""
    if len(text) > LONGEST:
        raise UnreadableConsent("too long")
    header, *sections = text.split("~")
    numbers = tuple(_sections(_bits(header)))
    if len(numbers) != len(sections):
        raise UnreadableConsent("other sections than the header names")
    said = dict(zip(numbers, sections, strict=True))
    if "" in {said.get(EUROPE), said.get(CANADA)}:
        raise UnreadableConsent("an empty section")
    opted_out = any(_opts_out(number, section) for number, section in said.items())
    return Privacy(numbers, said.get(EUROPE, ""), opted_out, said.get(CANADA, ""))


def canadian_purposes(text: str) -> frozenset[int]:
    """The purposes to which Canada's section says yes, by express consent: implied is none.

    Purpose 1 is not asked for there: who agrees to be measured agrees to what measuring stores.
    Raises ``UnreadableConsent``.
    """
    bits = _bits(text.partition(".")[0])
    express = bits[_EXPRESS_AT : _EXPRESS_AT + _PURPOSES]
    if len(express) < _PURPOSES or int(bits[:6], 2) != _CANADA_VERSION:
        raise UnreadableConsent("not Canada's string of version 1")
    said = frozenset(place for place, bit in enumerate(express, 1) if bit == "1") - {1}
    return said | {1} if MEASURING in said else said


def _sections(bits: str) -> Iterator[int]:
    """The numbers of the header: single ones and groups, each by its distance from the last."""
    if len(bits) < 24 or int(bits[:6], 2) != _HEADER_TYPE or int(bits[6:12], 2) != _HEADER_VERSION:
        raise UnreadableConsent("not a header of version 1")
    items, place, last, count = int(bits[12:24], 2), 24, 0, 0
    for _item in range(items):
        is_group = bits[place : place + 1] == "1"
        offset, place = _fibonacci(bits, place + 1)
        length = 0
        if is_group:
            length, place = _fibonacci(bits, place)
        count += length + 1
        if count > MOST_SECTIONS:
            raise UnreadableConsent("too many sections")
        yield from range(last + offset, last + offset + length + 1)
        last += offset + length


def _fibonacci(bits: str, place: int) -> tuple[int, int]:
    """A whole number that ends with two ones in a row, and the place after it."""
    end = bits.find("11", place, place + LONGEST_NUMBER)
    if end < 0:
        raise UnreadableConsent("a number without end")
    value, one, other = 0, 1, 2
    for bit in bits[place : end + 1]:
        value += one if bit == "1" else 0
        one, other = other, one + other
    return value, end + 2


def _opts_out(number: int, section: str) -> bool:
    if number == US_PRIVACY:
        return _us_privacy(section)
    if number not in _CHOICES:
        return False
    core, *segments = section.split(".")
    start, count = _CHOICES[number]
    bits = _bits(core)
    if len(bits) < start + 2 * count:
        raise UnreadableConsent(f"section {number} is cut short")
    choices = [int(bits[at : at + 2], 2) for at in range(start, start + 2 * count, 2)]
    return _OPTED_OUT in choices or any(_has_signal(_bits(one)) for one in segments)


def _has_signal(bits: str) -> bool:
    return bits[:2] == _GPC_SEGMENT and bits[2:3] == "1"


def _us_privacy(section: str) -> bool:
    """California's first form, four letters: version, notice, opted out, agreement."""
    if len(section) != 4 or section[0] != "1" or set(section[1:].upper()) - set("YN-"):
        raise UnreadableConsent("not a string of US privacy")
    return section[2].upper() == "Y"


def _bits(text: str) -> str:
    """Six bits for each letter, filled up with zeros by whoever wrote it."""
    try:
        return "".join(f"{_VALUE[letter]:06b}" for letter in text.rstrip("="))
    except KeyError as error:
        raise UnreadableConsent("not base64") from error
