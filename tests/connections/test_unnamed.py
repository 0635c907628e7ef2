"""A file that names no account: the person is told, can say it, and is not asked twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.assets.models import Asset
from regie.apps.connections import selectors, services
from regie.apps.connections.models import Import, State
from tests.cast import Cast, ask, bring, total

pytestmark = pytest.mark.slow

HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"
PERIOD = '"September 1, 2026 - September 30, 2026"\n'


def report(path: Path, *rows: str, header: str = HEADER) -> Path:
    """Of Google Ads, without an account."""
    body = "".join(f"{row}\n" for row in rows)
    path.write_text("Campaign report\n" + PERIOD + header + body, encoding="utf-8")
    return path


def row(campaign: str, day: str, cost: str) -> str:
    return f"{campaign},{campaign},{day},EUR,{cost},10,2,1,50"


def by_account(cast: Cast) -> dict[str, Decimal]:
    rows = ask(cast.chloe, "spend", ["account"]).rows
    return {row["account_label"]: row["spend"] for row in rows}


def named(cast: Cast, record: Import, account: str) -> Import:
    again = services.receive_again(
        actor=cast.chloe, import_id=record.pk, said={"account": account}
    )  # fmt: skip
    (done,) = services.run_batch(again.batch, actor=cast.chloe)
    return done


def state_of(cast: Cast, record: Import) -> str:
    with acting_as(cast.chloe):
        return selectors.import_detail(record.pk).state


def test_the_person_is_told_where_the_figures_went(cast: Cast, tmp_path: Path) -> None:
    (record,) = bring(cast.nantes, report(tmp_path / "a.csv", row("1", "2026-09-01", "10")))

    with acting_as(cast.chloe):
        found = selectors.import_detail(record.pk)
    assert (found.state, found.needs) == (State.PUBLISHED, ["account"])
    assert found.unnamed is not None
    assert "names no account" in str(found.unnamed)
    assert "Google Ads" in str(found.unnamed)
    assert by_account(cast) == {"": Decimal(10)}


def test_our_own_tables_and_files_that_name_it_ask_nothing(cast: Cast, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order_id,ordered_at,currency,revenue\n1,2026-09-01,EUR,100\n")
    header = HEADER.replace("Campaign,", "Account name,Campaign,", 1)
    own = report(tmp_path / "b.csv", f"Horizon FR,{row('1', '2026-09-01', '10')}", header=header)

    for record in bring(cast.nantes, orders, own):
        assert record.needs == []


def test_figures_move_to_the_account_that_is_named(cast: Cast, tmp_path: Path) -> None:
    (record,) = bring(cast.nantes, report(tmp_path / "a.csv", row("1", "2026-09-01", "10")))

    done = named(cast, record, "Horizon FR")

    assert (done.state, done.needs) == (State.PUBLISHED, [])
    assert state_of(cast, record) == State.ANSWERED
    assert by_account(cast) == {"Horizon FR": Decimal(10)}


def test_the_same_file_sent_again_with_its_account_moves_them_too(
    cast: Cast, tmp_path: Path
) -> None:
    file = report(tmp_path / "a.csv", row("1", "2026-09-01", "10"))
    (record,) = bring(cast.nantes, file)

    (done,) = bring(cast.nantes, file, account="Horizon FR")
    (again,) = bring(cast.nantes, file)

    assert (done.answers_id, again.pk) == (record.pk, done.pk)
    assert state_of(cast, record) == State.ANSWERED
    assert by_account(cast) == {"Horizon FR": Decimal(10)}


def test_an_answer_that_another_file_gave_already_leaves_nothing_twice(
    cast: Cast, tmp_path: Path
) -> None:
    file = report(tmp_path / "a.csv", row("1", "2026-09-01", "10"))
    (known,) = bring(cast.nantes, file, account="Horizon FR")
    other = file.rename(tmp_path / "b.csv")  # of another name: no answer is remembered
    (record,) = bring(cast.nantes, other)
    assert by_account(cast) == {"": Decimal(10), "Horizon FR": Decimal(10)}

    done = named(cast, record, "Horizon FR")

    assert done.pk == known.pk
    assert by_account(cast) == {"Horizon FR": Decimal(10)}
    assert state_of(cast, record) == State.ANSWERED
    with acting_as(cast.chloe):
        assert selectors.import_detail(record.pk).answered_by == known.pk


def test_what_came_later_still_goes_before_what_is_named_late(cast: Cast, tmp_path: Path) -> None:
    old = report(
        tmp_path / "a.csv", row("1", "2026-09-01", "10"), row("1", "2026-09-02", "20"),
    )  # fmt: skip
    (record,) = bring(cast.nantes, old)
    period = PERIOD.replace("September 1,", "September 2,")
    new = tmp_path / "other.csv"
    new.write_text("Campaign report\n" + period + HEADER + row("1", "2026-09-02", "25") + "\n")
    (later,) = bring(cast.nantes, new, account="Horizon FR")

    done = named(cast, record, "Horizon FR")
    assert by_account(cast) == {"Horizon FR": Decimal(35)}

    services.undo_import(actor=cast.chloe, import_id=later.pk)
    assert by_account(cast) == {"Horizon FR": Decimal(30)}
    services.undo_import(actor=cast.chloe, import_id=done.pk)
    assert by_account(cast) == {"": Decimal(30)}
    assert state_of(cast, record) == State.PUBLISHED


@pytest.mark.slow
@pytest.mark.parametrize("said", ["123-456-7890", "1234567890", "Horizon FR", " Horizon FR "])
def test_an_account_is_known_by_its_name_and_by_every_spelling_of_its_number(
    cast: Cast, tmp_path: Path, said: str
) -> None:
    header = HEADER.replace("Campaign,", "Account name,Customer ID,Campaign,", 1)
    known = f"Horizon FR,123-456-7890,{row('1', '2026-08-31', '1')}"
    bring(cast.nantes, report(tmp_path / "known.csv", known, header=header))
    (record,) = bring(cast.nantes, report(tmp_path / "a.csv", row("1", "2026-09-01", "10")))

    named(cast, record, said)

    assert by_account(cast) == {"Horizon FR": Decimal(11)}
    with operating():
        here = Asset.objects.filter(organisation=cast.nantes, platform="google_ads")
        assert sorted(here.values_list("external_id", flat=True)) == ["", "123-456-7890"]


def test_a_name_that_is_new_is_met_again_in_files_that_write_it(cast: Cast, tmp_path: Path) -> None:
    (record,) = bring(cast.nantes, report(tmp_path / "a.csv", row("1", "2026-09-01", "10")))
    named(cast, record, "Horizon FR")
    header = HEADER.replace("Campaign,", "Account name,Campaign,", 1)

    bring(
        cast.nantes,
        report(tmp_path / "b.csv", f"Horizon FR,{row('1', '2026-09-02', '5')}", header=header),
    )  # fmt: skip

    # The file states all of September for this account: the first is replaced.
    assert by_account(cast) == {"Horizon FR": Decimal(5)}


def test_an_answer_holds_for_files_of_the_same_name(cast: Cast, tmp_path: Path) -> None:
    first = report(tmp_path / "report 2026-09.csv", row("1", "2026-09-01", "10"))
    bring(cast.nantes, first, account="Horizon FR")
    second = tmp_path / "report 2026-10.csv"
    second.write_text(
        "Campaign report\n" + PERIOD.replace("September", "October").replace("30", "31")
        + HEADER + row("1", "2026-10-01", "7") + "\n"
    )  # fmt: skip

    (record,) = bring(cast.nantes, second)

    assert record.needs == []
    assert by_account(cast) == {"Horizon FR": Decimal(17)}


def test_an_answer_of_before_replaces_no_strangers(cast: Cast, tmp_path: Path) -> None:
    bring(
        cast.nantes, report(tmp_path / "report 1.csv", row("1", "2026-09-01", "10")),
        account="Horizon FR",
    )  # fmt: skip

    (record,) = bring(cast.nantes, report(tmp_path / "report 2.csv", row("7", "2026-09-01", "99")))

    assert (record.state, record.needs) == (State.ASKS, ["account"])
    assert by_account(cast) == {"Horizon FR": Decimal(10)}


def test_an_answer_of_before_yields_to_a_file_that_names_its_account(
    cast: Cast, tmp_path: Path
) -> None:
    bring(
        cast.nantes, report(tmp_path / "report 1.csv", row("1", "2026-09-01", "10")),
        account="Horizon FR",
    )  # fmt: skip
    header = HEADER.replace("Campaign,", "Account name,Campaign,", 1)
    other = report(
        tmp_path / "report 2.csv", f"Horizon BE,{row('9', '2026-09-01', '4')}", header=header
    )

    bring(cast.nantes, other)

    assert by_account(cast) == {"Horizon FR": Decimal(10), "Horizon BE": Decimal(4)}


@pytest.mark.parametrize("as_workbook", [False, True])
def test_mended_lines_go_to_the_account_of_their_import(
    cast: Cast, tmp_path: Path, as_workbook: bool
) -> None:
    file = report(tmp_path / "a.csv", row("1", "2026-09-01", "10"), row("1", "2026-09-02", "12.5O"))
    (record,) = bring(cast.nantes, file, account="Horizon FR")
    with acting_as(cast.chloe):
        name, text = selectors.refused_csv(record.pk)
    mended = tmp_path / name
    if as_workbook:
        mended = _workbook(mended.with_suffix(".xlsx"), text.replace("12.5O", "12.50"))
    else:
        mended.write_text(text.replace("12.5O", "12.50"), encoding="utf-8")

    (completion,) = bring(cast.nantes, mended)

    assert (completion.completes_id, completion.needs) == (record.pk, [])
    assert by_account(cast) == {"Horizon FR": Decimal("22.5")}


def _workbook(path: Path, text: str) -> Path:
    import csv

    import openpyxl

    book = openpyxl.Workbook()
    for cells in csv.reader(text.splitlines()):
        book.active.append(cells)
    book.save(path)
    return path


def test_a_second_currency_answer_does_not_bury_later_figures(cast: Cast, tmp_path: Path) -> None:
    header = HEADER.replace("Currency code,", "")
    old = report(
        tmp_path / "a.csv", "1,1,2026-09-01,10,10,2,1,50", "1,1,2026-09-02,20,10,2,1,50",
        header=header,
    )  # fmt: skip
    (waiting,) = bring(cast.nantes, old, account="Horizon FR")
    new = tmp_path / "b.csv"
    new.write_text(
        "Campaign report\n" + PERIOD.replace("September 1,", "September 2,") + HEADER
        + row("1", "2026-09-02", "25") + "\n"
    )  # fmt: skip
    bring(cast.nantes, new, account="Horizon FR")

    again = services.receive_again(actor=cast.chloe, import_id=waiting.pk, said={"currency": "EUR"})
    services.run_batch(again.batch, actor=cast.chloe)

    assert total(cast.chloe, "spend") == {"EUR": Decimal(35)}
