"""Google Ads campaign reports: English CSV, French UTF-16, and the one re-saved by French Excel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from regie.demo.accounts import AdAccount
from regie.demo.exports import text
from regie.demo.exports.export import Export, account_options, ad_figures
from regie.demo.performance import AdDay
from regie.kernel.periods import Period

METRICS = ("spend", "impressions", "clicks", "conversions", "conversion_value")
_NULL = " --"


@dataclass(frozen=True)
class _Language:
    title: str
    header: tuple[str, ...]
    enabled: str
    totals: tuple[str, str]
    number: Callable[[Decimal | int, int], str]
    percent: Callable[[Decimal | int, Decimal | int], str]
    day: Callable[..., str]


_EN = _Language(
    "Campaign report",
    (
        "Campaign status", "Campaign", "Campaign ID", "Day", "Currency code", "Cost", "Impr.",
        "Clicks", "CTR", "Avg. CPC", "Conversions", "Conv. value",
    ),
    "Enabled",
    ("Total: Campaigns", "Total: Account"),
    text.number_en,
    text.percent_en,
    text.day_en,
)  # fmt: skip
_FR = _Language(
    "Rapport sur les campagnes",
    (
        "État de la campagne", "Campagne", "ID de la campagne", "Jour", "Code de devise", "Coût",
        "Impr.", "Clics", "CTR", "CPC moy.", "Conversions", "Valeur de conv.",
    ),
    "Activée",
    ("Total : campagnes", "Total : compte"),
    text.number_fr,
    text.percent_fr,
    text.day_fr,
)  # fmt: skip


def export(account: AdAccount, rows: Sequence[AdDay], period: Period) -> Export:
    """The campaign report of ``account`` in the language and encoding of its owner's screen."""
    language = _EN if account.style == "en" else _FR
    return Export(
        name=f"{language.title.lower().replace(' ', '_')}_{account.id}.csv",
        platform=account.platform,
        content=_encode(account.style, _lines(language, account, rows, period)),
        figures=ad_figures(account, rows, METRICS),
        options=account_options(account),
    )


def _encode(style: str, rows: list[list[str]]) -> bytes:
    if style == "fr":
        return text.utf16(text.table(rows, delimiter="\t", newline="\r\n"))
    if style == "excel":
        return text.table(rows, delimiter=";", newline="\r\n").encode("cp1252")
    return text.table(rows).encode()


def _lines(
    language: _Language, account: AdAccount, rows: Sequence[AdDay], period: Period
) -> list[list[str]]:
    dates = f"{language.day(period.start)} - {language.day(period.end)}"
    body = [
        [
            language.enabled,
            row.campaign.name,
            row.campaign.id,
            row.day.isoformat(),
            account.currency,
            *_numbers(language, [row]),
        ]
        for row in rows
    ]
    totals = [
        [name, _NULL, _NULL, _NULL, account.currency, *_numbers(language, rows)]
        for name in language.totals
    ]
    return [[language.title], [dates], list(language.header), *body, *totals]


def _numbers(language: _Language, rows: Sequence[AdDay]) -> list[str]:
    spend = sum((row.spend for row in rows), Decimal())
    impressions = sum(row.impressions for row in rows)
    clicks = sum(row.clicks for row in rows)
    return [
        language.number(spend, 2),
        language.number(impressions, 0),
        language.number(clicks, 0),
        language.percent(clicks, impressions),
        language.number(text.ratio(spend, clicks), 2) if clicks else _NULL,
        language.number(sum((row.conversions for row in rows), Decimal()), 2),
        language.number(sum((row.conversion_value for row in rows), Decimal()), 2),
    ]
