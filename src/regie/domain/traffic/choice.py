"""A visitor's choice from all that speaks of it: the page, the strings of the IAB, the browser.

The strictest counts: a signal or an opt-out goes before any yes, and a string that cannot be read
is not one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regie.domain.traffic.consent import (
    ADVERTISING,
    CONSENTED,
    EXEMPT,
    NEEDED,
    UnreadableConsent,
    mode_of,
    purposes,
)
from regie.domain.traffic.gpp import Privacy, canadian_purposes, read_gpp

NOTHING_SAID = Privacy((), "", opted_out=False)


@dataclass(frozen=True)
class Choice:
    """``mode`` is ``CONSENTED`` or ``EXEMPT``; ``purposes`` are those of the TCF, in order."""

    mode: str
    purposes: tuple[int, ...] = ()


def choice(said: Mapping[str, Any], *, signal: bool) -> Choice:
    """``said`` is what an event tells of consent: ``granted``, ``ads``, ``gpc``, ``tcf``, ``gpp``.

    ``signal`` is the browser's own (GPC), as a header.
    """
    try:
        platform = read_gpp(text) if (text := _text(said, "gpp")) else NOTHING_SAID
    except UnreadableConsent:
        return Choice(EXEMPT)
    refuses = signal or said.get("gpc") is True or platform.opted_out
    strings = [_purposes(purposes, one) for one in (_text(said, "tcf"), platform.tcf) if one]
    if platform.canada:
        strings.append(_purposes(canadian_purposes, platform.canada))
    if strings:
        agreed = frozenset.intersection(*strings)
        mode = CONSENTED if agreed >= NEEDED and not refuses else EXEMPT
        return Choice(mode, tuple(sorted(agreed)))
    mode = mode_of(granted=said.get("granted") is True, tcf="", refuses_sharing=refuses)
    if mode == EXEMPT:
        return Choice(mode)
    wanted = NEEDED | (ADVERTISING if said.get("ads") is True else frozenset())
    return Choice(mode, tuple(sorted(wanted)))


def _purposes(read: Callable[[str], frozenset[int]], text: str) -> frozenset[int]:
    """Those that a string says yes to: none where it cannot be read."""
    try:
        return read(text)
    except UnreadableConsent:
        return frozenset()


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
