"""Microsoft Advertising reports: nine lines of metadata, all cells quoted, one footer line.

The metadata states how many rows follow, which is a checksum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from regie.ingestion.format import Column, Format, Preamble
from regie.ingestion.periods_in_text import period_in

# The report writes the zone as a list of cities; these tell the usual ones apart.
_ZONES = (
    ("UTC", "UTC"), ("Coordinated Universal", "UTC"), ("London", "Europe/London"),
    ("Paris", "Europe/Paris"), ("Berlin", "Europe/Berlin"), ("Casablanca", "Africa/Casablanca"),
    ("Eastern Time", "America/New_York"), ("Central Time", "America/Chicago"),
    ("Mountain Time", "America/Denver"), ("Pacific Time", "America/Los_Angeles"),
)  # fmt: skip

_GRAINS = {"weekly": "week", "monthly": "month"}


def _metadata(lines: Sequence[Sequence[str]], file_name: str) -> Preamble:
    stated: dict[str, str] = {}
    for line in lines:
        name, _colon, value = ", ".join(line).partition(":")
        stated.setdefault(name.strip().casefold(), value.strip())
    rows = stated.get("rows", "").replace(",", "")
    zone = stated.get("time zone", "")
    return Preamble(
        period=period_in(stated.get("report time", "")),
        grain=_GRAINS.get(stated.get("report aggregation", "").casefold(), ""),
        incomplete=stated.get("potential incomplete data", "").casefold() == "true",
        time_zone=next((name for words, name in _ZONES if words in zone), ""),
        rows=int(rows) if rows.isdigit() else None,
    )


microsoft_ads = Format(
    name="microsoft_ads",
    label="Microsoft Advertising",
    platform="microsoft_ads",
    columns=(
        Column("date", ("TimePeriod", "Time period", "GregorianDate", "Gregorian date", "Date",
                        "Week", "Month")),
        Column("account_id", ("AccountId", "Account ID")),
        Column("account_name", ("AccountName", "Account name", "Account")),
        Column("currency", ("CurrencyCode", "Currency code", "Currency")),
        Column("campaign", ("CampaignName", "Campaign name", "Campaign")),
        Column("campaign_id", ("CampaignId", "Campaign ID")),
        Column("ad_group", ("AdGroupName", "Ad group name", "Ad group")),
        Column("ad_group_id", ("AdGroupId", "Ad group ID")),
        Column("ad", ("AdTitle", "Ad title")),
        Column("ad_id", ("AdId", "Ad ID")),
        Column("keyword", ("Keyword",)),
        Column("keyword_id", ("KeywordId", "Keyword ID")),
        Column("search_term", ("SearchQuery", "Search query", "Search term")),
        Column("ad_network", ("Network",)),
        Column("device", ("DeviceType", "Device type")),
        Column("impressions", ("Impressions", "Impr.")),
        Column("clicks", ("Clicks",)),
        Column("spend", ("Spend",)),
        Column("video_views", ("VideoViews", "Video views")),
        Column("call_clicks", ("PhoneCalls", "Phone calls")),
        # Conversions are whole numbers; the qualified ones keep the shares of attribution.
        Column("conversions", ("ConversionsQualified", "Conversions qualified", "Conversions")),
        Column("conversion_value", ("Revenue",)),
        Column("impression_share", ("ImpressionSharePercent", "Impression share")),
    ),
    required=(
        ("label:TimePeriod", "label:Time period", "label:GregorianDate", "label:Gregorian date",
         "label:ConversionsQualified", "label:CurrencyCode", "label:AccountName",
         "label:CampaignName", "label:AverageCpc"),
        ("campaign", "campaign_id", "account_id", "account_name", "ad_group", "ad_group_id"),
        ("spend", "impressions", "clicks"),
        ("label:Spend", "label:Impressions", "label:Impr."),
    ),
    date_order="mdy",
    totals=re.compile(r"^total", re.IGNORECASE),
    trailer=re.compile(r"^\W*((\(c\)|copyright)\s*)?\d{4} Microsoft", re.IGNORECASE),
    preamble=_metadata,
    attribution="microsoft_ads default",
    restated=30,
    merge=True,
    certainty="high",
    source="The platform's public documentation of its CSV layout and column names",
    notes=(
        "Certain: the metadata lines, the column names, the footer, “Rows: N”.",
        "Likely: a byte-order mark. Low: labels with spaces, from the screen. Unknown: French.",
        "The zone is chosen for each report and stands in the metadata.",
        "Revenue may be written 1,000.00; qualified conversions are preferred to conversions.",
        "A line may have conversions and no impression: late conversions of earlier clicks.",
        "Lines split by device or network are added up where nothing undivided exists.",
    ),
)  # fmt: skip
