"""Files as people really have them: re-saved, reordered, with lines that are wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel.i18n import Sentence, say
from regie.kernel.periods import parse_period
from tests.ingestion.desk import Imported, bring, bring_text

FRENCH = "Campagne;Jour;Code de devise;Coût;Impr.;Clics\n"
RE_SAVED = FRENCH + "A;01/09/2026;EUR;1,50;10;1\nA;02/09/2026;EUR;2,50;10;1\n"
TITLE = "Rapport sur les campagnes;;;;;\n{};;;;;\n"
ORDERS = "order_id,ordered_at,currency,revenue,kind\n"


def days(imported: Imported) -> set[str]:
    return {str(row["date"]) for row in imported.facts["performance"]}


def refused(imported: Imported) -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in imported.read.tables[0].refusals]


def spend(imported: Imported) -> Decimal:
    return imported.prepared.totals["spend"]["EUR"]


def test_the_period_above_the_header_says_which_of_day_and_month_comes_first(
    tmp_path: Path,
) -> None:
    title = TITLE.format("1 septembre 2026 - 30 septembre 2026")

    imported = bring_text(tmp_path, title + RE_SAVED, encoding="cp1252")

    assert days(imported) == {"2026-09-01", "2026-09-02"}


def test_a_title_written_with_slashes_decides_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as question:
        bring_text(tmp_path, TITLE.format("01/09/2026 - 02/09/2026") + RE_SAVED)

    assert question.value.code == "needs_period"


def test_days_that_could_be_two_are_asked_for_and_the_period_answers(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        bring_text(tmp_path, RE_SAVED)

    period = parse_period("2026-09-01..2026-09-30")
    assert days(bring_text(tmp_path, RE_SAVED, period=period)) == {"2026-09-01", "2026-09-02"}


def test_an_impossible_day_does_not_turn_the_others_round(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "Start Date (in UTC)\tCampaign Group Name\tCampaign Name\tCurrency\tTotal Spent\t"
        "Impressions\n9/1/2026\tG\tA\tEUR\t1\t10\n13/2/2026\tG\tA\tEUR\t2\t10\n",
        encoding="utf-16-le",
    )

    assert days(imported) == {"2026-09-01"}
    assert refused(imported) == [(3, "Start Date (in UTC)")]


def test_a_campaign_called_total_is_data_even_without_days_and_ids(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        'Campaign report\n"September 1, 2026 - September 30, 2026"\n'
        "Campaign status,Campaign,Currency code,Cost,Impr.,Clicks\n"
        "Enabled,Total : promo,EUR,5,1,1\nEnabled,Brand,EUR,10,1,1\n"
        "Total: Campaigns, --,EUR,15,2,2\n",
    )

    assert spend(imported) == 15
    assert imported.read.tables[0].rows_aside == 1
    assert imported.prepared.notes == []


@pytest.mark.parametrize("share", ["< 10%", "< 10 %", "<\u00a010\u202f%", "> 90%", " --"])
def test_a_share_that_is_only_a_limit_is_no_figure_and_no_mistake(
    share: str, tmp_path: Path
) -> None:
    imported = bring_text(
        tmp_path,
        "Campaign,Day,Currency code,Cost,Impr.,Clicks,Search impr. share\n"
        f"A,2026-09-01,EUR,1,1,1,{share}\n",
    )

    assert refused(imported) == []
    assert "nonadditive" not in imported.facts


def test_native_counts_leave_refused_lines_out(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "Store code,Business name,Google Search - Mobile,Calls,Directions\n"
        "A,Lyon,1,10,1\nB,Paris,1,5,x\n",
        name="insights 2026-09-01 2026-09-30.csv",
    )

    assert refused(imported) == [(3, "Directions")]
    assert imported.prepared.counts["calls"] == 10


def test_an_order_that_stands_twice_counts_once(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        ORDERS + "1,2026-09-01 10:00,EUR,100.00,order\n1,2026-09-01 10:00,EUR,100.00,order\n"
        "1,2026-09-01 10:00,EUR,120.00,order\n"
        "1,2026-09-02 10:00,EUR,-5,refund\n1,2026-09-03 10:00,EUR,-6,refund\n",
    )
    staged = imported.read.tables[0]

    assert (staged.rows_read, staged.rows_data, staged.rows_refused, staged.rows_aside) == (
        5, 3, 1, 1,
    )  # fmt: skip
    assert refused(imported) == [(4, "order_id")]
    assert imported.prepared.totals["revenue"]["EUR"] == 89
    assert imported.prepared.totals["orders"][""] == 1


def test_orders_are_sales_or_refunds_in_either_language_and_letter_case(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        ORDERS + "1,2026-09-01,EUR,100,Order\n2,2026-09-01,EUR,10,commande\n"
        "3,2026-09-02,EUR,5,Remboursement\n4,2026-09-02,EUR,5,gift\n",
    )

    assert imported.prepared.totals["orders"][""] == 2
    assert imported.prepared.totals["revenue"]["EUR"] == 105
    assert refused(imported) == [(5, "kind")]


def test_moments_may_be_written_as_a_french_spreadsheet_writes_them(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "commande;commandé le;devise;montant\nA1;01/09/2026 23:30;EUR;1 234,56 €\n"
        "A2;15/09/2026;EUR;1,00\n",
        encoding="cp1252",
        time_zone="Europe/Paris",
    )

    assert imported.read.tables[0].period == parse_period("2026-09-01..2026-09-15")
    assert imported.prepared.totals["revenue"]["EUR"] == Decimal("1235.56")


def test_a_rate_of_nothing_or_between_no_currencies_is_refused(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "date,from,to,rate\n2026-09-01,USD,EUR,0.9\n2026-09-02,USD,EUR,0\n"
        "2026-09-03,USD,EUR,-1\n2026-09-04,US,EUR,1\n",
    )

    assert refused(imported) == [(3, "rate"), (4, "rate"), (5, "from")]
    assert imported.prepared.counts["rates"] == 1


GA4 = "# Start date: 20260901\n# End date: 20260902\n\n"
CHANNELS = (
    "Session primary channel group (Default Channel Group),Sessions,Key events\n"
    "Direct,10,1\nReferral,5,2\n"
)


@pytest.mark.parametrize(
    "text",
    [
        GA4 + CHANNELS + "\nCountry ID,Active users\nFR,8\nBE,2\n",
        GA4 + "Country ID,Active users\nFR,8\nBE,2\n\n# All Users\n\n" + CHANNELS,
    ],
    ids=["first", "last"],
)
def test_of_several_tables_the_one_with_visits_is_stored_wherever_it_stands(
    text: str, tmp_path: Path
) -> None:
    imported = bring_text(tmp_path, text)
    staged = imported.read.tables[0]

    assert imported.prepared.totals["visits"][""] == 15
    assert (staged.rows_read, staged.rows_data, staged.rows_aside) == (4, 2, 2)


def test_a_second_table_of_the_same_visits_is_not_added(tmp_path: Path) -> None:
    again = "\nSession source / medium,Sessions,Key events\ngoogle / cpc,15,3\n"

    imported = bring_text(tmp_path, GA4 + CHANNELS + again)

    assert imported.prepared.totals["visits"][""] == 15
    assert "other tables" in str(imported.prepared.notes[0])


def test_a_grand_total_is_none_of_the_data_even_without_a_dimension_we_know(
    tmp_path: Path,
) -> None:
    imported = bring_text(
        tmp_path,
        "# 20260901-20260902\n\nNth day,Sessions,Key events\n,15,3,Grand total\n"
        "0000,10,1\n0001,5,2\n",
    )

    assert imported.prepared.totals["visits"][""] == 15
    assert imported.read.tables[0].rows_aside == 1


WEEKLY = (
    '"Report Time: 9/9/2026,9/15/2026"\n"Report Aggregation: Weekly"\n'
    '"Potential Incomplete Data: true"\n"Rows: 2"\n\n'
    '"TimePeriod","AccountId","CampaignName","CurrencyCode","Impressions","Clicks","Spend"\n'
    '"9/6/2026","500","A","EUR","10","1","10.50"\n"9/13/2026","500","A","EUR","10","1","20.50"\n'
)


def periods(imported: Imported) -> set[tuple[str, str]]:
    figures = imported.facts["period_figures"]
    return {(str(row["date"]), str(row["period_end"])) for row in figures}


def test_weeks_are_figures_of_their_period_and_end_where_the_report_does(tmp_path: Path) -> None:
    imported = bring_text(tmp_path, WEEKLY)

    assert "performance" not in imported.facts
    assert periods(imported) == {("2026-09-09", "2026-09-12"), ("2026-09-13", "2026-09-15")}
    assert spend(imported) == 31
    assert "incomplete" in str(imported.prepared.notes[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Campaign,Month,Currency code,Cost,Impr.,Clicks\nA,2026-08-01,EUR,1,1,1\n",
            ("2026-08-01", "2026-08-31"),
        ),
        *(
            (
                f"Campagne,Mois,Code de devise,Coût,Impr.,Clics\nA,{month},EUR,1,1,1\n",
                ("2026-08-01", "2026-08-31"),
            )
            for month in ("août 2026", "August 2026", "08/2026")
        ),
        ("date,nb_visits,bounce_count\n2026-02,10,1\n", ("2026-02-01", "2026-02-28")),
        (
            "date,nb_visits,bounce_count\nFrom 2026-09-07 to 2026-09-13,10,1\n",
            ("2026-09-07", "2026-09-13"),
        ),
    ],
)
def test_months_and_ranges_are_figures_of_their_period(
    text: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    assert periods(bring_text(tmp_path, text)) == {expected}


def test_a_line_without_a_readable_week_is_refused(tmp_path: Path) -> None:
    imported = bring_text(tmp_path, WEEKLY.replace("9/13/2026", "13/32/2026"))

    assert refused(imported) == [(8, "TimePeriod")]


def test_names_that_were_garbled_with_the_header_are_mended(tmp_path: Path) -> None:
    text = (
        "Jour,Nom de la campagne,Montant dépensé (EUR),Impressions,Clics (tous)\n"
        "2026-09-01,Été à Nîmes,1,1,1\n"
    )

    imported = bring_text(tmp_path, text.encode().decode("latin-1"))

    assert {row["campaign_id"] for row in imported.facts["performance"]} == {"name:Été à Nîmes"}


def test_french_amazon_labels_are_known_by_their_words_and_days(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "Date de début,Date de fin,Devise,Nom de la campagne,Impressions,Clics,Dépenses,"
        "Total des ventes des 14 jours,Nombre total de commandes - 14 jours,"
        "Total des ventes SKU annoncées 14 jours\n"
        '"Sep 01, 2026","Sep 01, 2026",EUR,C,10,1,1.50,20.00,2,7\n',
    )

    assert imported.read.tables[0].table.format.name == "amazon_ads_14_day"
    assert imported.prepared.totals["conversion_value"]["EUR"] == 20
    assert imported.prepared.totals["conversions"][""] == 2


def test_an_attribution_setting_is_the_same_window_in_both_languages(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "Day,Campaign name,Amount spent (EUR),Impressions,Clicks (all),Purchases,"
        "Attribution setting\n"
        "2026-09-01,A,1,1,1,1,7-day click or 1-day view\n"
        "2026-09-01,B,1,1,1,1,Clic dans les 7 jours ou vue dans la journée\n"
        "2026-09-01,C,1,1,1,1,Something new\n",
    )

    windows = {row["campaign_id"]: row["attribution"] for row in imported.facts["conversions"]}
    assert windows == {
        "name:A": "7d_click_1d_view", "name:B": "7d_click_1d_view", "name:C": "Something new",
    }  # fmt: skip


def test_a_reason_inside_a_sentence_is_kept_and_translated_with_it() -> None:
    said = say("{count} lines: {reason}", count=2, reason=Sentence("they repeat"))
    kept = Sentence.from_json(said.to_json())
    french = {"{count} lines: {reason}": "{count} lignes : {reason}", "they repeat": "en double"}

    assert str(kept) == "2 lines: they repeat"
    assert kept.text(french.__getitem__) == "2 lignes : en double"


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_a_french_total_is_one_whatever_space_stands_before_its_colon(
    space: str, tmp_path: Path
) -> None:
    imported = bring_text(
        tmp_path,
        "Rapport sur les campagnes\n1 septembre 2026 - 2 septembre 2026\n"
        "Campagne\tJour\tCode de devise\tCoût\tImpr.\tClics\n"
        f"A\t2026-09-01\tEUR\t1,50\t10\t1\nTotal{space}: compte\t --\tEUR\t1,50\t10\t1\n",
        encoding="utf-16-le",
    )

    assert imported.read.tables[0].rows_aside == 1
    assert refused(imported) == []


def test_a_line_that_stops_before_its_figures_is_refused(tmp_path: Path) -> None:
    header = "Campaign,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"
    whole = "A,2026-09-01,EUR,1,10,1,0,0\n"

    imported = bring_text(
        tmp_path,
        f"{header}{whole}B,2026-09-02,EUR\n{whole}C,2026-09-03,EUR,1,10,1,2\n{whole}",
    )

    assert refused(imported) == [(3, "Cost"), (5, "Conv. value")]
    assert "stops after 3 of 8 cells" in str(imported.read.tables[0].refusals[0].reason)
    assert spend(imported) == 3


def test_empty_cells_that_a_spreadsheet_left_out_at_the_end_cut_no_line(tmp_path: Path) -> None:
    header = "Campaign,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"

    imported = bring_text(
        tmp_path, header + "A,2026-09-01,EUR,1,10,1\n" * 3 + "A,2026-09-02,EUR,1,10,1,2,3\n"
    )

    assert refused(imported) == []
    assert spend(imported) == 4


@pytest.mark.parametrize(
    "day", ["1er septembre 2026", "mardi 1 septembre 2026", "mar. 1 sept. 2026", "01-sept-26",
            "Tue, Sep 1, 2026", "2026/09/01", "2026/9/1"],
)  # fmt: skip
def test_a_day_may_be_spelled_out_with_its_name(day: str, tmp_path: Path) -> None:
    imported = bring_text(tmp_path, FRENCH + f'A;"{day}";EUR;1,50;10;1\n')

    assert days(imported) == {"2026-09-01"}


def test_a_meta_report_of_few_columns_is_known_by_its_spend(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "Jour,Nom de la campagne,Montant dépensé (EUR),Impressions\n2026-09-01,A,1.5,10\n",
    )

    assert imported.read.tables[0].table.format.name == "meta_ads"


def test_names_in_two_encodings_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    header = "Campaign,Day,Currency code,Cost,Impr.,Clicks\n"
    lines = [f"{name},2026-09-01,EUR,1,10,1\n" for name in ("Été", "Hiver à Nîmes")]
    path.write_bytes(header.encode() + lines[0].encode() + lines[1].encode("cp1252"))

    imported = bring(path, tmp_path)

    names = {row["campaign_id"] for row in imported.facts["performance"]}
    assert names == {"name:Été", "name:Hiver à Nîmes"}


def test_the_footer_and_the_total_of_large_reports_are_no_data(tmp_path: Path) -> None:
    imported = bring_text(
        tmp_path,
        "By Day,Campaign name,Cost,Impressions,Clicks (destination),Currency\n"
        '2026-09-01,A,1.5,10,1,EUR\n"Total of 1,234 results",-,1.5,10,1,EUR\n',
    )
    assert (imported.read.tables[0].rows_data, imported.read.tables[0].rows_aside) == (1, 1)

    footed = bring_text(tmp_path, WEEKLY + '"2026 Microsoft Corporation. All rights reserved."\n')
    assert refused(footed) == []
