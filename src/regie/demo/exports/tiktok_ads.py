"""TikTok Ads Manager: an XLSX with a total row at the end, clicks to the destination only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from regie.demo.accounts import AdAccount
from regie.demo.exports import text
from regie.demo.exports.export import Export, account_options, ad_figures
from regie.demo.exports.workbook import workbook
from regie.demo.performance import AdDay
from regie.kernel.periods import Period

METRICS = ("spend", "impressions", "link_clicks", "conversions")
_HEADER = (
    "By Day", "Campaign name", "Ad group name", "Ad name", "Cost", "Impressions",
    "Clicks (destination)", "Conversions", "CTR (destination)", "CPM", "Currency",
)  # fmt: skip
_Cell = str | int | Decimal | None


def export(account: AdAccount, rows: Sequence[AdDay], period: Period) -> Export:
    lines: list[list[_Cell]] = [
        [
            row.day.isoformat(),
            row.campaign.name,
            row.ad.group,
            row.ad.name,
            *_numbers([row]),
            account.currency,
        ]
        for row in rows
    ]
    lines.append(
        [f"Total of {len(rows)} results", "-", "-", "-", *_numbers(rows), account.currency]
    )
    return Export(
        name=f"tiktok_ads_manager_{period.start}_{period.end}.xlsx",
        platform=account.platform,
        content=workbook("Sheet1", [_HEADER, *lines]),
        figures=ad_figures(account, rows, METRICS),
        options=account_options(account),
    )


def _numbers(rows: Sequence[AdDay]) -> list[_Cell]:
    spend = sum((row.spend for row in rows), Decimal())
    impressions = sum(row.impressions for row in rows)
    clicks = sum(row.link_clicks for row in rows)
    return [
        spend,
        impressions,
        clicks,
        int(sum(row.conversions for row in rows)),
        text.percent_en(clicks, impressions),
        round(text.ratio(spend, impressions) * 1000, 2),
    ]
