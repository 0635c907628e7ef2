"""A file that leaves a question open still says what it holds, and the answer brings it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.installation import Installation

pytestmark = pytest.mark.slow

PROFILE = (
    "Store code,Business name,Google Search - Mobile,Calls,Directions,Website clicks\n"
    ",,Number of people,Number of interactions,Number of unique people,Number of interactions\n"
    "LYON-01,Horizon Lyon,812,41,98,63\nPARIS-02,Horizon Paris,1502,73,150,120\n"
    "NICE-03,Horizon Nice,1,1,1,12.7\n"
)
TRAFFIC = (
    "# Start date: 20260901\n# End date: 20260902\n\n"
    "Session primary channel group (Default Channel Group),Sessions,Key events,Total revenue\n"
    "Organic Search,1520,31,1290.5\nDirect,402,2,0\n"
)
ASKED = ("query", "--metrics", "calls,directions,website_clicks", "--format", "json")


def test_figures_without_days_wait_for_their_period(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "insights.csv"
    file.write_text(PROFILE, encoding="utf-8")

    (open_,) = installation.json("import", file, "--json", status=3)["files"]

    assert open_["question"]
    assert open_["totals"]["directions"] == {"": "248"}
    assert open_["counts"]["calls"] == 114
    assert (open_["rows_read"], open_["rows_imported"]) == (4, 0)
    assert (open_["rows_refused"], open_["rows_total_or_skipped"]) == (3, 1)

    period = ("--period", "2026-09-01..2026-09-30")
    (answered,) = installation.json("import", file, *period, "--json", status=3)["files"]

    assert answered["question"] is None
    assert (answered["rows_imported"], answered["rows_refused"]) == (2, 1)
    assert [(one["line"], one["column"]) for one in answered["refused"]] == [(5, "Website clicks")]
    assert installation.json(*ASKED)["totals"] == {
        "calls": "114", "directions": "248", "website_clicks": "183",
    }  # fmt: skip


def test_revenue_without_a_currency_waits_for_it(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "traffic.csv"
    file.write_text(TRAFFIC, encoding="utf-8")

    (waiting,) = installation.json("import", file, "--json")["files"]
    (known,) = installation.json("import", file, "--currency", "EUR", "--json")["files"]

    assert waiting["totals"]["visits"] == {"": "1922"}
    assert waiting["totals"]["conversion_value"] == {"": "1290.5"}
    assert known["totals"]["conversion_value"] == {"EUR": "1290.5"}
