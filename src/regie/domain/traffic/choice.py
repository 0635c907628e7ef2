"""A visitor's choice from all that speaks of it: the page, two strings of the IAB, the browser.

The strictest counts: a signal or an opt-out goes before any yes, and a string that cannot be read
is not one.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from regie.domain.traffic.gpp import Privacy, read_gpp

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
    strings = [one for one in (_text(said, "tcf"), platform.tcf) if one]
    granted = said.get("granted") is True
    modes = {mode_of(granted=granted, tcf=one, refuses_sharing=refuses) for one in strings or [""]}
    mode = CONSENTED if modes == {CONSENTED} else EXEMPT
    if strings:
        return Choice(mode, _purposes(strings))
    if mode == EXEMPT:
        return Choice(mode)
    wanted = NEEDED | (ADVERTISING if said.get("ads") is True else frozenset())
    return Choice(mode, tuple(sorted(wanted)))


def _purposes(strings: list[str]) -> tuple[int, ...]:
    """Those that every string says yes to."""
    try:
        said = [purposes(one) for one in strings]
    except UnreadableConsent:
        return ()
    return tuple(sorted(frozenset.intersection(*said)))


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
