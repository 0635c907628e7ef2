"""For whom the campaigns of a shared account work: dated rules, and the one that counts each day.

A rule speaks of campaigns, of ad groups or of locations, by id, by name, by a label or by a pattern
of names. Where several speak of the same campaign on the same day, the most exact one counts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

CAMPAIGN, AD_GROUP, LOCATION = "campaign", "ad_group", "location"
LEVELS = (CAMPAIGN, AD_GROUP, LOCATION)
ID, NAME, LABEL, PATTERN = "id", "name", "label", "pattern"
WAYS = (ID, NAME, LABEL, PATTERN)  # the most exact first: this is their precedence
LONGEST = 200


@dataclass(frozen=True)
class Rule:
    """``value`` is an id, a name, a label or a pattern; ``serves`` is whom the campaigns work for.

    ``starts`` and ``ends`` are its first and last day; None leaves that side open.
    """

    id: int
    level: str
    way: str
    value: str
    serves: Hashable
    starts: date | None = None
    ends: date | None = None

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Before which others it counts: the lower, the sooner.

        By id before by name, label and pattern; of patterns the one with more letters; then the
        one that begins later; then the one that was written first.
        """
        letters = len(plain(self.value).replace("*", "")) if self.way == PATTERN else 0
        begins = self.starts.toordinal() if self.starts else 0
        return WAYS.index(self.way), -letters, -begins, self.id


@dataclass(frozen=True)
class Entity:
    """A campaign, an ad group of ``campaign`` or a location, as its account calls it now."""

    id: str
    name: str
    level: str = CAMPAIGN
    campaign: str = ""
    labels: frozenset[str] = frozenset()


def check(rule: Rule) -> Rule:
    """Raises ``WrongUse`` for what could never be understood or never match."""
    if rule.level not in LEVELS or rule.way not in WAYS:
        raise WrongUse(
            _("A rule speaks of campaigns, ad groups or locations, by id, name, label or pattern.")
        )
    if not rule.value.strip() or len(rule.value) > LONGEST:
        raise WrongUse(_("Say which campaigns: at least one letter, at most 200."))
    if rule.way == PATTERN and not plain(rule.value).replace("*", "").strip():
        raise WrongUse(
            _("A pattern of stars alone would match every campaign."),
            hint=_("Write what the names share, such as *Nantes*."),
        )
    if rule.starts and rule.ends and rule.ends < rule.starts:
        raise WrongUse(_("The last day comes before the first."))
    return rule


def plain(text: str) -> str:
    """Letters of both cases, with or without accents, are the same letters."""
    spread = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
