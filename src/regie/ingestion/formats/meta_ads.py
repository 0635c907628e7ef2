"""Meta Ads Manager reports saved from the screen, in English or French.

The currency stands in the header of the spend. Without a column of days a line covers the whole
range of the report, and becomes a figure of that period.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Format

_WINDOWS = (
    ("7d_click_1d_view", ("7-day click or 1-day view", "7-day click and 1-day view",
                          "Clic dans les 7 jours ou vue dans la journée",
                          "Clic sur 7 jours ou vue sur 1 jour")),
    ("7d_click", ("7-day click", "Clic dans les 7 jours", "Clic sur 7 jours")),
    ("1d_click_1d_view", ("1-day click or 1-day view", "1-day click and 1-day view",
                          "Clic dans la journée ou vue dans la journée",
                          "Clic ou vue dans la journée")),
    ("1d_click", ("1-day click", "Clic dans la journée", "Clic sur 1 jour")),
    ("1d_view", ("1-day view", "Vue dans la journée")),
    ("28d_click", ("28-day click", "Clic dans les 28 jours")),
)  # fmt: skip

meta_ads = Format(
    name="meta_ads",
    label="Meta Ads",
    platform="meta_ads",
    columns=(
        Column("date", ("Day", "Jour")),
        Column("period_start", ("Reporting starts", "Début des rapports", "Début du rapport")),
        Column("period_end", ("Reporting ends", "Fin des rapports", "Fin du rapport")),
        Column("account_id", ("Account ID", "ID du compte", "Ad account ID",
                              "ID du compte publicitaire")),
        Column("account_name", ("Account name", "Nom du compte", "Ad account name",
                                "Nom du compte publicitaire")),
        Column("campaign", ("Campaign name", "Nom de la campagne")),
        Column("campaign_id", ("Campaign ID", "ID de la campagne", "ID de campagne")),
        Column("ad_group", ("Ad set name", "Nom de l'ensemble de publicités")),
        Column("ad_group_id", ("Ad set ID", "ID de l'ensemble de publicités")),
        Column("ad", ("Ad name", "Nom de la publicité")),
        Column("ad_id", ("Ad ID", "ID de la publicité")),
        Column("ad_network", ("Platform", "Plateforme")),
        Column("device", ("Impression device", "Appareil d'impression")),
        Column("currency", ("Currency", "Devise")),
        Column("spend", ("Amount spent ({currency})", "Montant dépensé ({currency})",
                         "Amount spent", "Montant dépensé")),
        Column("impressions", ("Impressions",)),
        Column("clicks", ("Clicks (all)", "Clics (tous)")),
        Column("link_clicks", ("Link clicks", "Clics sur le lien", "Clics sur un lien")),
        Column("engagements", ("Post engagements", "Post engagement",
                               "Interactions avec la publication")),
        Column("video_views", ("3-second video plays", "Lectures de vidéo de 3 secondes")),
        Column("reach", ("Reach", "Couverture")),
        Column("frequency", ("Frequency", "Répétition")),
        Column("leads", ("Leads", "Prospects")),
        Column("conversions", ("Purchases", "Achats")),
        Column("conversion_value", ("Purchases conversion value", "Purchase conversion value",
                                    "Valeur de conversion des achats")),
        Column("attribution", ("Attribution setting", "Paramètre d'attribution"),
               meanings=_WINDOWS),
    ),
    required=(
        ("label:Reporting starts", "label:Début des rapports", "label:Début du rapport",
         "label:Ad set name", "label:Nom de l'ensemble de publicités",
         "label:Attribution setting", "label:Paramètre d'attribution", "label:Clicks (all)",
         "label:Clics (tous)", "label:Répétition", "label:Couverture", "spend"),
        ("campaign", "campaign_id", "ad_group", "ad", "account_id", "account_name"),
        ("spend", "impressions"),
        ("spend", "label:Reporting starts", "label:Début des rapports", "label:Link clicks"),
    ),
    attribution="meta_ads default",
    restated=28,
    merge=True,
    certainty="high",
    source="Header names of public parsers and of files seen in both languages",
    notes=(
        "Certain: labels in both languages, the currency in the header, ISO days, dots in numbers.",
        "Likely: a byte-order mark; a summary line without names, first or last: a checksum.",
        "Unknown: which apostrophe French files hold; all are accepted.",
        "“Results” changes meaning from line to line and is never read; purchases are the claim.",
        "Reach and frequency cannot be added over days, ads or lines.",
        "Days are of the ad account's time zone; clicks are all clicks, link clicks stand apart.",
        "The usual attribution settings are the same in both languages; others stay as written.",
    ),
)  # fmt: skip
