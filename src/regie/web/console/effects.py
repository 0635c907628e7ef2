"""Who gains and who loses what, as the table and the sentences that every trial shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import ngettext

from regie.apps.access.selectors import Effect, Effects
from regie.apps.assets import selectors as assets
from regie.ui.templatetags.ui import count as written
from regie.web.console.asset_words import effect_rows

SHOWN = 200


class EffectRows(list[dict[str, Any]]):
    """The first rows of the table; ``sentences`` and ``number`` tell of all the changes."""

    def __init__(
        self, rows: Sequence[dict[str, Any]], sentences: Sequence[str], number: int
    ) -> None:
        super().__init__(rows)
        self.sentences = sentences
        self.number = number


def rows_of(effects: Sequence[Effect]) -> EffectRows:
    first = effects[:SHOWN]
    cards = assets.cards({one.asset_id for one in first})
    rows = effect_rows(
        first, {one.key: one.family for one in cards}, {one.key: one.label for one in cards}
    )
    return EffectRows(rows, _sentences(effects), len(effects))


def _sentences(effects: Sequence[Effect]) -> list[str]:
    """How many people lose, and gain, something, and on how many accounts."""
    all_of_them = effects if isinstance(effects, Effects) else Effects(effects)
    losses = [one for one in all_of_them.held if one.lost]
    gains = [one for one in all_of_them.held if one.gained]
    told = []
    if losses:
        said = ngettext(
            "{number} person loses something, on {accounts}.",
            "{number} people lose something, on {accounts}.",
            _people(losses),
        )
        told.append(_filled(said, losses, all_of_them))
    if gains:
        said = ngettext(
            "{number} person gains something, on {accounts}.",
            "{number} people gain something, on {accounts}.",
            _people(gains),
        )
        told.append(_filled(said, gains, all_of_them))
    return told


def _people(effects: Sequence[Effect]) -> int:
    return len({one.user_id for one in effects})


def _filled(said: str, effects: Sequence[Effect], among: Effects) -> str:
    count = among.accounts_with(effects)
    accounts = ngettext("{number} account or page", "{number} accounts and pages", count)
    return said.format(
        number=written(_people(effects)), accounts=accounts.format(number=written(count))
    )
