"""The figures of hand-made exports, read as an import reads them, to the last decimal."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.pipeline import Answers
from regie.kernel.periods import parse_period
from tests.ingestion.desk import Imported, bring
from tests.ingestion.test_recognition import MICROSOFT

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXPORTS = Path(os.environ.get("REGIE_SHARED", ROOT.parent / "shared")) / "exports"
MANIFEST: dict[str, dict[str, Any]] = (
    json.loads((EXPORTS / "manifest.json").read_text())["files"] if EXPORTS.is_dir() else {}
)
MONEY = {"spend", "conversion_value"}
# What the manifest calls a total, and where an import says it.
IN_TOTALS = {
    "spend": "spend", "impressions": "impressions", "clicks": "clicks",
    "clicks_all": "clicks", "link_clicks": "link_clicks", "clicks_landing": "link_clicks",
    "conversions": "conversions", "conversions_value": "conversion_value", "leads": "leads",
    "sales_7d": "conversion_value", "orders_7d": "conversions", "sessions": "visits",
    "key_events": "key_events", "total_revenue": "conversion_value",
    "directions": "directions", "website_clicks": "website_clicks",
}  # fmt: skip
IN_COUNTS = {
    "calls": "calls", "connections": "connections", "hidden": "connections_hidden",
    "outgoing": "invitations_sent", "incoming": "invitations_received",
    "impressions_total": "impressions_total", "clicks_total": "clicks_total",
    "reactions_total": "reactions_total",
}  # fmt: skip
META_HEADER = (
    "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Impressions,Reach,"
    "Link clicks,Clicks (all),Purchases,Attribution setting\n"
)

Bring = Callable[..., Imported]


@pytest.fixture
def bring_text(tmp_path: Path) -> Bring:
    """Imports a text as a file, in UTF-8 unless told otherwise."""

    def run(text: str, *, name: str = "export.csv", encoding: str = "utf-8", **answers: Any
            ) -> Imported:  # fmt: skip
        path = tmp_path / name
        bom = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
        path.write_bytes(bom + text.encode(encoding))
        return bring(path, tmp_path, answers=Answers(**answers))

    return run


def total(imported: Imported, metric: str, currency: str = "") -> Decimal:
    return imported.prepared.totals[metric][currency]


@pytest.mark.skipif(not MANIFEST, reason=f"the sample exports are not at {EXPORTS}")
@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_a_sample_export_gives_the_totals_of_its_manifest(name: str, tmp_path: Path) -> None:
    stated = MANIFEST[name]["totals"]
    period = parse_period("2026-09-01..2026-09-30") if "business_profile" in name else None

    imported = bring(EXPORTS / name, tmp_path, answers=Answers(period=period))
    staged = imported.read.tables[0]

    for word, value in stated.items():
        if word in IN_TOTALS:
            metric = IN_TOTALS[word]
            if metric == "clicks" and MANIFEST[name]["platform"] == "tiktok_ads":
                metric = "link_clicks"
            currency = stated.get("currency", "") if metric in MONEY else ""
            assert total(imported, metric, currency) == Decimal(str(value)), word
        elif word in IN_COUNTS:
            assert imported.prepared.counts[IN_COUNTS[word]] == value, word
    assert staged.rows_data == stated.get("rows", staged.rows_read)
    assert staged.rows_refused == 0
    assert staged.rows_read == staged.rows_data + staged.rows_aside
    if "days" in stated:
        assert staged.period == parse_period("..".join(stated["days"]))


@pytest.mark.skipif(not MANIFEST, reason=f"the sample exports are not at {EXPORTS}")
@pytest.mark.parametrize(
    "name", ["meta_ads_manager_fr.csv", "google_ads_rapport_campagnes_fr_utf16.csv"]
)
def test_a_file_saved_again_by_a_french_spreadsheet_gives_the_same_totals(
    name: str, tmp_path: Path
) -> None:
    utf16 = "utf16" in name
    text = (EXPORTS / name).read_text(encoding="utf-16" if utf16 else "utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if utf16 else ","))
    path = tmp_path / "Classeur1.csv"
    with path.open("w", encoding="cp1252", newline="") as target:
        for row in rows:
            cells = [cell.replace("\u202f", "\u00a0") for cell in row]
            if not utf16:  # such a spreadsheet also writes decimals in its own way
                cells = [c.replace(".", ",") if c.replace(".", "").isdigit() else c for c in cells]
            csv.writer(target, delimiter=";").writerow(cells)

    imported = bring(path, tmp_path)

    assert total(imported, "spend", "EUR") == Decimal(MANIFEST[name]["totals"]["spend"])
    assert imported.read.tables[0].rows_refused == 0


def test_a_meta_line_without_a_day_is_a_figure_of_its_period(bring_text: Bring) -> None:
    imported = bring_text(
        META_HEADER
        + "2026-09-01,2026-09-30,,30.00,300,250,,,,\n"
        + "2026-09-01,2026-09-30,Été,10.00,100,90,5,7,1,7-day click\n"
        + "2026-09-01,2026-09-30,Hiver,20.00,200,180,6,9,2,7-day click\n"
    )

    assert imported.read.tables[0].rows_aside == 1
    assert total(imported, "spend", "EUR") == 30
    assert "performance" not in imported.facts
    spent = [row for row in imported.facts["period_figures"] if row["metric"] == "spend"]
    assert {str(row["period_end"]) for row in spent} == {"2026-09-30"}
    assert len(spent) == 2


def test_a_meta_line_of_a_single_day_is_daily_even_without_a_column_of_days(
    bring_text: Bring,
) -> None:
    imported = bring_text(
        META_HEADER + "2026-09-01,2026-09-01,Été,10.00,100,90,5,7,1,7-day click\n"
    )

    assert len(imported.facts["performance"]) == 1
    assert "period_figures" not in imported.facts


def test_lines_split_by_age_are_added_up_and_their_reach_is_not(bring_text: Bring) -> None:
    imported = bring_text(
        "Reporting starts,Day,Age,Campaign name,Amount spent (EUR),Impressions,Reach,Clicks (all)\n"
        "2026-09-01,2026-09-01,18-24,Été,1.10,10,9,1\n"
        "2026-09-01,2026-09-01,25-34,Été,2.20,20,18,2\n"
        "2026-09-01,2026-09-01,25-34,Hiver,4.00,40,30,3\n"
    )

    spent = {row["campaign_id"]: row["spend"] for row in imported.facts["performance"]}
    assert spent == {"name:Été": Decimal("3.3"), "name:Hiver": Decimal(4)}
    reach = [row for row in imported.facts["nonadditive"] if row["metric"] == "reach"]
    assert [(row["campaign_id"], row["value"]) for row in reach] == [("name:Hiver", Decimal(30))]


def test_a_microsoft_report_gives_its_figures_and_not_its_footer(bring_text: Bring) -> None:
    imported = bring_text(MICROSOFT)
    staged = imported.read.tables[0]

    assert (staged.rows_data, staged.rows_refused) == (1, 0)
    assert total(imported, "conversions") == Decimal("0.50")
    assert total(imported, "conversion_value", "EUR") == 1000
    assert str(imported.facts["performance"][0]["date"]) == "2026-09-01"
    assert [str(note) for note in imported.prepared.notes] == [
        "The platform says that its last days may be incomplete."
    ]


def test_a_microsoft_report_that_lost_lines_says_so(bring_text: Bring) -> None:
    imported = bring_text(MICROSOFT.replace("Rows: 1", "Rows: 12"))

    assert "12" in str(imported.prepared.notes[-1])


def test_a_matomo_report_gives_visits_and_single_page_visits(bring_text: Bring) -> None:
    imported = bring_text(
        "date,nb_uniq_visitors,nb_users,nb_visits,nb_actions,nb_visits_converted,bounce_count,"
        "sum_visit_length,max_actions,bounce_rate,nb_actions_per_visit,avg_time_on_site\n"
        "2026-09-01,81,0,96,301,4,24,5000,12,25%,3.1,143\n"
        "2026-09-02,70,0,80,200,2,40,4000,9,50%,2.5,120\n",
        encoding="utf-16-le",
    )

    assert total(imported, "visits") == 176
    assert total(imported, "single_page_visits") == 64
    assert total(imported, "completed") == 6
    assert [row["value"] for row in imported.facts["nonadditive"]] == [81, 70]


def test_an_amazon_report_over_14_days_keeps_its_window(bring_text: Bring) -> None:
    imported = bring_text(
        "Start Date,End Date,Currency,Campaign Name,Impressions,Clicks,Spend,"
        "14 Day Total Sales ,14 Day Total Orders (#)\n"
        '"Sep 01, 2026","Sep 01, 2026",EUR,SB,100,4,2.00,59.98,2\n'
        '"Sep 01, 2026","Sep 07, 2026",EUR,SB,100,4,3.00,10.00,1\n'
    )

    assert [row["attribution"] for row in imported.facts["conversions"]] == ["14d"]
    assert total(imported, "spend", "EUR") == 5
    assert {row["metric"] for row in imported.facts["period_figures"]} >= {"spend"}


def test_an_analytics_report_of_several_tables_stops_at_the_first(bring_text: Bring) -> None:
    imported = bring_text(
        "# Start date: 20260901\n# End date: 20260902\n\n"
        "Session primary channel group (Default Channel Group),Sessions,Engaged sessions\n"
        "Direct,10,4\n\n"
        "Country ID,Active users\nFR,8\nBE,2\n"
    )

    assert imported.read.tables[0].rows_data == 1
    assert total(imported, "visits") == 10


def test_a_business_profile_without_a_period_asks_for_it(bring_text: Bring) -> None:
    text = (
        "Store code,Business name,Google Search – Mobile,Google Maps – Mobile,Calls\n"
        ",,Number of people that viewed your profile,Number of people,Number of interactions\n"
        "LYON-01,Great Insurance Lyon,10,5,2\n"
    )
    with pytest.raises(UnreadableFile):
        bring_text(text)

    imported = bring_text(text, name="Insights - 2026-9-1 - 2026-9-30.csv")

    assert total(imported, "impressions") == 15
    assert {row["location"] for row in imported.facts["period_figures"]} == {"LYON-01"}


def test_orders_that_were_cancelled_or_tests_are_left_aside(bring_text: Bring) -> None:
    lines = (
        "1,2026-09-01T10:00:00+02:00,EUR,100.00,order,{paid}\n"
        "2,2026-09-01T11:00:00+02:00,EUR,50.00,order,{cancelled}\n"
        "3,2026-09-01T12:00:00+02:00,EUR,1.00,order,test\n"
        "4,2026-09-02T12:00:00+02:00,EUR,-20.00,refund,{paid}\n"
    )
    english = bring_text(
        "order_id,ordered_at,currency,revenue,kind,status\n"
        + lines.format(paid="paid", cancelled="Cancelled")
    )
    french = bring_text(
        "commande,commandé le,devise,chiffre d’affaires,nature,statut\n"
        + lines.format(paid="payée", cancelled="annulée")
    )

    for imported in (english, french):
        assert total(imported, "revenue", "EUR") == 80
        assert total(imported, "orders") == 1
        assert imported.read.tables[0].rows_aside == 2


def test_our_own_leads_calls_visits_and_rates_are_read(bring_text: Bring) -> None:
    leads = bring_text(
        "lead_id,received_at,channel,status\nL1,2026-09-01 10:00,Direct,new\n"
        "L2,2026-09-01 11:00,Direct,test\n"
    )
    calls = bring_text(
        "call_id,started_at,duration_s,outcome\nC1,2026-09-01T10:00:00Z,63,answered\n"
        "C2,2026-09-01T11:00:00Z,-63,answered\n"
    )
    visits = bring_text("date,visits,completed\n2026-09-01,10,2\n")
    rates = bring_text("date,from,to,rate,source\n2026-09-01,USD,EUR,0.9,BCE\n")

    assert total(leads, "leads") == 1
    assert total(calls, "calls") == 1
    assert calls.facts["calls"][0]["duration_s"] == 63
    refused = [(one.line, str(one.reason)) for one in calls.read.tables[0].refusals]
    assert refused == [(3, "A duration cannot be less than nothing.")]
    assert total(visits, "visits") == 10
    assert [rate[1:4] for rate in rates.prepared.rates] == [("USD", "EUR", Decimal("0.9"))]


def test_an_archive_without_its_newer_columns_is_counted(bring_text: Bring) -> None:
    connections = bring_text(
        "First Name,Last Name,Email Address,Company,Position,Connected On\n"
        "Amélie,A.,,Great Insurance,CEO,08 Feb 2026\n,,,,,07 Jun 2026"
    )
    invitations = bring_text(
        "From,To,Sent At,Message,Direction\n"
        'Bruno,Chloé,"1/29/26, 2:37 PM",,OUTGOING\nDiane,Bruno,"12/9/25, 2:37 PM",,INCOMING\n'
    )

    assert connections.prepared.counts == {"connections": 1, "connections_hidden": 1}
    assert invitations.prepared.counts == {"invitations_sent": 1, "invitations_received": 1}
    assert invitations.read.tables[0].rows_refused == 0
    assert connections.facts == invitations.facts == {}
