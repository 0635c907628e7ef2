"""The warehouse is rebuilt from the kept inputs, and shows what it showed before."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from regie.apps.access.context import operating
from regie.apps.connections import services
from regie.apps.connections.models import Import
from regie.apps.connections.storage import raw_folder
from regie.kernel.errors import Refused
from tests.cast import Cast, ask, bring, total
from tests.connections.test_importing import google
from tests.installation import Installation

pytestmark = pytest.mark.slow

KEPT_APART = (".md", ".json")
METRICS = "spend,impressions,clicks,conversions,conversion_value"


def figures(cast: Cast) -> list[dict[str, object]]:
    rows = ask(cast.amelie, METRICS, ["platform", "account", "campaign", "date"]).rows
    return sorted(rows, key=lambda row: (row["account"], row["campaign"], row["date"]))


def test_a_rebuilt_warehouse_shows_the_same_without_a_file_of_the_old_one(
    cast: Cast, tmp_path: Path
) -> None:
    two = ("Brand,1,2026-09-01,EUR,10,10,2,1,50", "Brand,1,2026-10-02,EUR,20,10,2,1,50")
    (first,) = bring(cast.nantes, google(tmp_path / "a.csv", *two), account="1")
    (second,) = bring(
        cast.nantes, google(tmp_path / "b.csv", "Brand,1,2026-09-01,EUR,33,9,3,1,5"), account="1"
    )
    bring(cast.rennes, google(tmp_path / "c.csv", "Other,2,2026-09-01,EUR,7,1,1,1,1"), account="2")
    services.compact(at_least=1)
    before = figures(cast)
    for folder in services.lake().root.iterdir():
        shutil.rmtree(folder)

    rebuilt = services.rebuild()

    assert (rebuilt.imports, rebuilt.differing) == (3, [])
    assert figures(cast) == before
    services.undo_import(actor=None, import_id=second.pk)
    assert total(cast.chloe, "spend") == {"EUR": Decimal(30)}
    services.undo_import(actor=None, import_id=first.pk)
    assert total(cast.chloe, "spend") == {}


def test_figures_that_were_not_followed_at_the_first_reading_are_told_and_differ_from_nothing(
    cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "content.csv"
    path.write_text(
        "Date,Impressions (organic),Clicks (organic),Reactions (organic),Impressions (total)\n"
        "09/01/2026,900,30,12,1000\n"
    )
    (record,) = bring(cast.nantes, path)
    with operating():
        known = {name: value for name, value in record.totals.items() if name != "likes"}
        Import.objects.filter(pk=record.pk).update(totals=known)

    rebuilt = services.rebuild()

    assert (rebuilt.imports, rebuilt.differing) == (1, [])
    with operating():
        record.refresh_from_db()
        assert record.totals["likes"] == {"": "12"}
        Import.objects.filter(pk=record.pk).update(totals=known | {"clicks": {"": "31"}})
    assert services.rebuild().differing == [record.pk]


def test_nothing_is_rebuilt_where_an_input_is_missing(cast: Cast, tmp_path: Path) -> None:
    (record,) = bring(cast.nantes, google(tmp_path / "a.csv", "Brand,1,2026-09-01,EUR,9,1,2,1,5"))
    before = figures(cast)
    (raw_folder() / record.raw_path).unlink()

    with pytest.raises(Refused, match="Its kept input is missing"):
        services.rebuild()

    assert figures(cast) == before


def test_an_undone_repeat_leaves_what_the_first_time_had_said(cast: Cast, tmp_path: Path) -> None:
    """A, then B over a part of it, then A again, then A taken back: A with B over it."""
    days = [f"Brand,1,2026-09-0{day},EUR,10,10,2,1,50" for day in (1, 2)]
    a = google(tmp_path / "a.csv", *days)
    b = tmp_path / "b.csv"
    google(b, "Brand,1,2026-09-02,EUR,25,10,2,1,50")
    b.write_text(b.read_text().replace("September 1, 2026 - ", "September 2, 2026 - "))
    (first,) = bring(cast.nantes, a)
    bring(cast.nantes, b)
    (again,) = bring(cast.nantes, a)
    assert total(cast.chloe, "spend") == {"EUR": Decimal(20)}

    services.undo_import(actor=None, import_id=again.pk)

    assert total(cast.chloe, "spend") == {"EUR": Decimal(35)}
    services.undo_import(actor=None, import_id=first.pk)
    assert total(cast.chloe, "spend") == {"EUR": Decimal(25)}


@pytest.mark.slow
def test_every_sample_reads_the_same_a_second_time(
    installation: Installation, shared: Path
) -> None:
    exports = [path for path in (shared / "exports").iterdir() if path.suffix not in KEPT_APART]
    installation.run("import", *exports, status=None)
    for platform in ("google_ads", "facebook_ads", "shopify"):
        installation.run("import", *(shared / "samples" / platform).glob("*.csv"), status=None)
    question = ("query", "--metrics", "spend,clicks,orders,revenue", "--by", "account,level")
    before = installation.json(*question, "--format", "json")

    done = installation.json("doctor", "--rebuild", "--json")["findings"]

    assert [one["todo"] for one in done if one["what"] == "Rebuilt from kept inputs"] == [""]
    after = installation.json(*question, "--format", "json")
    assert (after["totals"], after["rows"]) == (before["totals"], before["rows"])
