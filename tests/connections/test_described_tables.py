"""A table that no format knows is described once, read as described, and known from then on."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from django.utils import translation

from regie.apps.access.context import acting_as, operating
from regie.apps.connections import described, previewing, selectors, services
from regie.apps.connections.models import State
from regie.ingestion.guessing import guess, look
from regie.ingestion.mapping import WORDS
from regie.kernel.errors import NotFound
from regie.kernel.i18n import Sentence
from regie.ui.templatetags.ui import say
from regie.web.mapping import words
from tests.cast import Cast, bring, total

RADIO = {
    "name": "Radio",
    "platform": "radio",
    "fact": "performance",
    "currency": "EUR",
    "columns": {"date": "Datum", "campaign": "Kampagne", "spend": "Kosten netto"},
}


def radio(path: Path, *lines: str) -> Path:
    """A plan of a radio station: a title, an empty line, then the table."""
    rows = lines or ("03.10.2026;Herbst;1.234,50 €;120", "25.10.2026;Herbst;99,00 €;12")
    text = ["Mediaplan;;;", ";;;", "Datum;Kampagne;Kosten netto;Passages", *rows]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def test_an_unknown_table_is_kept_and_asks_for_its_columns(cast: Cast, tmp_path: Path) -> None:
    (asked,) = bring(cast.nantes, radio(tmp_path / "plan.csv"))

    assert (asked.state, asked.needs) == (State.REFUSED, ["mapping"])


def test_columns_are_guessed_by_their_labels_and_their_cells(tmp_path: Path) -> None:
    table = look(radio(tmp_path / "plan.csv"), tmp_path)

    found = guess(table)

    assert table.header_line == 3
    assert found.fact == "performance"
    assert found.words == {0: "date", 1: "campaign", 2: "spend", 3: "impressions"}


def test_a_table_of_orders_is_guessed_as_such(tmp_path: Path) -> None:
    path = tmp_path / "caisse.csv"
    path.write_text("N° de commande;Jour;Montant TTC\nA1;02/10/2026;12,50\n", encoding="utf-8")

    found = guess(look(path, tmp_path))

    assert found.fact == "orders"
    assert sorted(found.words.values()) == ["order_id", "ordered_at", "revenue"]


def test_a_preview_counts_and_adds_up_without_keeping_anything(cast: Cast, tmp_path: Path) -> None:
    file = radio(tmp_path / "plan.csv", "13.10.2026;Herbst;10,50;1", "14.10.2026;Herbst;1O,00;1")
    (asked,) = bring(cast.nantes, file)

    with acting_as(cast.chloe):
        seen = previewing.preview(asked.pk, RADIO)

    assert (seen.rows_read, seen.rows_imported, seen.rows_refused) == (2, 1, 1)
    assert seen.totals["spend"] == {"EUR": Decimal("10.5")}
    assert [refusal.line for refusal in seen.refused] == [5]
    assert total(cast.chloe, "spend") == {}


def test_a_table_described_once_is_known_the_next_time(cast: Cast, tmp_path: Path) -> None:
    described.remember(
        actor=cast.chloe, organisation_id=cast.nantes.pk, name="Radio", description=RADIO
    )

    (first,) = bring(cast.nantes, radio(tmp_path / "plan.csv"), actor=cast.chloe)

    assert (first.state, first.format) == (State.PUBLISHED, "mapping:Radio")
    assert first.options["mapping"] == RADIO
    assert total(cast.chloe, "spend") == {"EUR": Decimal("1333.50")}


def test_what_the_head_office_described_holds_below_and_nowhere_else(
    cast: Cast, tmp_path: Path
) -> None:
    described.remember(
        actor=cast.amelie, organisation_id=cast.network.pk, name="Radio", description=RADIO
    )

    (below,) = bring(cast.nantes, radio(tmp_path / "a.csv"), actor=cast.chloe)
    (outside,) = bring(cast.studio, radio(tmp_path / "b.csv"), actor=cast.diane)

    assert below.state == State.PUBLISHED
    assert outside.state == State.REFUSED


def test_nobody_forgets_the_table_of_another(cast: Cast) -> None:
    kept = described.remember(
        actor=cast.amelie, organisation_id=cast.network.pk, name="Radio", description=RADIO
    )

    for person in (cast.chloe, cast.diane):
        with pytest.raises(NotFound):
            described.forget(actor=person, mapping_id=kept.pk)
    described.forget(actor=cast.amelie, mapping_id=kept.pk)


def test_nobody_looks_into_the_file_of_another(cast: Cast, tmp_path: Path) -> None:
    (asked,) = bring(cast.nantes, radio(tmp_path / "plan.csv"))

    with acting_as(cast.diane), pytest.raises(NotFound):
        previewing.look_at(asked.pk)


def test_amounts_in_cents_are_read_as_such(cast: Cast, tmp_path: Path) -> None:
    cents = {**RADIO, "money_in": "minor"}
    file = radio(tmp_path / "plan.csv", "13.10.2026;Herbst;1250;1")
    described.remember(actor=None, organisation_id=cast.nantes.pk, name="Radio", description=cents)

    bring(cast.nantes, file)

    assert total(cast.chloe, "spend") == {"EUR": Decimal("12.5")}


def test_a_description_answers_the_import_that_asked(cast: Cast, tmp_path: Path) -> None:
    (asked,) = bring(cast.nantes, radio(tmp_path / "plan.csv"))

    again = services.receive_again(actor=cast.chloe, import_id=asked.pk, said={"mapping": RADIO})
    (done,) = services.run_batch(again.batch, actor=cast.chloe)

    assert done.state == State.PUBLISHED
    with operating():
        assert selectors.tables_of(cast.nantes.pk) == []


def test_a_total_that_disagrees_is_told_as_its_reader_writes_numbers(
    cast: Cast, tmp_path: Path
) -> None:
    file = radio(tmp_path / "plan.csv", "13.10.2026;Herbst;1.010,50;1", "Total;;1.000,00;")
    (asked,) = bring(cast.nantes, file)

    with acting_as(cast.chloe):
        seen = previewing.preview(asked.pk, RADIO)
    (note,) = seen.notes
    assert (seen.rows_read, seen.rows_imported, seen.rows_aside) == (2, 1, 1)
    kept = Sentence.from_json(json.loads(json.dumps(note.to_json())))
    assert kept == note
    assert str(note).endswith("is 1000; its rows add up to 1010.5.")
    with translation.override("fr"):
        assert say(kept).endswith("est 1\u202f000\u202f; ses lignes donnent 1\u202f010,5.")


def test_each_word_for_a_column_is_french_in_french() -> None:
    with translation.override("fr"):
        french = {name: words.word(name) for name in {*chain(*WORDS.values())}}
    with translation.override("en"):
        english = {name: words.word(name) for name in french}
    # As it is written in both: what is left in English would stand here too.
    alike = {"conversions", "engagements", "impressions", "source"}
    same = {name for name in french if french[name] == english[name]}
    assert same <= alike, same
    raw = {name.replace("_", " ").capitalize() for name in french if "_" in name}
    assert raw.isdisjoint(french.values())


def test_a_table_of_mentions_is_guessed_as_such(tmp_path: Path) -> None:
    path = tmp_path / "veille.csv"
    path.write_text("Jour;Réseau;Type;Nombre;Auteur\n02/10/2026;X;mention;12;\n", "utf-8")

    found = guess(look(path, tmp_path))

    assert found.fact == "earned"
    assert sorted(found.words.values()) == ["date", "earned", "earned_kind", "network"]
