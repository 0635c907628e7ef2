"""Figures of files that name no account stand under one account of their platform without a name.

The person is told so, and can still say which account they are of.
"""

from __future__ import annotations

from collections.abc import Sequence

from regie.apps.assets.selectors import AssetCard
from regie.apps.connections.models import State
from regie.domain.platforms import UNNAMED, name_of
from regie.kernel.i18n import Sentence, _, say

OWN = "own"  # our own plain files are of no platform, and ask for no account


def is_unnamed(card: AssetCard) -> bool:
    """Whether neither a file nor a person has said what account this is."""
    return not card.external_id and not card.called and card.platform != OWN


def told(state: str, needs: Sequence[str], platform: str) -> Sentence | None:
    """What to tell of an import whose figures are under an account without a name."""
    if state != State.PUBLISHED or "account" not in needs:
        return None
    return say(
        _("This file names no account: its figures stand under “{label}” of {platform}. Say which "
          "account it is of, and they move there."),
        label=Sentence(UNNAMED),
        platform=name_of(platform),
    )  # fmt: skip
