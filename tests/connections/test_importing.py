"""A file comes in: published once, replaced where it speaks again, taken back on request."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from regie.apps.access.context import operating
from regie.apps.connections import services
from regie.apps.connections.selectors import refused_csv
from tests.cast import Cast, ask, bring, total

HEADER = 'Campaign report\n"September 1, 2026 - September 2, 2026"\n' + (
    "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"
)


def google(path: Path, *lines: str) -> Path:
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_same_file_twice_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    file = google(tmp_path / "a.csv", 'Brand,1,2026-09-01,EUR,"1,000.10",10,2,1,50')

    (first,) = bring(cast.nantes, file)
    (again,) = bring(cast.nantes, file)

    assert again.pk == first.pk
    assert total(cast.chloe, "spend") == {"EUR": Decimal("1000.10")}


def test_a_later_file_replaces_exactly_its_window(cast: Cast, tmp_path: Path) -> None:
    bring(
        cast.nantes,
        google(
            tmp_path / "a.csv",
            "Brand,1,2026-09-01,EUR,10,10,2,1,50",
            "Brand,1,2026-09-02,EUR,20,10,2,1,50",
        ),
    )
    later = google(tmp_path / "b.csv", "Brand,1,2026-09-02,EUR,25,10,2,1,50")
    later.write_text(later.read_text().replace("September 1, 2026 - ", "September 2, 2026 - "))
    bring(cast.nantes, later)

    days = {row["date"].day: row["spend"] for row in ask(cast.chloe, "spend", ["date"]).rows}
    assert days == {1: Decimal(10), 2: Decimal(25)}


def test_two_files_of_one_call_that_speak_of_the_same_days_are_not_added(
    cast: Cast, tmp_path: Path
) -> None:
    first = google(tmp_path / "a.csv", "Brand,1,2026-09-01,EUR,10,10,2,1,50")
    second = google(tmp_path / "b.csv", "Brand,1,2026-09-01,EUR,12,10,2,1,50")

    bring(cast.nantes, first, second)

    assert total(cast.chloe, "spend") == {"EUR": Decimal(12)}


def test_undo_gives_back_what_was_replaced(cast: Cast, tmp_path: Path) -> None:
    bring(cast.nantes, google(tmp_path / "a.csv", "Brand,1,2026-09-01,EUR,10,10,2,1,50"))
    (second,) = bring(
        cast.nantes, google(tmp_path / "b.csv", "Brand,1,2026-09-01,EUR,99,10,2,1,50")
    )

    services.undo_import(actor=cast.chloe, import_id=second.pk)

    assert total(cast.chloe, "spend") == {"EUR": Decimal(10)}


def test_undo_leaves_what_came_later(cast: Cast, tmp_path: Path) -> None:
    (first,) = bring(cast.nantes, google(tmp_path / "a.csv", "Brand,1,2026-09-01,EUR,10,10,2,1,50"))
    bring(cast.nantes, google(tmp_path / "b.csv", "Brand,1,2026-09-01,EUR,12,10,2,1,50"))

    services.undo_import(actor=cast.chloe, import_id=first.pk)

    assert total(cast.chloe, "spend") == {"EUR": Decimal(12)}


def test_the_first_file_sent_again_after_another_counts_again(cast: Cast, tmp_path: Path) -> None:
    first = google(tmp_path / "a.csv", "Brand,1,2026-09-01,EUR,10,10,2,1,50")
    bring(cast.nantes, first)
    bring(cast.nantes, google(tmp_path / "b.csv", "Brand,1,2026-09-01,EUR,12,10,2,1,50"))

    bring(cast.nantes, first)

    assert total(cast.chloe, "spend") == {"EUR": Decimal(10)}


def test_a_refused_line_is_named_and_the_others_go_on(cast: Cast, tmp_path: Path) -> None:
    file = google(
        tmp_path / "a.csv",
        "Brand,1,2026-09-01,EUR,10,10,2,1,50",
        "Brand,1,2026-09-02,EUR,12.5O,10,2,1,50",
    )

    (record,) = bring(cast.nantes, file)

    assert (record.rows_imported, record.rows_refused) == (1, 1)
    (refused,) = record.refused
    assert (refused["line"], refused["column"]) == (5, "Cost")
    assert refused["reason"]["params"]["guess"] == "12.50"
    assert total(cast.chloe, "spend") == {"EUR": Decimal(10)}


def test_mended_lines_complete_their_import(cast: Cast, tmp_path: Path) -> None:
    from regie.apps.access.context import acting_as
    from regie.apps.connections import selectors

    (record,) = bring(
        cast.nantes,
        google(
            tmp_path / "a.csv",
            "Brand,1,2026-09-01,EUR,10,10,2,1,50",
            "Brand,1,2026-09-02,EUR,12.5O,10,2,1,50",
        ),
    )
    with acting_as(cast.chloe):
        name, text = selectors.refused_csv(record.pk)
    mended = tmp_path / name
    mended.write_text(text.replace("12.5O", "12.50"), encoding="utf-8")

    (completion,) = bring(cast.nantes, mended)

    assert completion.completes_id == record.pk
    assert total(cast.chloe, "spend") == {"EUR": Decimal("22.50")}


def test_a_file_that_speaks_of_other_campaigns_asks_instead_of_replacing(
    cast: Cast, tmp_path: Path
) -> None:
    bring(cast.nantes, google(tmp_path / "a.csv", "Brand,1,2026-09-01,EUR,10,10,2,1,50"))

    (record,) = bring(
        cast.nantes, google(tmp_path / "b.csv", "Other,7,2026-09-01,EUR,99,10,2,1,50")
    )

    assert record.state == "asks"
    assert total(cast.chloe, "spend") == {"EUR": Decimal(10)}


def test_an_outsider_sees_none_of_it(cast: Cast, tmp_path: Path) -> None:
    bring(cast.nantes, google(tmp_path / "a.csv", "Brand,1,2026-09-01,EUR,10,10,2,1,50"))

    assert total(cast.bruno, "spend") == total(cast.amelie, "spend") == {"EUR": Decimal(10)}
    assert ask(cast.diane, "spend", ["campaign"]).rows == []


def test_refused_lines_go_out_harmless_and_come_back_as_they_were(
    cast: Cast, tmp_path: Path
) -> None:
    file = google(tmp_path / "a.csv", "=1+1,1,2026-09-01,EUR,oops,10,2,1,50")
    (first,) = bring(cast.nantes, file)
    with operating():
        name, text = refused_csv(first.pk)
    assert "\r\n'=1+1," in text

    mended = tmp_path / name
    mended.write_text(text.replace("oops", "7"), encoding="utf-8")
    bring(cast.nantes, mended)

    (row,) = ask(cast.chloe, "spend", ["campaign"]).rows
    assert (row["campaign_label"], row["spend"]) == ("=1+1", Decimal(7))
