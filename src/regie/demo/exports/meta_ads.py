"""Meta Ads Manager: a day and ad a row, the currency in the header, a summary row in French."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from regie.demo.accounts import AdAccount
from regie.demo.exports import text
from regie.demo.exports.export import Export, account_options, ad_figures
from regie.demo.performance import AdDay
from regie.kernel.money import plain
from regie.kernel.periods import Period

METRICS = ("spend", "impressions", "clicks", "link_clicks", "conversions", "conversion_value")
_EN = (
    "Reporting starts", "Reporting ends", "Day", "Campaign name", "Campaign ID", "Ad set name",
    "Ad name", "Amount spent ({currency})", "Impressions", "Reach", "Link clicks", "Clicks (all)",
    "Purchases", "Purchases conversion value", "Attribution setting",
)  # fmt: skip
_FR = (
    "Début des rapports", "Fin des rapports", "Jour", "Nom de la campagne", "ID de la campagne",
    "Nom de l’ensemble de publicités", "Nom de la publicité", "Montant dépensé ({currency})",
    "Impressions", "Couverture", "Clics sur le lien", "Clics (tous)", "Achats",
    "Valeur de conversion des achats", "Paramètre d’attribution",
)  # fmt: skip
_WINDOW = {
    "en": "7-day click or 1-day view",
    "fr": "Clic dans les 7 jours ou vue dans la journée",
}


def export(account: AdAccount, rows: Sequence[AdDay], period: Period) -> Export:
    header = [
        label.format(currency=account.currency) for label in (_FR if account.style == "fr" else _EN)
    ]
    dates = [period.start.isoformat(), period.end.isoformat()]
    lines = [
        [
            *dates,
            row.day.isoformat(),
            row.campaign.name,
            row.campaign.id,
            row.ad.group,
            row.ad.name,
            *_numbers([row], row.reach),
            _WINDOW[account.style],
        ]
        for row in rows
    ]
    if account.style == "fr":
        # People are reached many times in a year: the summary's reach is no sum of days.
        reach = sum(row.reach for row in rows) // 40
        lines.insert(0, [*dates, "", "", "", "", "", *_numbers(rows, reach), ""])
    return Export(
        name=f"meta_ads_manager_{account.id}.csv",
        platform=account.platform,
        content=text.utf8_bom(text.table([header, *lines])),
        figures=ad_figures(account, rows, METRICS),
        options=account_options(account),
    )


def _numbers(rows: Sequence[AdDay], reach: int) -> list[str]:
    conversions = sum((row.conversions for row in rows), Decimal())
    value = sum((row.conversion_value for row in rows), Decimal())
    return [
        plain(sum((row.spend for row in rows), Decimal())),
        str(sum(row.impressions for row in rows)),
        str(reach),
        str(sum(row.link_clicks for row in rows)),
        str(sum(row.clicks for row in rows)),
        # A day without a purchase leaves both cells empty.
        plain(conversions) if conversions else "",
        plain(value) if conversions else "",
    ]
