"""Files as people really have them: re-saved, reordered, with lines that are wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel.periods import parse_period
from tests.ingestion.desk import Imported, bring_text

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
