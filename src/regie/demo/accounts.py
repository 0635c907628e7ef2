"""The ad accounts of the network and what runs in them; prices are in minor units (cents)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from regie.demo import stories
from regie.demo.network import (
    OUTSIDER_SLUG,
    SLUG,
    DemoOrganisation,
    of_kind,
    organisation,
)
from regie.demo.seed import identifier


@dataclass(frozen=True)
class Ad:
    """One creative in its ad group, with its share of the campaign's spend."""

    group: str
    name: str
    share: float = 1.0


@dataclass(frozen=True)
class Campaign:
    """What a campaign buys: a day's spend, at which price, and what it claims to bring."""

    name: str
    daily: int
    cpc: int
    ctr: float
    claimed_rate: float = 0.04
    claimed_value: int = 4_000
    group: str = ""
    ads: tuple[Ad, ...] = (Ad("", ""),)
    id: str = ""


@dataclass(frozen=True)
class AdAccount:
    """One account of one platform, owned by one organisation."""

    platform: str
    organisation: str
    id: str
    name: str
    currency: str
    timezone: str
    campaigns: tuple[Campaign, ...]
    style: str = "en"


@cache
def accounts() -> tuple[AdAccount, ...]:
    """Every ad account of the demo."""
    return (
        *_national(),
        *(_regional_meta(region, n) for n, region in enumerate(of_kind("region"))),
        *(_local_google(agency, n) for n, agency in enumerate(of_kind("franchisee"))),
        _outsider(),
    )


_GOOGLE = (
    Campaign(stories.NATIONAL_BRAND_CAMPAIGN, 9_000, 42, 0.21, 0.11),
    Campaign("GI_Assurance auto | Générique", 16_000, 265, 0.041),
    Campaign("GI_Assurance habitation | Générique", 11_000, 190, 0.046),
    Campaign("GI_Mutuelle santé", 7_500, 230, 0.038),
    Campaign("GI_Longue traîne", 4_200, 88, 0.062, 0.06),
    Campaign("GI_Performance Max", 9_500, 74, 0.018, 0.02),
    Campaign("GI_Concurrents", 2_600, 310, 0.024, 0.015),
)
_META = (
    Campaign(
        "FR_Prospection_Vidéo", 10_500, 58, 0.013, 0.002, 42_000,
        ads=(
            Ad("Familles 30-45", stories.TIRED_AD, 0.6),
            Ad("Similaires 1 %", "Vidéo 30 s Témoignage", 0.4),
        ),
    ),
    # 9 % of clicks "buy" for 420 euros: a claimed return above twenty-five, and no order at all.
    Campaign(
        stories.CLAIMING_CAMPAIGN, 5_200, 145, 0.019, 0.09, 42_000,
        ads=(
            Ad("Visiteurs 30 j", "Carrousel Offres", 0.5),
            Ad("Visiteurs 30 j", "Image Bouclier", 0.5),
        ),
    ),
    Campaign(
        "FR_Assurance auto_Jeunes", 6_000, 72, 0.011, 0.002, 42_000,
        ads=(
            Ad("18-25", "Image Premier volant", 0.7),
            Ad("Parents", "Image Prêt du volant", 0.3),
        ),
    ),
)  # fmt: skip
_LINKEDIN = (
    Campaign("Dirigeants de PME, France", 4_600, 640, 0.005, 0.03, 9_000, "Assurance pro T1-T4"),
    Campaign("Professions libérales", 3_100, 590, 0.0055, 0.03, 9_000, "Assurance pro T1-T4"),
    Campaign("Notoriété réseau", 2_200, 410, 0.0032, 0.005, 9_000, "Marque employeur"),
)
_TIKTOK = (
    Campaign(
        "TT_Premier appartement", 5_500, 31, 0.0105, 0.006,
        ads=(Ad("18-24", "Vidéo Colocation", 0.6), Ad("25-34", "Vidéo Clés", 0.4)),
    ),
    Campaign("TT_Spark_Scooter", 3_800, 27, 0.012, 0.005, ads=(Ad("18-24", "Vidéo Scooter"),)),
)  # fmt: skip
_AMAZON = (
    Campaign("SP_Auto_Dashcams", 1_900, 48, 0.011, 0.03, 5_990, "Accessoires auto"),
    Campaign("SP_Exact_Détecteurs", 1_500, 55, 0.012, 0.05, 2_990, "Accessoires maison"),
)
_MICROSOFT = (
    Campaign("MS_Marque", 1_300, 38, 0.18, 0.1),
    Campaign("MS_Assurance auto", 2_400, 205, 0.034),
    Campaign("MS_Assurance habitation", 1_700, 160, 0.036),
)


