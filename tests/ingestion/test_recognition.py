"""Files are recognised by what they hold: their name, encoding and order of columns may lie."""

from __future__ import annotations

import codecs
import csv
import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.ingestion.files.sheet import Sheet, read_sheets
from regie.ingestion.formats import formats
from regie.ingestion.labels import normal, repair
from regie.ingestion.recognise import Table, recognise
from regie.kernel.periods import parse_period
from tests.ingestion.desk import scratch_folder

ROOT = Path(__file__).parents[2]
EXPORTS = Path(os.environ.get("REGIE_SHARED", ROOT.parent / "shared")) / "exports"
EXPECTED = {
    "amazon_sp_search_term_report_en.xlsx": "amazon_ads_7_day",
    "ga4_exploration_free_form_en.csv": "ga4",
    "ga4_traffic_acquisition_en.csv": "ga4",
    "google_ads_campaign_report_en.csv": "google_ads",
    "google_ads_rapport_campagnes_fr_utf16.csv": "google_ads",
    "google_business_profile_insights_en.csv": "google_business_profile",
    "linkedin_Connections_en.csv": "linkedin_connections",
    "linkedin_Invitations_en.csv": "linkedin_invitations",
    "linkedin_account_500000001_campaign_performance_report_en.csv": "linkedin_ads",
    "linkedin_account_500000001_campaign_performance_report_fr.csv": "linkedin_ads",
    "linkedin_page_content_analytics_en.xls": "linkedin_page_content",
    "meta_ads_manager_en.csv": "meta_ads",
    "meta_ads_manager_fr.csv": "meta_ads",
    "tiktok_ads_manager_en.xlsx": "tiktok_ads",
}

META_FR = (
    "Début des rapports,Fin des rapports,Jour,Nom de la campagne,Montant dépensé (EUR),"
    "Impressions,Couverture,Clics sur le lien,Clics (tous),Achats\n"
    "2026-09-01,2026-09-02,2026-09-01,Été,152.37,48211,39120,402,611,7\n"
)
GOOGLE_FR = (
    "Rapport sur les campagnes\n1 septembre 2026 - 2 septembre 2026\n"
    "État de la campagne;Campagne;Jour;Code de devise;Coût;Impr.;Clics;CPC moy.\n"
    "Activée;Marque | Réseau;2026-09-01;EUR;1 234,56;12 345;321;3,85\n"
)
MICROSOFT = (
    '"Report Name: Campaigns"\n"Report Time: 9/1/2026, 9/2/2026"\n'
    '"Time Zone: (GMT+01:00) Brussels, Copenhagen, Madrid, Paris"\n'
    '"Last Completed Available Day: 9/2/2026"\n"Last Completed Available Hour: 23"\n'
    '"Report Aggregation: Daily"\n"Report Filter: "\n"Potential Incomplete Data: true"\n"Rows: 1"\n'
    '"TimePeriod","AccountId","CampaignId","CampaignName","CurrencyCode","Impressions","Clicks",'
    '"Spend","Conversions","ConversionsQualified","Revenue"\n'
    '"9/1/2026","1","2","Marque","EUR","10","1","1.50","1","0.50","1,000.00"\n'
    '"@2026 Microsoft Corporation. All rights reserved. "\n'
)


def recognised(path: Path, name: str = "") -> list[Table]:
    return recognise(
        read_sheets(path, scratch_folder()), list(formats().values()), name or path.name
    )


def header(*labels: str) -> list[Table]:
    sheet = Sheet("", [(1, list(labels))], rows=[(1, list(labels))])
    return recognise([sheet], list(formats().values()), "report.csv")


@pytest.fixture
def exports() -> Path:
    if not EXPORTS.is_dir():
        pytest.skip(f"the sample exports are not at {EXPORTS}; set REGIE_SHARED")
    return EXPORTS


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.parametrize("misleading", ["rapport.csv", "orders.xlsx", "google_ads", "matomo.xls"])
def test_a_sample_export_is_recognised_under_a_misleading_name(
    name: str, misleading: str, exports: Path, tmp_path: Path
) -> None:
    path = tmp_path / misleading
    shutil.copy(exports / name, path)

    assert recognised(path)[0].format.name == EXPECTED[name]


