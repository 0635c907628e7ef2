"""What must hold of every file format, today's and tomorrow's.

A new file in ``regie/ingestion/formats/`` is found by the registry and runs through these tests.
"""

from __future__ import annotations

import re

import pytest

from regie.domain.facts import EARNED_KINDS
from regie.ingestion.files.sheet import Sheet
from regie.ingestion.format import Format
from regie.ingestion.formats import formats
from regie.ingestion.labels import normal
from regie.ingestion.recognise import Table, recognise
from regie.ingestion.vocabulary import KINDS, NUMBER_KINDS

FACTS = {
    "performance", "visits", "orders", "leads", "calls", "earned", "rates", "history", "counted",
}  # fmt: skip
SILENT = {"ga4", "woocommerce"}
PARSED_KINDS = {"date", "timestamp", "text", "id", "flag", "sale", "earned", *NUMBER_KINDS}

every_format = pytest.mark.parametrize("format_", list(formats().values()), ids=lambda f: f.name)


def own_header(format_: Format) -> list[str]:
    """The header that the declaration describes: its first labels, and those it requires."""
    needed = [
        member.removeprefix("label:")
        for group in format_.required
        if (member := group[0]).startswith("label:")
    ]
    of_columns = [
        labels[0] for column in format_.columns for labels in (column.labels, *column.add)
    ]
    header: list[str] = []
    for label in (*of_columns, *needed):
        written = label.replace("{currency}", "EUR")
        if normal(written) not in {normal(one) for one in header}:
            header.append(written)
    return header if len(header) > 1 else [*header, "anything"]


def read(header: list[str]) -> list[Table]:
    sheet = Sheet("", [(1, header)], rows=[(1, header)])
    return recognise([sheet], list(formats().values()), "report.csv")


@every_format
def test_a_format_says_what_it_is_and_how_sure_it_is(format_: Format) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", format_.name)
    assert format_.label
    assert format_.platform
    assert format_.certainty
    assert format_.fact in FACTS


@every_format
def test_a_format_speaks_our_words(format_: Format) -> None:
    unknown = {column.name for column in format_.columns} - set(KINDS)

    assert not unknown
    assert {column.parsed_as for column in format_.columns} <= PARSED_KINDS
    assert len({column.name for column in format_.columns}) == len(format_.columns)


@every_format
def test_a_format_requires_only_what_it_declares(format_: Format) -> None:
    declared = {column.name for column in format_.columns}
    members = {member for group in format_.required for member in group}

    assert format_.required
    assert {member for member in members if not member.startswith("label:")} <= declared


@every_format
def test_a_format_recognises_the_header_that_it_declares(format_: Format) -> None:
    found = read(own_header(format_))

    assert format_.name in {table.format.name for table in found}


@every_format
def test_no_other_platform_wins_the_header_of_a_format(format_: Format) -> None:
    found = read(own_header(format_))
    best = [table.format for table in found if table.score == found[0].score]

    # Two tables of one platform may have the same header: then nothing can tell them apart.
    assert format_ in best
    assert {other.platform for other in best} == {format_.platform}


@every_format
def test_two_words_of_a_format_never_have_the_same_first_cell(format_: Format) -> None:
    table = next(t for t in read(own_header(format_)) if t.format.name == format_.name)
    # Engagements are likes, comments and shares together: each of them is a word of its own too.
    earned = [places[0] for name, places in table.cells.items() if name in EARNED_KINDS]
    first = [places[0] for name, places in table.cells.items() if name not in EARNED_KINDS]

    assert len(first) == len(set(first))
    assert len(earned) == len(set(earned))


@every_format
def test_a_column_of_money_comes_with_a_way_to_know_its_currency(format_: Format) -> None:
    labels = " ".join(label for column in format_.columns for label in column.labels)
    money = [column.name for column in format_.columns if column.parsed_as == "money"]
    stated = "currency" in {column.name for column in format_.columns} or "{currency}" in labels

    # Some never name a currency, and say so; tables of an API take it from their account.
    assert (
        not money
        or stated
        or format_.currency
        or format_.origin == "api"
        or (format_.platform in SILENT and any("currency" in note for note in format_.notes))
    )
