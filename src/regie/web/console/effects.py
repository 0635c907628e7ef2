"""Who gains and who loses what, as the table that every trial shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regie.apps.access.selectors import Effect
from regie.apps.assets import selectors as assets
from regie.web.console.asset_words import effect_rows


def rows_of(effects: Sequence[Effect]) -> list[dict[str, Any]]:
    cards = assets.cards({one.asset_id for one in effects})
    return effect_rows(
        effects, {one.key: one.family for one in cards}, {one.key: one.label for one in cards}
    )