def _national() -> tuple[AdAccount, ...]:
    paris = "Europe/Paris"
    return (
        _account("google_ads", SLUG, "412-555-0100", "EUR", paris, _GOOGLE),
        _account("meta_ads", SLUG, "act_1020300400500", "EUR", paris, _META, style="fr"),
        # The holding's card is in dollars: LinkedIn bills it so, and totals need a rate.
        _account("linkedin_ads", SLUG, "500000042", "USD", "UTC", _LINKEDIN),
        _account("tiktok_ads", SLUG, "7011223344556677889", "EUR", "UTC", _TIKTOK),
        _account("amazon_ads", SLUG, "ENTITY2GREATINS", "EUR", paris, _AMAZON),
        _account("microsoft_ads", SLUG, "180245991", "EUR", paris, _MICROSOFT),
    )


def _regional_meta(region: DemoOrganisation, number: int) -> AdAccount:
    name = region.name.removeprefix("Great Insurance ")
    campaigns = (
        Campaign(
            f"{name}_Notoriété_Agences", 2_600, 64, 0.012, 0.002, 42_000,
            ads=(Ad("Rayon 20 km", "Image Équipe"),),
        ),
        Campaign(
            f"{name}_Leads_Devis", 3_800, 96, 0.014, 0.004, 42_000,
            ads=(Ad("Rayon 20 km", "Formulaire Devis"),),
        ),
    )  # fmt: skip
    return _account(
        "meta_ads",
        region.slug,
        f"act_{identifier(13, 'meta', region.slug)}",
        "EUR",
        region.timezone,
        campaigns,
        style=("fr", "en", "fr")[number % 3],
    )


def _local_google(agency: DemoOrganisation, number: int) -> AdAccount:
    campaigns = [
        Campaign(local_campaign(agency), round(1_050 * agency.size), 175, 0.05, 0.05),
        Campaign(f"{agency.town} | Habitation et santé", round(650 * agency.size), 150, 0.048),
    ]
    if agency.slug == stories.BRAND_BIDDER:
        campaigns.append(Campaign(stories.BRAND_BIDDER_CAMPAIGN, 3_600, 95, 0.16, 0.1))
    digits = identifier(10, "google", agency.slug)
    return _account(
        "google_ads",
        agency.slug,
        f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
        agency.currency,
        agency.timezone,
        tuple(campaigns),
        style=("en", "fr", "fr", "en", "excel")[number % 5],
    )


def local_campaign(agency: DemoOrganisation) -> str:
    """The name of an agency's main search campaign; its leads carry it too."""
    return f"{agency.town} | Assurance auto"


def _outsider() -> AdAccount:
    diane = organisation(OUTSIDER_SLUG)
    campaigns = (
        Campaign("Céramique | Cours du soir", 900, 65, 0.055, 0.05, 9_000),
        Campaign("Céramique | Bons cadeaux", 600, 58, 0.05, 0.06, 6_500),
    )
    return _account(
        "google_ads", diane.slug, "733-555-0188", "EUR", diane.timezone, campaigns, style="fr"
    )


def _account(
    platform: str,
    owner: str,
    account_id: str,
    currency: str,
    timezone: str,
    campaigns: tuple[Campaign, ...],
    *,
    style: str = "en",
) -> AdAccount:
    return AdAccount(
        platform=platform,
        organisation=owner,
        id=account_id,
        name=organisation(owner).name,
        currency=currency,
        timezone=timezone,
        campaigns=tuple(_with_id(platform, owner, one) for one in campaigns),
        style=style,
    )


_ID_DIGITS = {"google_ads": 11, "meta_ads": 18, "linkedin_ads": 9, "microsoft_ads": 9}


def _with_id(platform: str, owner: str, campaign: Campaign) -> Campaign:
    digits = _ID_DIGITS.get(platform, 16)
    return replace(campaign, id=identifier(digits, platform, owner, campaign.name))
