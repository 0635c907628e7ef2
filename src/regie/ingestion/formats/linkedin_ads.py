"""LinkedIn Campaign Manager reports: UTF-16 with tabs, a preamble, days in UTC.

LinkedIn's campaign group is what others call a campaign, and its campaign is their ad group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from regie.ingestion.format import DEFAULT_TOTALS, Column, Format, Preamble
from regie.ingestion.labels import normal
from regie.ingestion.periods_in_text import period_in

_ACCOUNT = re.compile(r"account_(\d{6,12})_")
_STATED = ("report start", "report end", "debut du rapport", "fin du rapport",
           "date de debut du rapport", "date de fin du rapport")  # fmt: skip


def _preamble(lines: Sequence[Sequence[str]], file_name: str) -> Preamble:
    texts = [normal(", ".join(line)) for line in lines]
    account = _ACCOUNT.search(file_name)
    return Preamble(
        period=period_in(" ".join(text for text in texts if text.startswith(_STATED))),
        account_id=account[1] if account else "",
    )


_START = ("Start Date (in UTC)", "Start Date (UTC)", "Start Date", "Date (in UTC)", "Date",
          "Date de début (UTC)", "Date de début (en UTC)", "Date de début", "Jour")  # fmt: skip
_END = ("End Date (in UTC)", "End Date (UTC)", "End Date", "Date de fin (UTC)",
        "Date de fin (en UTC)", "Date de fin")  # fmt: skip

linkedin_ads = Format(
    name="linkedin_ads",
    label="LinkedIn Ads",
    platform="linkedin_ads",
    columns=(
        Column("date", _START),
        Column("account_id", ("Account ID", "ID du compte")),
        Column("account_name", ("Account Name", "Nom du compte")),
        Column("currency", ("Currency", "Devise")),
        Column("campaign", ("Campaign Group Name", "Nom du groupe de campagnes")),
        Column("campaign_id", ("Campaign Group ID", "ID du groupe de campagnes")),
        Column("ad_group", ("Campaign Name", "Nom de la campagne")),
        Column("ad_group_id", ("Campaign ID", "ID de la campagne")),
        Column("ad", ("Ad Name", "Creative Name", "Nom de la publicité", "Ad Headline",
                      "Titre de la publicité")),
        Column("ad_id", ("Ad ID", "Creative ID", "ID Pub", "ID de la publicité")),
        Column("spend", ("Total Spent", "Total dépensé", "Montant total dépensé", "Spend")),
        Column("impressions", ("Impressions",)),
        Column("clicks", ("Clicks", "Clics")),
        Column("link_clicks", ("Clicks to Landing Page", "Clics vers la page de destination",
                               "Landing Page Clicks")),
        Column("engagements", ("Total Engagements", "Total des engagements",
                               "Engagements totaux")),
        Column("video_views", ("Video Views", "Vues de la vidéo", "Vues de vidéo")),
        Column("leads", ("Leads", "Prospects")),
        Column("conversions", ("Conversions",)),
        Column("conversion_value", ("Total Conversion Value", "Conversion Value",
                                    "Valeur totale des conversions")),
        Column("reach", ("Reach", "Couverture", "Portée")),
        Column("frequency", ("Average Frequency", "Fréquence moyenne")),
    ),
    required=(
        ("label:Start Date (in UTC)", "label:Date de début (UTC)",
         "label:Date de début (en UTC)", "label:Campaign Group Name",
         "label:Nom du groupe de campagnes", "label:Total Spent", "label:Total dépensé",
         "label:Clicks to Landing Page", "label:Clics vers la page de destination"),
        ("campaign", "ad_group", "ad", "ad_group_id", "ad_id"),
        ("spend", "impressions"),
        ("label:Total Spent", "label:Total dépensé", "label:Montant total dépensé",
         "label:Campaign Group Name", "label:Nom du groupe de campagnes", "label:ID Pub",
         "label:Start Date (in UTC)"),
    ),
    date_order="mdy",
    totals=DEFAULT_TOTALS,
    time_zone="UTC",
    preamble=_preamble,
    attribution="linkedin_ads default",
    restated=30,
    merge=True,
    certainty="high",
    source="Public parsers of English files, one real French file",
    notes=(
        "Certain: UTF-16LE with tabs, the file name account_<number>_…, month before day, UTC.",
        "Certain in French: the names and identifiers of campaigns, groups and ads.",
        "Low: French labels of the measures and of the day, and the French preamble.",
        "Spend has more decimals than cents: sums are exact, rounding is for the screen.",
        "Leads are form leads; conversions are those of the website: they are not added.",
        "A report by month names only its first day: choose the days when saving the report.",
    ),
)  # fmt: skip

linkedin_ads_periods = replace(
    linkedin_ads,
    name="linkedin_ads_periods",
    label="LinkedIn Ads (start and end dates)",
    columns=(
        Column("period_start", _START),
        Column("period_end", _END),
        *(column for column in linkedin_ads.columns if column.name != "date"),
    ),
    required=(
        *linkedin_ads.required,
        ("period_start",),
        tuple(f"label:{label}" for label in _END),
    ),
    certainty="low",
)
