"""What changed against a comparison: by how much, which way, and whether that is better.

Direction is told by an arrow and a word; colour only repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regie.domain.metrics.comparison import relative
from regie.ui import figures
from regie.ui.figures import Number

FLAT = Decimal("0.0005")
HUGE = 10


@dataclass(frozen=True)
class Change:
    """``way`` is up, down, flat or none; ``verdict`` is better, worse or neutral."""

    way: str
    verdict: str
    text: str
    word: str
    before: str
    reason: str = ""

    @property
    def arrow(self) -> str:
        return {"up": "▲", "down": "▼", "flat": "="}.get(self.way, "")


def change(
    now: Number | None, before: Number | None, *, unit: str, better: str, currency: str = ""
) -> Change:
    was = figures.exact(before, unit, currency)
    if now is None or before is None:
        return Change("none", "neutral", figures.MISSING, "", was, _nothing_beside(now))
    # A rate moves by points: "+10 %" of a rate of 2 % would be read two ways.
    moved = Decimal(now) - Decimal(before) if unit == "share" else relative(now, before)
    if moved is None:
        return Change("none", "neutral", figures.MISSING, "", was, _("It was zero before."))
    way = _way(moved)
    verdict = _verdict(way, better)
    return Change(way, verdict, _text(moved, unit), _word(verdict, way), was)


def _nothing_beside(now: Number | None) -> str:
    if now is None:
        return _("No figure for this period.")
    return _("Nothing to compare with.")


def _way(moved: Decimal) -> str:
    if abs(moved) < FLAT:
        return "flat"
    return "up" if moved > 0 else "down"


def _verdict(way: str, better: str) -> str:
    if way == "flat" or better not in {"higher", "lower"}:
        return "neutral"
    return "better" if (way == "up") == (better == "higher") else "worse"


def _text(moved: Decimal, unit: str) -> str:
    sign = "" if abs(moved) < FLAT else ("+" if moved > 0 else "−")
    size = abs(moved)
    if unit == "share":
        # Translators: abbreviation of "percentage points".
        return f"{sign}{figures.decimal(size * 100, digits=2)}{figures.NO_BREAK}" + pgettext(
            "percentage points", "pt"
        )
    if size > HUGE:
        return f"×{figures.decimal(size + 1, digits=0)}" if moved > 0 else sign
    return sign + figures.percent(size, digits=1)


def _word(verdict: str, way: str) -> str:
    if verdict == "better":
        return _("better")
    if verdict == "worse":
        return _("worse")
    return _("stable") if way == "flat" else ""