def test_every_sample_export_is_expected_here(exports: Path) -> None:
    samples = {path.name for path in exports.iterdir() if path.suffix not in {".md", ".json"}}

    assert samples == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_columns_may_come_in_any_order(name: str, exports: Path) -> None:
    table = recognised(exports / name)[0]
    labels = list(table.labels)
    random.Random(7).shuffle(labels)  # noqa: S311
    above = [line for line in table.sheet.preview if line[0] < table.header_line]
    sheet = Sheet("", [*above, (table.header_line, labels)], rows=[])

    again = recognise([sheet], list(formats().values()), name)[0]

    assert again.format.name == table.format.name
    assert set(again.cells) == set(table.cells)
    for word, places in again.cells.items():
        given = [again.labels[place] for place in places]
        assert given == [table.labels[place] for place in table.cells[word]]


def test_a_file_whose_encoding_was_broken_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "meta.csv"
    path.write_text(META_FR.encode().decode("cp1252"), encoding="utf-8")

    table = recognised(path)[0]

    assert table.format.name == "meta_ads"
    assert {"spend", "date", "reach", "link_clicks"} <= set(table.cells)
    assert table.currency == "EUR"


def test_a_file_saved_again_by_a_french_spreadsheet_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "rapport.csv"
    path.write_text(GOOGLE_FR, encoding="cp1252")

    table = recognised(path)[0]

    assert table.format.name == "google_ads"
    assert (table.sheet.delimiter, table.sheet.encoding.name) == (";", "cp1252")
    assert table.preamble.period == parse_period("2026-09-01..2026-09-02")


@pytest.mark.parametrize(
    "format_name", ["meta_ads_manager_fr.csv", "ga4_traffic_acquisition_en.csv"]
)
def test_a_platform_file_saved_again_by_a_spreadsheet_is_recognised(
    format_name: str, exports: Path, tmp_path: Path
) -> None:
    path = tmp_path / "classeur.csv"
    with (exports / format_name).open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    with path.open("w", encoding="cp1252", newline="") as target:
        csv.writer(target, delimiter=";").writerows(rows)

    assert recognised(path)[0].format.name == EXPECTED[format_name]


def test_a_file_of_unknown_columns_is_not_recognised(tmp_path: Path) -> None:
    path = tmp_path / "google_ads_campaign_report.csv"
    path.write_text("Plat,Prix,Allergènes\nTarte,4.50,Gluten\n", encoding="utf-8")

    assert recognised(path) == []


def test_one_familiar_column_is_not_enough() -> None:
    assert header("Campaign", "Colour", "Taste") == []
    assert header("Date", "Impressions") == []


def test_the_metadata_of_a_microsoft_report_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(codecs.BOM_UTF8.decode() + MICROSOFT, encoding="utf-8")

    table = recognised(path)[0]

    assert table.format.name == "microsoft_ads"
    assert table.preamble.rows == 1
    assert table.preamble.time_zone == "Europe/Paris"
    assert table.preamble.period == parse_period("2026-09-01..2026-09-02")
    assert table.labels[table.cells["conversions"][0]] == "ConversionsQualified"


def test_a_matomo_report_is_recognised_in_its_own_encoding(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    text = (
        "date,nb_uniq_visitors,nb_visits,nb_visits_converted,bounce_count,bounce_rate\n"
        "2026-09-01,81,96,4,24,25%\n"
    )
    path.write_bytes(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))

    table = recognised(path)[0]

    assert table.format.name == "matomo"
    assert set(table.cells) == {
        "date", "unique_visitors", "visits", "completed", "single_page_visits",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "account", "period"),
    [
        ("linkedin_account_500000001_campaign_performance_report_en.csv", "500000001", True),
        ("linkedin_account_500000001_campaign_performance_report_fr.csv", "500000001", True),
        ("ga4_traffic_acquisition_en.csv", "Acme - GA4", True),
        ("ga4_exploration_free_form_en.csv", "Acme - GA4", True),
    ],
)
def test_what_stands_above_the_header_is_read(
    name: str, account: str, period: bool, exports: Path
) -> None:
    preamble = recognised(exports / name)[0].preamble

    assert account in {preamble.account_id, preamble.account_name}
    assert (preamble.period == parse_period("2026-09-01..2026-09-02")) is period


@pytest.mark.parametrize(
    ("file_name", "period"),
    [
        ("Insights - 2026-9-1 - 2026-9-30.csv", "2026-09-01..2026-09-30"),
        ("insights_2026-09.csv", "2026-09"),
        ("insights (downloaded 2026-10-02).csv", None),
        ("insights.csv", None),
    ],
)
def test_the_period_of_a_business_profile_comes_from_the_file_name(
    file_name: str, period: str | None, exports: Path
) -> None:
    table = recognised(exports / "google_business_profile_insights_en.csv", file_name)[0]

    assert table.preamble.period == (parse_period(period) if period else None)


