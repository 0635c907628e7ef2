"""Reads the demo's files again with the standard library and openpyxl only.

It shares no line with what wrote them: columns are found by their labels, numbers are read as
text, and only then are they added up.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

Totals = dict[tuple[str, str], Decimal]
Row = dict[str, str]


def read_text(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(b"\xff\xfe"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def records(path: Path, first_label: str, *, delimiter: str = ",", after: int = 0) -> list[Row]:
    """The rows under the line that starts with ``first_label``, by label."""
    lines = [row for row in csv.reader(io.StringIO(read_text(path)), delimiter=delimiter) if row]
    start = next(n for n, row in enumerate(lines) if row[0] == first_label)
    return [dict(zip(lines[start], row, strict=False)) for row in lines[start + 1 + after :]]


def sheet(path: Path) -> list[Row]:
    rows = list(load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))
    labels = [str(label) for label in rows[0]]
    return [
        dict(zip(labels, ("" if cell is None else str(cell) for cell in row), strict=True))
        for row in rows[1:]
    ]


def amount(cell: str) -> Decimal:
    """``1,234.56``; an empty cell is nothing."""
    return Decimal(cell.replace(",", "") or "0")


def french(cell: str) -> Decimal:
    """``1 234,56``, with a no-break space."""
    return Decimal(cell.replace("\u00a0", "").replace(",", ".") or "0")


def add_up(
    rows: list[Row],
    columns: dict[str, str],
    currency: str | Callable[[Row], str],
    number: Callable[[str], Decimal] = amount,
) -> Totals:
    totals: Totals = defaultdict(Decimal)
    for row in rows:
        code = currency if isinstance(currency, str) else currency(row)
        for metric, label in columns.items():
            money = metric in {"spend", "conversion_value", "revenue"}
            totals[metric, code if money else ""] += number(row[label])
    return totals


def google_ads(path: Path) -> Totals:
    if path.name.startswith("campaign_report"):
        rows = records(path, "Campaign status")
        columns = {
            "spend": "Cost",
            "impressions": "Impr.",
            "clicks": "Clicks",
            "conversions": "Conversions",
            "conversion_value": "Conv. value",
        }
        code, number = "Currency code", amount
    else:
        delimiter = "\t" if path.read_bytes().startswith(b"\xff\xfe") else ";"
        rows = records(path, "État de la campagne", delimiter=delimiter)
        columns = {
            "spend": "Coût",
            "impressions": "Impr.",
            "clicks": "Clics",
            "conversions": "Conversions",
            "conversion_value": "Valeur de conv.",
        }
        code, number = "Code de devise", french
    totals_rows = [row for row in rows if next(iter(row.values())).startswith("Total")]
    assert len(totals_rows) == 2
    kept = [row for row in rows if row not in totals_rows]
    sums = add_up(kept, columns, lambda row: row[code], number)
    assert sums == add_up(totals_rows[:1], columns, lambda row: row[code], number)
    return sums


def meta_ads(path: Path) -> Totals:
    english = read_text(path).startswith("Reporting")
    rows = records(path, "Reporting starts" if english else "Début des rapports")
    labels = (
        (
            "Amount spent (EUR)", "Impressions", "Clicks (all)", "Link clicks", "Purchases",
            "Purchases conversion value",
        )
        if english
        else (
            "Montant dépensé (EUR)", "Impressions", "Clics (tous)", "Clics sur le lien", "Achats",
            "Valeur de conversion des achats",
        )
    )  # fmt: skip
    metrics = ("spend", "impressions", "clicks", "link_clicks", "conversions", "conversion_value")
    columns = dict(zip(metrics, labels, strict=True))
    days = [row for row in rows if row["Day" if english else "Jour"]]
    sums = add_up(days, columns, "EUR")
    summary = [row for row in rows if row not in days]
    if summary:
        assert sums == add_up(summary, columns, "EUR")
    return sums


def linkedin_ads(path: Path) -> Totals:
    columns = {
        "spend": "Total Spent",
        "impressions": "Impressions",
        "clicks": "Clicks",
        "link_clicks": "Clicks to Landing Page",
        "leads": "Leads",
        "conversions": "Conversions",
    }
    rows = records(path, "Start Date (in UTC)", delimiter="\t")
    return add_up(rows, columns, lambda row: row["Currency"])


def tiktok_ads(path: Path) -> Totals:
    columns = {
        "spend": "Cost",
        "impressions": "Impressions",
        "link_clicks": "Clicks (destination)",
        "conversions": "Conversions",
    }
    *rows, total = sheet(path)
    assert total["By Day"] == f"Total of {len(rows)} results"
    sums = add_up(rows, columns, lambda row: row["Currency"])
    assert sums == add_up([total], columns, lambda row: row["Currency"])
    return sums


def amazon_ads(path: Path) -> Totals:
    columns = {
        "spend": "Spend",
        "impressions": "Impressions",
        "clicks": "Clicks",
        "conversions": "7 Day Total Orders (#)",
        "conversion_value": "7 Day Total Sales ",
    }
    return add_up(sheet(path), columns, lambda row: row["Currency"])


def microsoft_ads(path: Path) -> Totals:
    columns = {
        "spend": "Spend",
        "impressions": "Impressions",
        "clicks": "Clicks",
        "conversions": "ConversionsQualified",
        "conversion_value": "Revenue",
    }
    *rows, footer = records(path, "TimePeriod")
    assert footer["TimePeriod"].startswith("@")
    assert f'"Rows: {len(rows)}"' in read_text(path)
    return add_up(rows, columns, lambda row: row["CurrencyCode"])


def ga4(path: Path) -> Totals:
    columns = {
        "visits": "Sessions",
        "engaged_visits": "Engaged sessions",
        "key_events": "Key events",
    }
    grand, *rows = records(path, "Date")
    sums = add_up(rows, columns, "")
    assert sums == add_up([grand], columns, "")
    return sums


def matomo(path: Path) -> Totals:
    columns = {
        "visits": "nb_visits",
        "single_page_visits": "bounce_count",
        "completed": "nb_visits_converted",
    }
    return add_up(records(path, "date"), columns, "")


def google_business_profile(path: Path) -> Totals:
    rows = records(path, "Store code", after=1)
    views = ("Search - Mobile", "Search - Desktop", "Maps - Mobile", "Maps - Desktop")
    totals = add_up(
        rows,
        {
            "call_clicks": "Calls",
            "directions": "Directions",
            "website_clicks": "Website clicks",
        },
        "",
    )
    totals["impressions", ""] = sum(
        (amount(row[f"Google {view}"]) for row in rows for view in views), Decimal()
    )
    return totals


KINDS = {"follow": "followers_gained", "unfollow": "followers_lost", "like": "likes",
         "comment": "comments", "share": "shares", "mention": "mentions",
         "review": "reviews"}  # fmt: skip


def own(path: Path) -> Totals:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if path.name == "visits.csv":
        names = ("visits", "engaged_visits", "single_page_visits", "completed", "key_events")
        return add_up(rows, dict(zip(names, names, strict=True)), "")
    if path.name in {"leads.csv", "calls.csv"}:
        return {(path.stem, ""): Decimal(len(rows))}
    if path.name == "currency_rates.csv":
        return {}
    if path.name == "creators.csv":
        return add_up(rows, {"spend": "cost"}, lambda row: row["currency"])
    if path.name == "earned.csv":
        kinds: Totals = {}
        for row in rows:
            key = KINDS[row["kind"]], ""
            kinds[key] = kinds.get(key, Decimal()) + Decimal(row["count"])
        return kinds
    kept = [row for row in rows if row["status"] == "completed"]
    totals = add_up(kept, {"revenue": "revenue"}, lambda row: row["currency"])
    totals["orders", ""] = Decimal(sum(row["kind"] == "order" for row in kept))
    return totals


READERS: dict[str, Callable[[Path], Totals]] = {
    reader.__name__: reader
    for reader in (
        google_ads, meta_ads, linkedin_ads, tiktok_ads, amazon_ads, microsoft_ads, ga4, matomo,
        google_business_profile, own,
    )
}  # fmt: skip
