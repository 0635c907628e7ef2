"""Where leads and calls come from, in GA4's words for channels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from regie.demo.stories import NATIONAL_BRAND_CAMPAIGN


@dataclass(frozen=True, slots=True)
class Origin:
    """A channel, its source and medium; ``evening`` is its weight once evenings turn social."""

    channel: str
    source: str
    medium: str
    campaign: str = ""
    weight: float = 1.0
    evening: float = 1.0
    local: bool = False

    def named(self, campaign: str) -> Origin:
        return replace(self, campaign=campaign)


ORIGINS = (
    Origin("Paid Search", "google", "cpc", "", 17, 8, local=True),
    Origin("Paid Search", "google", "cpc", NATIONAL_BRAND_CAMPAIGN, 14, 6),
    Origin("Paid Search", "google", "cpc", "GI_Assurance auto | Générique", 9, 5),
    Origin("Paid Search", "google", "cpc", "GI_Assurance habitation | Générique", 7, 4),
    Origin("Paid Search", "google", "cpc", "GI_Longue traîne", 5, 3),
    Origin("Paid Search", "bing", "cpc", "MS_Assurance auto", 3, 2),
    Origin("Organic Search", "google", "organic", "", 19, 11),
    Origin("Organic Search", "bing", "organic", "", 2, 1),
    Origin("Direct", "(direct)", "(none)", "", 9, 6),
    Origin("Paid Social", "facebook", "paid", "FR_Prospection_Vidéo", 4, 22),
    Origin("Paid Social", "facebook", "paid", "FR_Assurance auto_Jeunes", 3, 16),
    Origin("Paid Social", "tiktok", "paid", "TT_Premier appartement", 1, 9),
    Origin("Paid Social", "linkedin", "paid", "Dirigeants de PME, France", 1.5, 1),
    Origin("Email", "newsletter", "email", "Lettre mensuelle", 3, 3),
    Origin("Referral", "comparateur.example", "referral", "", 2.5, 3),
)

CALL_ORIGINS = (
    Origin("Organic Search", "google", "organic", "", 5),
    Origin("Paid Search", "google", "cpc", NATIONAL_BRAND_CAMPAIGN, 3),
    Origin("Direct", "(direct)", "(none)", "", 2),
)


@cache
def origins_of(*, social: bool) -> tuple[tuple[Origin, ...], tuple[float, ...]]:
    """The origins of web leads and their weights, on an ordinary day or on a social evening."""
    return ORIGINS, tuple(one.evening if social else one.weight for one in ORIGINS)