def test_dashes_of_all_widths_are_alike() -> None:
    wide = header("Store code", "Business name", "Google Search – Mobile", "Google Maps — Desktop")

    assert wide[0].format.name == "google_business_profile"
    assert len(wide[0].cells["impressions"]) == 2


def test_labels_are_matched_whole_and_never_by_their_beginning() -> None:
    found = header("Campaign status", "Campaign", "Cost", "Avg. cost", "All conv.", "Impr.")[0]

    assert "conversions" not in found.cells
    assert found.labels[found.cells["spend"][0]] == "Cost"


def test_a_campaign_group_of_linkedin_is_a_campaign_elsewhere() -> None:
    found = header("Start Date (in UTC)", "Campaign Group Name", "Campaign Name", "Total Spent")[0]

    assert found.labels[found.cells["campaign"][0]] == "Campaign Group Name"
    assert found.labels[found.cells["ad_group"][0]] == "Campaign Name"


def test_a_linkedin_report_with_end_dates_is_one_of_periods() -> None:
    found = header(
        "Start Date (in UTC)", "End Date (in UTC)", "Campaign Name", "Total Spent", "Impressions"
    )[0]

    assert found.format.name == "linkedin_ads_periods"
    assert {"period_start", "period_end"} <= set(found.cells)


def test_a_meta_report_without_days_is_one_of_periods() -> None:
    found = header("Reporting starts", "Reporting ends", "Campaign name", "Amount spent (JPY)")[0]

    assert found.format.name == "meta_ads"
    assert "date" not in found.cells
    assert found.currency == "JPY"


def test_the_window_of_amazon_sales_is_told_by_their_label() -> None:
    def of(days: int) -> str:
        return header(
            "Start Date", "End Date", "Campaign Name", "Customer Search Term", "Spend",
            f"{days} Day Total Sales ", f"{days} Day Total Orders (#)",
        )[0].format.attribution  # fmt: skip

    assert (of(7), of(14)) == ("7d", "14d")


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("Date", "Country", "Sessions", "Active users"), "ga4"),
        (("Landing page", "Sessions", "Active users"), "ga4"),
        (("Country ID", "Active users"), "ga4_users"),
        (("Page path and screen class", "Views", "Active users"), "ga4_pages"),
        (("Date", "Page path", "Sessions", "Active users"), "ga4_pages"),
    ],
)
def test_what_overlaps_in_analytics_is_counted_and_not_stored(
    labels: tuple[str, ...], expected: str
) -> None:
    found = header(*labels)[0]

    assert found.format.name == expected
    assert (found.format.fact == "visits") is (expected == "ga4")


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("order_id,ordered_at,currency,revenue,kind,status,location,channel,source,medium,campaign,"
         "promo_code,customer,new_customer", "orders"),
        ("lead_id,received_at,location,channel,source,medium,campaign,form,status", "leads"),
        ("call_id,started_at,duration_s,location,channel,source,campaign,outcome", "calls"),
        ("date,location,channel,source,medium,campaign,landing_page,visits,engaged_visits,"
         "single_page_visits,completed,key_events", "visits"),
        ("date,from,to,rate,source", "currency_rates"),
        ("commande,date de commande,devise,montant,statut,magasin", "orders"),
        ("lead_id,reçu le,formulaire,statut", "leads"),
        ("id_appel,début,durée (s),issue", "calls"),
        ("jour,agence,visites,visites engagées", "visits"),
        ("jour,de,vers,taux", "currency_rates"),
    ],
)  # fmt: skip
def test_our_own_files_are_understood_to_the_last_column(labels: str, expected: str) -> None:
    found = header(*labels.split(","))[0]

    assert found.format.name == expected
    assert sum(len(places) for places in found.cells.values()) == len(labels.split(","))


@given(st.text())
def test_a_normal_label_is_already_normal(label: str) -> None:
    assert normal(normal(label)) == normal(label)


@given(st.text(alphabet="abcdeéèêàçùîô ’'-", max_size=30))
def test_repairing_leaves_well_written_text_alone(label: str) -> None:
    assert repair(label) == label


@given(st.text(alphabet="abcdeéèêçùô ()", min_size=1, max_size=30))
def test_a_label_that_was_broken_is_the_same_label(label: str) -> None:
    broken = label.encode().decode("cp1252", errors="ignore")

    if broken.encode("cp1252") == label.encode():
        assert normal(broken) == normal(label)
