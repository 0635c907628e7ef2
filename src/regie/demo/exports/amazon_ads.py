"""Amazon Sponsored Products search terms: an XLSX that holds only part of the spend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from regie.demo.accounts import Ad, AdAccount
from regie.demo.exports import text
from regie.demo.exports.export import Export, account_options, ad_figures
from regie.demo.exports.workbook import workbook
from regie.demo.performance import AdDay
from regie.demo.seed import share_out
from regie.kernel.periods import Period

METRICS = ("spend", "impressions", "clicks", "conversions", "conversion_value")
# Some of these labels do end with a space in the platform's own files.
_HEADER = (
    "Start Date", "End Date", "Portfolio name", "Currency", "Campaign Name", "Ad Group Name",
    "Targeting", "Match Type", "Customer Search Term", "Impressions", "Clicks",
    "Click-Thru Rate (CTR)", "Cost Per Click (CPC)", "Spend", "7 Day Total Sales ",
    "Total Advertising Cost of Sales (ACOS) ", "Total Return on Advertising Spend (ROAS)",
    "7 Day Total Orders (#)", "7 Day Total Units (#)", "7 Day Conversion Rate",
    "7 Day Advertised SKU Units (#)", "7 Day Other SKU Units (#)", "7 Day Advertised SKU Sales ",
    "7 Day Other SKU Sales ",
)  # fmt: skip
_TERMS = {
    "SP_Auto_Dashcams": ("caméra embarquée voiture", "dashcam avant arrière", "b0greatins1"),
    "SP_Exact_Détecteurs": ("détecteur de fumée", "détecteur de fuite d'eau", "alarme maison"),
}
# Three terms are named; the last share was searched by too few people to be disclosed.
_WEIGHTS = (5.0, 3.0, 1.5, 2.5)
_Cell = str | int | Decimal | None


def export(account: AdAccount, rows: Sequence[AdDay], period: Period) -> Export:
    terms = [term for row in rows for term in _split(row)]
    return Export(
        name=f"sponsored_products_search_term_report_{period.end}.xlsx",
        platform=account.platform,
        content=workbook(
            "Sponsored Product Search Term R", [_HEADER, *(_line(account, one) for one in terms)]
        ),
        figures=ad_figures(account, terms, METRICS),
        options=account_options(account),
    )


def _split(row: AdDay) -> Iterator[AdDay]:
    """The disclosed search terms of one campaign's day; a term without a click is not listed."""
    clicks = share_out(row.clicks, _WEIGHTS)
    cents = share_out(int(row.spend * 100), _WEIGHTS)
    impressions = share_out(row.impressions, _WEIGHTS)
    orders = share_out(int(row.conversions), _WEIGHTS)
    price = text.ratio(row.conversion_value, row.conversions).quantize(Decimal("0.01"))
    for n, term in enumerate(_TERMS[row.campaign.name]):
        if clicks[n]:
            yield replace(
                row,
                ad=Ad(row.campaign.group, term),
                clicks=clicks[n],
                spend=Decimal(cents[n]) / 100,
                impressions=impressions[n],
                conversions=Decimal(orders[n]),
                conversion_value=price * orders[n],
            )


def _line(account: AdAccount, term: AdDay) -> list[_Cell]:
    day = text.day_short(term.day)
    automatic = "Auto" in term.campaign.name
    orders, sales = int(term.conversions), term.conversion_value
    return [
        day,
        day,
        "Portefeuille FR",
        account.currency,
        term.campaign.name,
        term.ad.group,
        "*" if automatic else term.ad.name,
        "-" if automatic else "EXACT",
        term.ad.name,
        term.impressions,
        term.clicks,
        text.ratio(term.clicks, term.impressions),
        round(text.ratio(term.spend, term.clicks), 2),
        term.spend,
        sales,
        text.ratio(term.spend, sales) if sales else None,
        text.ratio(sales, term.spend),
        orders,
        orders,
        text.ratio(orders, term.clicks),
        orders,
        0,
        sales,
        Decimal(0),
    ]
