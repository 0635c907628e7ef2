"""What changed in each row of a table: sign and arrow say it, colour only repeats it.

A row that only one of the two periods has is called new or gone; what is missing is never zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.metrics.catalog import all_metrics
from regie.domain.metrics.comparison import GONE, NEW, difference, standing
from regie.domain.metrics.query import BEFORE, CHANGE
from regie.ui import figures
from regie.ui.changes import Change, change


@dataclass(frozen=True)
class Move:
    """``text`` stands under the figure, ``said`` when one points at it."""

    text: str
    said: str
    arrow: str = ""
    verdict: str = "neutral"


def move(row: Mapping[str, Any], name: str, kind: str, currency: str) -> Move | None:
    """What changed of one figure; None where nothing is to be said. ``kind`` is its standing."""
    now, before, one = row.get(name), row.get(f"{name}{BEFORE}"), all_metrics()[name]
    if before is None:
        # The row itself is called new: to say so of each figure would be noise.
        is_news = now is not None and kind != NEW
        return Move(_("new"), _("No figure in the period compared with.")) if is_news else None
    was = _("was {figure}").format(figure=figures.exact(before, one.unit, currency))
    if now is None:
        return Move(was, _("No figure for this period."))
    found = change(now, before, unit=one.unit, better=one.better, currency=currency)
    if found.way == "none":  # it was zero: no percentage says by how much it grew
        return _by_amount(Decimal(now) - Decimal(before), found, was, one.unit, currency)
    word = f" ({found.word})" if found.word else ""
    return Move(found.text, was + word, found.arrow, found.verdict)


def _by_amount(moved: Decimal, found: Change, was: str, unit: str, currency: str) -> Move:
    text = figures.signed(moved, lambda size: figures.exact(size, unit, currency))
    return Move(text, was, "▲" if moved > 0 else "▼", found.verdict)


def standing_word(kind: str) -> tuple[str, str]:
    """A word for a row that one of the two periods lacks, and what it means."""
    if kind == NEW:
        return _("new"), _("Not in the period compared with.")
    if kind == GONE:
        return _("gone"), _("Only in the period compared with.")
    return "", ""


def sorting_value(row: Mapping[str, Any], key: str, names: Sequence[str]) -> Decimal | None:
    """What a row is sorted by, a figure or by how much it changed."""
    name = key.removesuffix(CHANGE)
    found = row.get(name) if name == key else difference(row, name, standing(row, names))
    return None if found is None else Decimal(found)
