"""LinkedIn Campaign Manager: UTF-16, tabs, a preamble, American dates, days in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from regie.demo.accounts import AdAccount
from regie.demo.exports import text
from regie.demo.exports.export import Export, account_options, ad_figures
from regie.demo.performance import AdDay
from regie.kernel.money import plain
from regie.kernel.periods import Period

METRICS = ("spend", "impressions", "clicks", "link_clicks", "leads", "conversions")
_HEADER = (
    "Start Date (in UTC)", "Account Name", "Currency", "Campaign Group Name", "Campaign Name",
    "Campaign ID", "Campaign Status", "Total Spent", "Impressions", "Clicks",
    "Clicks to Landing Page", "Leads", "Conversions", "Click Through Rate", "Average CPM",
)  # fmt: skip


def export(account: AdAccount, rows: Sequence[AdDay], period: Period) -> Export:
    preamble: list[list[str]] = [
        ["Campaign Performance Report (in UTC)"],
        [f"Report Start: {text.day_en(period.start)}, 12:00 AM"],
        [f"Report End: {text.day_en(period.end)}, 11:59 PM"],
        [f"Date Generated: {text.day_en(period.end + timedelta(days=1))}, 9:12 AM"],
        [],
    ]
    lines = [_line(account, row) for row in rows]
    return Export(
        name=f"account_{account.id}_campaign_performance_report.csv",
        platform=account.platform,
        content=text.utf16(text.table([*preamble, _HEADER, *lines], delimiter="\t")),
        figures=ad_figures(account, rows, METRICS),
        options=account_options(account),
    )


def _line(account: AdAccount, row: AdDay) -> list[str]:
    return [
        text.day_us(row.day),
        account.name,
        account.currency,
        row.campaign.group,
        row.campaign.name,
        row.campaign.id,
        "Active",
        plain(row.spend),
        str(row.impressions),
        str(row.clicks),
        str(row.link_clicks),
        str(row.leads),
        plain(row.conversions),
        text.percent_en(row.clicks, row.impressions),
        text.number_en(text.ratio(row.spend, row.impressions) * 1000),
    ]
