"""How far an import has come and how long it still takes, from its size and the usual speed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from regie.apps.connections.selectors import ImportCard
from regie.kernel import clock

USUAL_SPEED = 6e6  # bytes a second, until files of this installation have shown their own
AT_LEAST_S = 1.0
NEVER_BEYOND = 0.95
WORTH_SAYING_S = 3


@dataclass(frozen=True)
class Advance:
    percent: int
    left: str


def advance(found: ImportCard, speed: float | None) -> Advance:
    if found.progress == 0 or found.started_at is None:
        return Advance(0, gettext("waiting for its turn"))
    gone = max((clock.now() - found.started_at).total_seconds(), 0.0)
    expected = AT_LEAST_S + found.bytes / (speed or USUAL_SPEED)
    share = max(found.progress, min(NEVER_BEYOND, gone / expected))
    if found.stop_asked:
        return Advance(round(share * 100), gettext("stopping"))
    return Advance(round(share * 100), _words(expected - gone, expected))


def _words(left: float, expected: float) -> str:
    if expected < WORTH_SAYING_S:
        return ""
    if left < 1:
        return gettext("a moment more")
    if left < 60:
        seconds = round(left)
        return ngettext(
            "about {count} second left", "about {count} seconds left", seconds
        ).format(count=seconds)  # fmt: skip
    minutes = round(left / 60)
    return ngettext(
        "about {count} minute left", "about {count} minutes left", minutes
    ).format(count=minutes)  # fmt: skip
