"""Microsoft Advertising: nine lines of metadata, everything quoted, and a footer."""

from __future__ import annotations

from collections.abc import Sequence

from regie.demo.accounts import AdAccount
from regie.demo.exports import text
from regie.demo.exports.export import Export, account_options, ad_figures
from regie.demo.performance import AdDay
from regie.kernel.periods import Period

METRICS = ("spend", "impressions", "clicks", "conversions", "conversion_value")
_HEADER = (
    "TimePeriod", "AccountId", "CampaignId", "CampaignName", "CurrencyCode", "Impressions",
    "Clicks", "Spend", "ConversionsQualified", "Revenue",
)  # fmt: skip


def export(account: AdAccount, rows: Sequence[AdDay], period: Period) -> Export:
    dates = f"{text.day_us(period.start)}, {text.day_us(period.end)}"
    metadata = [
        ["Report Name: Campaign Performance"],
        [f"Report Time: {dates}"],
        ["Time Zone: (GMT+01:00) Brussels, Copenhagen, Madrid, Paris"],
        [f"Last Completed Available Day: {text.day_us(period.end)} 11:59:59 PM (GMT)"],
        [f"Last Completed Available Hour: {text.day_us(period.end)} 11:59:59 PM (GMT)"],
        ["Report Aggregation: Daily"],
        ["Report Filter: "],
        ["Potential Incomplete Data: true"],
        [f"Rows: {len(rows)}"],
    ]
    footer = [[f"@{period.end.year} Microsoft Corporation. All rights reserved. "]]
    lines = [_line(account, row) for row in rows]
    content = text.table([*metadata, _HEADER, *lines, *footer], newline="\r\n", quote_all=True)
    return Export(
        name=f"campaign_performance_{period.start}_{period.end}.csv",
        platform=account.platform,
        content=text.utf8_bom(content),
        figures=ad_figures(account, rows, METRICS),
        options=account_options(account),
    )


def _line(account: AdAccount, row: AdDay) -> list[str]:
    return [
        row.day.isoformat(),
        account.id,
        row.campaign.id,
        row.campaign.name,
        account.currency,
        str(row.impressions),
        str(row.clicks),
        f"{row.spend:.2f}",
        f"{row.conversions:.2f}",
        text.number_en(row.conversion_value),
    ]
