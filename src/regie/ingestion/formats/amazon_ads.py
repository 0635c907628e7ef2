"""Amazon Ads workbooks: search terms, targeting, campaigns and advertised products.

Sales and orders are counted over a window of days that stands in their labels: 7 for sellers'
Sponsored Products, 14 for Sponsored Brands and vendors. Two windows are never added.
"""

from __future__ import annotations

import re

from regie.ingestion.format import Column, Format


def _orders(days: int) -> tuple[str, ...]:
    return (
        f"{days} Day Total Orders (#)", f"{days} Day Total Orders",
        f"Commandes totales sur {days} jours (#)", f"Commandes totales sur {days} jours",
        f"Total des commandes sur {days} jours (#)", f"Total des commandes sur {days} jours",
        f"Nombre total de commandes sur {days} jours (#)",
        f"Commandes totales ({days} jours) (#)", f"Commandes totales ({days} jours)",
        f"Commandes totales {days} jours (#)",
    )  # fmt: skip


def _sales(days: int) -> tuple[str, ...]:
    return (
        f"{days} Day Total Sales", f"{days} Day Total Sales (€)", f"{days} Day Total Sales ($)",
        f"{days} Day Total Sales (£)", f"{days} Day Total Sales ({{currency}})",
        f"Ventes totales sur {days} jours", f"Ventes totales sur {days} jours (€)",
        f"Total des ventes sur {days} jours", f"Total des ventes sur {days} jours (€)",
        f"Ventes totales ({days} jours)", f"Ventes totales {days} jours",
        f"Ventes totales au cours des {days} derniers jours",
    )  # fmt: skip


def _french(word: str, days: int) -> re.Pattern[str]:
    """French labels are not known to the letter: the word, the total and the days tell them."""
    return re.compile(
        rf"^(?=.*\b{word}\b)(?=.*\btota)(?=.*\b{days} ?j(ours?)?\b)(?!.*\b(sku|asin)\b)"
    )


def _report(days: int) -> Format:
    return Format(
        name=f"amazon_ads_{days}_day",
        label=f"Amazon Ads ({days}-day sales)",
        platform="amazon_ads",
        columns=(
            Column("date", ("Date",)),
            Column("period_start", ("Start Date", "Date de début")),
            Column("period_end", ("End Date", "Date de fin")),
            Column("currency", ("Currency", "Devise")),
            Column("campaign", ("Campaign Name", "Nom de la campagne", "Nom de campagne")),
            Column("campaign_id", ("Campaign ID", "ID de la campagne")),
            Column("ad_group", ("Ad Group Name", "Nom du groupe d'annonces")),
            Column("ad_group_id", ("Ad Group ID", "ID du groupe d'annonces")),
            Column("ad", ("Advertised ASIN", "ASIN promu", "ASIN annoncé")),
            Column("ad_id", ("Advertised SKU", "SKU promu", "SKU annoncé")),
            Column("keyword", ("Targeting", "Ciblage")),
            Column("search_term", ("Customer Search Term", "Terme de recherche client",
                                   "Terme de recherche du client")),
            Column("ad_network", ("Placement", "Emplacement")),
            Column("spend", ("Spend", "Spend (€)", "Spend ({currency})", "Dépenses",
                             "Dépenses (€)", "Dépense")),
            Column("impressions", ("Impressions",)),
            Column("clicks", ("Clicks", "Clics")),
            Column("conversions", _orders(days), words=_french("commandes", days)),
            Column("conversion_value", _sales(days), words=_french("ventes", days)),
        ),
        required=(
            ("conversions", "conversion_value"),
            ("campaign", "campaign_id"),
            ("spend", "impressions", "clicks"),
        ),
        attribution=f"{days}d",
        category="purchase",
        restated=42,
        merge=True,
        certainty="high in English, low in French",
        source="Two public parsers of the English search-term report",
        notes=(
            "Certain: the English search-term labels, some of which end with a space.",
            "Likely: the other reports hold the same labels without the search term.",
            "Low: French labels are guessed; each holds the number of days.",
            "The search-term report holds only terms that were clicked: its impressions are fewer "
            "than those of the campaign report, and it never answers for the account.",
            "Days such as “Sep 01, 2026” are of the account's zone; “*” is automatic targeting.",
            "Lines split by match type or marketplace are added up.",
            "Conversions move for up to 42 days and are dated on the day of the click.",
        ),
    )  # fmt: skip


amazon_ads = (_report(7), _report(14))
