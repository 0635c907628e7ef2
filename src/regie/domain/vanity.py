"""Objectives that flatter: what was bought, or what a platform says of itself, is no business.

Each refusal says why, and proposes what to aim at instead.
"""

from __future__ import annotations

import re
import unicodedata

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Metric, Ratio, Sum
from regie.kernel.i18n import Sentence, _, say

BUSINESS_FACTS = {"orders", "leads", "calls"}
BOUGHT = ("spend", "impressions", "cpm")  # more of it says that more was paid
AWARE = ("visits", "engagements")  # nobody visits or answers who has not noticed

_BOUGHT = _("Displays are bought: more of them says that more was paid.")
_ATTENTION = _("Clicks, views and reactions are attention, and no customer yet.")
_CLAIMED = _("A platform attributes these to itself, and two of them may claim the same.")
_MEANS = _("Visits are a means: an organisation lives on what they bring.")
WHY = {
    **dict.fromkeys(("spend", "impressions", "cpm"), _BOUGHT),
    **dict.fromkeys(("visits", "key_events", "conversion_rate", "bounce_transaction",
                     "bounce_ga4", "bounce_single_page", "social_visits", "social_visit_share"),
                    _MEANS),
}  # fmt: skip
BETTER = {
    "spend": ("roas", "cpa"), "cpm": ("cpa", "roas"), "cpc": ("cpa", "roas"),
    "cpl": ("cpl_received", "cpa"), "leads": ("leads_received", "orders"),
    "conversions": ("orders", "leads_received"), "conversion_value": ("revenue", "orders"),
    "total_revenue": ("revenue", "orders"), "roas_claimed": ("roas", "revenue"),
    "acos": ("tacos", "roas"), "call_clicks": ("calls", "orders"),
}  # fmt: skip
USUAL = ("orders", "leads_received")

DISPLAYS = r"impressions?|affichages?|displays?"
ATTENTION = r"likes?|j['’ ]aime|followers?|abonnes?|fans?|vues?|views?|portee|reach|couverture"
AWARENESS = r"notoriete|awareness"


def is_business(name: str) -> bool:
    """Whether the organisation lives on it: orders, revenue, contacts, calls, or their cost."""
    one = metric(name)
    if isinstance(one, Ratio):
        parts = [metric(one.numerator), metric(one.denominator)]
        return any(map(_is_own, parts)) and not any(map(_is_claimed, parts))
    return _is_own(one)


def _is_own(one: Metric) -> bool:
    return isinstance(one, Sum) and one.fact in BUSINESS_FACTS and not one.claimed


def _is_claimed(one: Metric) -> bool:
    return isinstance(one, Sum) and one.claimed


def why(name: str) -> Sentence:
    """Why ``name`` is no business objective."""
    one = metric(name)
    parts = [metric(one.numerator), metric(one.denominator)] if isinstance(one, Ratio) else [one]
    return Sentence(WHY.get(name, _CLAIMED if any(map(_is_claimed, parts)) else _ATTENTION))


def better(name: str) -> tuple[str, str]:
    """Two business metrics to aim at in the place of ``name``."""
    first, second = BETTER.get(name, USUAL)
    return first, second


def instead(names: tuple[str, str]) -> Sentence:
    first, second = (Sentence(metric(one).label) for one in names)
    return say(_("Aim at “{first}” or “{second}” instead."), first=first, second=second)


def of_words(words: str, *, is_business: bool, is_aware: bool) -> Sentence | None:
    """What is vain about a goal said in plain words, in French or English; None where nothing."""
    text = _plain(words)
    is_aware = is_aware or _says(AWARENESS, text)
    if _says(DISPLAYS, text) and (is_business or is_aware):
        return Sentence(_("Impressions that were bought are not awareness."))
    if _says(ATTENTION, text) and is_business:
        return Sentence(_("Likes, followers and views are attention, and no business objective."))
    return None


def _says(pattern: str, text: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", text) is not None


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold()
