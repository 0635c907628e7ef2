"""Tables of the platforms' interfaces are told apart by their columns, however alike they are."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import pytest

from regie.ingestion.files.sheet import Sheet, read_sheets
from regie.ingestion.format import Format
from regie.ingestion.formats import formats
from regie.ingestion.history import ORDER_CODE
from regie.ingestion.recognise import Table, recognise
from regie.ingestion.ties import known_entities, settle
from tests.ingestion.desk import scratch_folder
from tests.ingestion.samples import need_samples, rows

TABLES = rows(Path(__file__).with_name("sample_tables.csv"))
API_FORMATS = [format_ for format_ in formats().values() if format_.origin == "api"]
SAME_HEADER = {"apple_search_ads_api_campaign", "apple_search_ads_api_keyword"}

every_table = pytest.mark.parametrize("row", TABLES, ids=lambda row: row["file"])


def readings(path: Path) -> list[Table]:
    return recognise(read_sheets(path, scratch_folder()), list(formats().values()), path.name)


def table_of(*lines: list[str], name: str = "table.csv") -> list[Table]:
    numbered = list(enumerate(lines, start=1))
    return recognise([Sheet("", numbered, numbered)], list(formats().values()), name)


@every_table
def test_a_sample_table_is_recognised_as_its_own_format(
    row: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    shutil.copy(need_samples() / row["file"], path)

    found = readings(path)

    best = {table.format.name for table in found if table.score == found[0].score}
    assert best == (SAME_HEADER if row["format"] in SAME_HEADER else {row["format"]})


def test_every_sample_table_is_expected_here() -> None:
    samples = need_samples()

    there = {str(path.relative_to(samples)) for path in samples.glob("*/*.csv")}

    assert there == {row["file"] for row in TABLES}


@every_table
def test_columns_of_a_table_may_come_in_any_order(row: dict[str, str], tmp_path: Path) -> None:
    with (need_samples() / row["file"]).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[:3]
    order = list(range(len(lines[0])))
    random.Random(row["file"]).shuffle(order)  # noqa: S311

    found = table_of(*([line[i] for i in order] for line in lines if len(line) == len(order)))

    names = {table.format.name for table in found if table.score == found[0].score}
    assert row["format"] in names


@pytest.mark.parametrize("format_", API_FORMATS, ids=lambda f: f.name)
def test_a_table_of_an_interface_declares_how_it_is_written(format_: Format) -> None:
    assert format_.decimal == "."
    assert format_.name.startswith(f"{format_.platform}_") or "_api" in format_.name
    if format_.fact == "history":
        kinds = {"account", "campaign", "ad_group", "ad", "keyword", ORDER_CODE}
        assert format_.entity_kind in kinds
        assert "entity_id" in {column.name for column in format_.columns}
    if format_.fact == "performance":
        assert format_.level


def test_a_list_of_campaigns_that_holds_ads_is_no_list_of_campaigns() -> None:
    found = table_of(["ad_id", "updated_at", "advertiser_id", "adgroup_id", "campaign_id",
                      "ad_name"], name="tiktok_campaign_history.csv")  # fmt: skip

    assert [table.format.entity_kind for table in found] == ["ad"]


@pytest.mark.parametrize("split", ["country", "region", "age", "gender"])
def test_a_split_of_the_same_days_never_passes_for_the_days(split: str) -> None:
    found = table_of(["ad_id", "date", "account_id", split, "impressions", "inline_link_clicks",
                      "spend"])  # fmt: skip

    assert "performance" not in {table.format.fact for table in found}


def test_an_id_and_a_name_alone_are_nobodys_accounts() -> None:
    assert table_of(["id", "name", "colour"]) == []
    assert table_of(["id", "name"]) == []


REPORT = ["date", "id", "impressions", "taps", "tap_installs", "local_spend_amount",
          "local_spend_currency"]  # fmt: skip
ROW = ["2026-09-01", "700", "10", "2", "1", "1.50", "EUR"]
CAMPAIGNS = table_of(
    ["id", "name", "organization_id", "adam_id", "modification_time"],
    ["600", "Marque", "1", "9", "2026-09-01T00:00:00"],
)
KEYWORDS = table_of(
    ["id", "text", "match_type", "ad_group_id", "bid_amount"],
    ["700", "assurance", "EXACT", "50", "1.5"],
)


def test_two_reports_with_one_header_are_told_apart_by_the_ids_of_the_call() -> None:
    known = known_entities([CAMPAIGNS[0], KEYWORDS[0]])

    assert known == {"campaign": {"600"}, "keyword": {"700"}}
    assert settle(table_of(REPORT, ROW), known, "campaign.csv").format.level == "keyword"
    as_campaign = [*ROW[:1], "600", *ROW[2:]]
    assert settle(table_of(REPORT, as_campaign), known, "keyword.csv").format.level == "campaign"


def test_the_name_of_a_file_speaks_only_where_nothing_else_does() -> None:
    assert settle(table_of(REPORT, ROW), {}, "keyword_report.csv").format.level == "keyword"
    assert settle(table_of(REPORT, ROW), {}, "report.csv").format.level == "campaign"


def test_a_clear_winner_needs_no_settling() -> None:
    assert settle(CAMPAIGNS, {"keyword": {"600"}}).format.entity_kind == "campaign"
