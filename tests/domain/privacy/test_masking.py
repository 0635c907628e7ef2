"""A person's names go wherever they stand, whole and in every spelling; nobody else's do."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.privacy.masking import Mask
from regie.domain.privacy.names import Names, names_of
from regie.ingestion.collected.blanking import blank
from regie.ingestion.collected.journal import Record, frame, read

EMAIL = "kestrel@client.example"


def without(text: str, *names: str) -> str:
    return Mask(names_of(names)).text(text)


@pytest.mark.parametrize(
    "written",
    [
        EMAIL, EMAIL.upper(), "kestrel%40client.example",
        hashlib.sha256(EMAIL.encode()).hexdigest(),
        hashlib.md5(EMAIL.encode(), usedforsecurity=False).hexdigest().upper(),
    ],
)  # fmt: skip
def test_an_address_is_found_in_every_spelling(written: str) -> None:
    assert without(f"a;{written};b", EMAIL) == "a;;b"


@pytest.mark.parametrize("other", ["x" + EMAIL, EMAIL + ".fr", f"{EMAIL}-2", "kestrel@client.exam"])
def test_an_address_that_only_resembles_it_stays(other: str) -> None:
    assert without(other, EMAIL) == other


@pytest.mark.parametrize("written", ["06 12 34 56 78", "0612345678", "+33612345678", "33612345678"])
def test_a_telephone_is_found_however_it_is_written(written: str) -> None:
    assert without(f"tel: {written}.", "+33 6 12 34 56 78") == "tel: ."


def test_a_short_name_goes_only_where_a_name_stands() -> None:
    table = "order_id,customer,clicks\n42,42,42\n43,K,42\n"
    mask = Mask(names_of(["42"]))
    assert mask.table(table) == "order_id,customer,clicks\n42,,42\n43,K,42\n"
    assert mask.count == 1
    said = {"customer": "42", "clicks": 42, "orders": [{"customer_id": 42, "n": "42"}]}
    assert Mask(names_of(["42"])).value(said) == {
        "customer": "", "clicks": 42, "orders": [{"customer_id": "", "n": "42"}],
    }  # fmt: skip


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)


@given(st.lists(TEXT, max_size=4), st.sampled_from([EMAIL, "client-0042", "é-longue-clé"]))
def test_what_names_nobody_is_left_as_it_is(cells: list[str], name: str) -> None:
    table = "\n".join(["a;b", *(f"{cell};1" for cell in cells if name not in cell)])
    mask = Mask(names_of([name]))
    if mask.names.pattern is None or not mask.names.pattern.search(table):
        assert mask.table(table) == table
        assert mask.count == 0


@given(TEXT, st.sampled_from([EMAIL, "cle-de-visite-001"]))
def test_a_name_between_other_words_always_goes(around: str, name: str) -> None:
    left = Mask(names_of([name])).value({"note": f"{around} {name} {around}"})
    assert name not in json.dumps(left, ensure_ascii=False).replace(around, "")


@given(
    st.lists(st.sampled_from(["kestrel", "héron", "cookie-1", "42"]), max_size=6), st.integers(0, 6)
)
def test_a_journal_keeps_every_byte_that_is_not_the_persons(
    tmp_path_factory: pytest.TempPathFactory, visitors: list[str], published: int
) -> None:
    names = Names(frozenset({"kestrel", "42"}), frozenset())
    path = tmp_path_factory.mktemp("journal") / "1.journal"
    records = [
        Record(f"e{place}", "order", place, 1, 1, visitor=one, sent=json.dumps(
            {"p": {"login": one, "value": 42}}).encode())
        for place, one in enumerate(visitors)
    ]  # fmt: skip
    frames = [frame(one) for one in records]
    path.write_bytes(b"".join(frames))
    until = sum(len(one) for one in frames[:published])
    size = path.stat().st_size

    meant = [one.visitor in names.plain for one in records[:published]]
    assert blank(path, names, until=until, dry=True) == sum(meant)
    assert path.read_bytes() == b"".join(frames)
    assert blank(path, names, until=until) == sum(meant)
    assert blank(path, names, until=until) == 0
    assert path.stat().st_size == size
    kept = read(path, 0, most=100)
    assert kept.torn == 0
    for place, (before, after) in enumerate(zip(records, kept.records, strict=True)):
        if place < published and meant[place]:
            assert after.visitor == "x" * len(before.visitor.encode())
            assert json.loads(after.sent)["p"] == {"login": after.visitor, "value": 42}
        else:
            assert after == before
