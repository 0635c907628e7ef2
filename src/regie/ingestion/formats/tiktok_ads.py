"""TikTok Ads Manager reports: workbooks whose last line is the total of the others."""

from __future__ import annotations

import re

from regie.ingestion.format import Column, Format

tiktok_ads = Format(
    name="tiktok_ads",
    label="TikTok Ads",
    platform="tiktok_ads",
    columns=(
        Column("date", ("By Day", "Date", "Day", "Par jour", "Jour")),
        Column("account_id", ("Account ID", "Advertiser ID", "ID du compte")),
        Column("account_name", ("Account name", "Advertiser name", "Nom du compte")),
        Column("campaign", ("Campaign name", "Nom de la campagne")),
        Column("campaign_id", ("Campaign ID", "ID de la campagne")),
        Column("ad_group", ("Ad group name", "Nom du groupe de publicités",
                            "Nom du groupe d'annonces")),
        Column("ad_group_id", ("Ad group ID", "ID du groupe de publicités",
                               "ID du groupe d'annonces")),
        Column("ad", ("Ad name", "Nom de la publicité", "Nom de l'annonce")),
        Column("ad_id", ("Ad ID", "ID de la publicité", "ID de l'annonce")),
        Column("currency", ("Currency", "Devise")),
        Column("spend", ("Cost", "Spend", "Cost ({currency})", "Spend ({currency})",
                         "Total cost", "Coût", "Coût ({currency})")),
        Column("impressions", ("Impressions", "Impression")),
        Column("clicks", ("Clicks (all)", "Clics (tous)")),
        Column("link_clicks", ("Clicks (destination)", "Clics (destination)")),
        Column("video_views", ("Video views", "Vues de vidéo")),
        Column("conversions", ("Conversions", "Conversion")),
        Column("reach", ("Reach", "Couverture")),
        Column("frequency", ("Frequency", "Fréquence")),
    ),
    required=(
        ("label:Clicks (destination)", "label:Clics (destination)", "label:By Day",
         "label:CTR (destination)", "label:CPC (destination)"),
        ("campaign", "campaign_id", "ad_group", "ad_group_id", "ad", "ad_id", "account_id",
         "account_name"),
        ("spend", "impressions"),
    ),
    totals=re.compile(r"^total( of \d[\d,. ]* results?|\s*:|$)", re.IGNORECASE),
    time_zone="UTC",
    attribution="tiktok_ads default",
    restated=28,
    merge=True,
    certainty="high",
    source="Header names of public parsers of English workbooks",
    notes=(
        "Certain: English labels, whose letter case varies from file to file.",
        "Likely: a last line “Total of N results”, and “-” where there is no value.",
        "Low: French labels are guessed.",
        "Days are taken as UTC; reports of a single advertiser may follow its own zone.",
        "Destination clicks are link clicks: without “Clicks (all)” there are no clicks.",
        "Reach cannot be added over days, hours or ads.",
    ),
)  # fmt: skip
