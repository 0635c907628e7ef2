"""Google Ads reports downloaded from the screen: English or French, CSV, UTF-16 or re-saved.

One or two title lines stand above the header; the lines that begin with "Total:" are checksums.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from regie.ingestion.format import Column, Format, Preamble
from regie.ingestion.periods_in_text import period_in

_TITLE_LINES = 3
_SLASHED = re.compile(r"\d/\d{1,2}/\d")


def _title(lines: Sequence[Sequence[str]], file_name: str) -> Preamble:
    for line in lines[:_TITLE_LINES]:
        text = " ".join(line)
        period = period_in(text)
        # Days written with slashes do not say which of day and month comes first.
        if period is not None and not _SLASHED.search(text):
            return Preamble(period=period)
    return Preamble()


google_ads = Format(
    name="google_ads",
    label="Google Ads",
    platform="google_ads",
    columns=(
        Column("date", ("Day", "Jour", "Date", "Week", "Semaine", "Month", "Mois")),
        Column("account_id", ("Customer ID", "Account ID", "N° client", "Numéro client")),
        Column("account_name", ("Account", "Account name", "Compte", "Nom du compte")),
        Column("campaign", ("Campaign", "Campagne")),
        Column("campaign_id", ("Campaign ID", "ID de la campagne")),
        Column("ad_group", ("Ad group", "Groupe d'annonces")),
        Column("ad_group_id", ("Ad group ID", "ID du groupe d'annonces")),
        Column("ad_id", ("Ad ID", "ID de l'annonce")),
        Column("ad", ("Ad name", "Nom de l'annonce")),
        Column("keyword", ("Keyword", "Search keyword", "Mot clé", "Mot-clé")),
        Column("keyword_id", ("Keyword ID", "ID du mot clé")),
        Column("search_term", ("Search term", "Terme de recherche")),
        Column("ad_network", ("Network", "Network (with search partners)", "Réseau")),
        Column("device", ("Device", "Appareil")),
        Column("currency", ("Currency code", "Currency", "Code de devise", "Code de la devise")),
        Column("spend", ("Cost", "Coût")),
        Column("impressions", ("Impr.", "Impressions")),
        Column("clicks", ("Clicks", "Clics")),
        Column("video_views", ("Views", "TrueView views", "Video views", "Vues")),
        Column("engagements", ("Engagements",)),
        Column("conversions", ("Conversions",)),
        Column("conversion_value", ("Conv. value", "Conversion value", "Valeur de conv.",
                                    "Valeur de conversion")),
        Column("impression_share", ("Search impr. share", "Taux d'impr. sur le Réseau de Recherche",
                                    "Taux d'impressions sur le Réseau de Recherche")),
    ),
    required=(
        ("label:Impr.", "label:Campaign status", "label:État de la campagne", "label:Avg. CPC",
         "label:CPC moy.", "label:Conv. value", "label:Valeur de conv."),
        ("campaign", "account_id", "account_name"),
        ("spend", "impressions", "clicks"),
        ("label:Cost", "label:Coût", "label:Impr.", "label:Clicks", "label:Clics"),
    ),
    totals=re.compile(r"^total\s*:", re.IGNORECASE),
    preamble=_title,
    attribution="google_ads default",
    restated=30,
    certainty="high",
    notes=(
        "Days are of the account's time zone; conversions are dated on the day of the click.",
        "A campaign whose name begins with “Total” is data: totals have “Total:” and no day.",
    ),
)  # fmt: skip
