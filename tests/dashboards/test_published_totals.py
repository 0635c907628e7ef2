"""The published samples, imported and asked as a person does, give the expected figures exactly."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regie.domain.metrics.query import Answer
from tests.cast import Cast, ask, bring
from tests.ingestion.samples import SAMPLES, expected, need_samples
from tests.ingestion.test_exports_totals import EXPORTS, IN_TOTALS, MANIFEST

pytestmark = pytest.mark.slow

PERFORMANCE = sorted({row["platform"] for row in expected("expected_totals.csv")}) or ["google_ads"]
MEASURES = ["impressions", "clicks", "link_clicks", "spend", "conversions", "conversion_value"]
MONEY = {"spend", "conversion_value", "total_revenue"}


def exact(text: str) -> Decimal:
    return Decimal(text) if text else Decimal(0)


def measured(row: dict[str, Any]) -> dict[str, Decimal]:
    clicks = row["clicks"] if row["clicks"] is not None else row["link_clicks"]
    return {
        "impressions": Decimal(row["impressions"] or 0),
        "clicks": Decimal(clicks or 0),
        "spend": Decimal(row["spend"] or 0),
        "conversions": Decimal(row["conversions"] or 0),
        "conversions_value": Decimal(row["conversion_value"] or 0),
    }


def due_of(row: dict[str, str]) -> dict[str, Decimal]:
    found = {name: exact(row[name]) for name in ("impressions", "clicks", "conversions",
                                                 "conversions_value")}  # fmt: skip
    return found | {"spend": exact(row["spend_local"])}


def by_level(cast: Cast, *more: str) -> Answer:
    return ask(cast.chloe, MEASURES, ["level", *more])


@pytest.mark.parametrize("folder", PERFORMANCE)
def test_sample_tables_answer_by_level_currency_and_day(cast: Cast, folder: str) -> None:
    paths = sorted((need_samples() / folder).glob("*.csv"))
    for record in bring(cast.nantes, *paths):
        assert record.rows_refused == 0, record.file_name
    totals = [row for row in expected("expected_totals.csv") if row["platform"] == folder]

    answer = {(row["level"], row["currency"]): row for row in by_level(cast).rows}

    assert set(answer) == {(row["level"], row["currency"]) for row in totals}
    for row in totals:
        assert measured(answer[row["level"], row["currency"]]) == due_of(row), row["level"]
    _check_days(cast, folder)


def _check_days(cast: Cast, folder: str) -> None:
    found: dict[tuple[str, ...], dict[str, Decimal]] = {}
    for row in by_level(cast, "date", "account").rows:
        key = (row["account_id"], row["level"], row["currency"], row["date"].isoformat())
        found[key] = measured(row)
    due = [row for row in expected("expected.csv") if row["platform"] == folder]
    for row in due:
        here = [
            value for (account, *rest), value in found.items()
            if rest == [row["level"], row["currency"], row["date"]]
            and row["account_id"] in {"", account}
        ]  # fmt: skip
        assert here, row
        added = {name: sum((one[name] for one in here), Decimal(0)) for name in here[0]}
        assert added == due_of(row), row


@pytest.mark.skipif(not MANIFEST, reason=f"the sample exports are not at {EXPORTS}")
@pytest.mark.parametrize(
    "name", sorted(n for n in MANIFEST if set(MANIFEST[n]["totals"]) & set(IN_TOTALS))
)
def test_a_sample_export_answers_the_totals_of_its_manifest(cast: Cast, name: str) -> None:
    stated = MANIFEST[name]["totals"]
    platform = MANIFEST[name]["platform"]
    options = {"period": "2026-09-01..2026-09-30"} if "business_profile" in name else {}
    (record,) = bring(cast.nantes, EXPORTS / name, **options)
    assert record.state == "published", record.question

    for word, value in stated.items():
        if word not in IN_TOTALS:
            continue
        metric = IN_TOTALS[word]
        if metric == "clicks" and platform == "tiktok_ads":
            metric = "link_clicks"
        if word == "total_revenue":
            metric = "total_revenue"
        found = ask(cast.chloe, [metric]).totals[metric]
        if metric in MONEY:
            found = found[stated.get("currency", "")]
        assert found == Decimal(str(value)), word


def test_the_shared_samples_are_where_they_are_said_to_be() -> None:
    if "REGIE_SHARED" in os.environ:
        assert (Path(os.environ["REGIE_SHARED"]) / "samples").is_dir()
        json.loads((EXPORTS / "manifest.json").read_text())
    assert SAMPLES.name == "samples"
