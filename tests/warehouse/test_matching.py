"""Probable matches: invented people with typing errors are found again, and nobody else."""

from __future__ import annotations

import random
from itertools import combinations

import pyarrow as pa
import pytest

from regie.warehouse.matching import Matches, probable_matches

pytestmark = pytest.mark.slow

PEOPLE = 400
SYLLABLES = [one + other for one in "bcdfglmnp" for other in "aeio"]


def word(chance: random.Random, length: int) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(length))


def slip(chance: random.Random, text: str) -> str:
    """One typing error: two letters change places."""
    place = chance.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def records(seed: int = 7) -> tuple[pa.Table, list[int]]:
    """Everyone once, half of them again with up to two slips; and whose each record is."""
    chance = random.Random(seed)  # noqa: S311
    cities = [(word(chance, 4), f"{chance.randrange(1000, 99999):05d}") for _ in range(30)]
    rows, whose = [], []
    for person in range(PEOPLE):
        city, postcode = chance.choice(cities)
        row = {
            "first_name": word(chance, 2), "last_name": word(chance, 3),
            "birth_date": f"{chance.randrange(1940, 2005)}{chance.randrange(1, 13):02d}"
            f"{chance.randrange(1, 29):02d}",
            "street": word(chance, 5), "street_number": str(chance.randrange(1, 200)),
            "city": city, "postcode": postcode,
        }  # fmt: skip
        rows.append(row)
        whose.append(person)
        if person % 2:
            again = dict(row)
            for name in chance.sample(sorted(row), 2):
                again[name] = slip(chance, again[name]) if len(again[name]) > 2 else again[name]
            rows.append(again)
            whose.append(person)
    table = pa.Table.from_pylist(rows)
    return table.add_column(0, "key", pa.array(range(1000, 1000 + len(rows)))), whose


def pairs(matches: Matches) -> set[tuple[int, int]]:
    return set(zip(*(matches.pairs[name].to_pylist() for name in ("left", "right")), strict=True))


def test_people_are_found_again_in_spite_of_typing_errors() -> None:
    table, whose = records()
    keys = table["key"].to_pylist()
    true = {
        (keys[one], keys[other])
        for one, other in combinations(range(len(whose)), 2)
        if whose[one] == whose[other]
    }
    matches = probable_matches(table)
    found = pairs(matches)
    assert len(found & true) >= 0.98 * len(true)
    assert len(found - true) <= 0.01 * len(found)
    assert matches.expected_precision is not None
    assert matches.expected_precision >= 0.95
    assert all(left < right for left, right in found)


def test_the_same_records_give_the_same_pairs() -> None:
    table, _ = records()
    assert probable_matches(table).pairs.equals(probable_matches(table).pairs)


def test_columns_without_a_value_are_left_out() -> None:
    table, _ = records()
    empty = table.append_column("email", pa.nulls(table.num_rows, pa.string()))
    assert pairs(probable_matches(empty)) == pairs(probable_matches(table))


def test_too_few_records_are_refused_with_a_sentence() -> None:
    table, _ = records()
    with pytest.raises(ValueError, match="12 records are too few to learn from"):
        probable_matches(table.slice(0, 12))


def test_names_alone_are_refused_with_a_sentence() -> None:
    table, _ = records()
    with pytest.raises(ValueError, match="names alone do not tell people apart"):
        probable_matches(table.select(["key", "first_name", "last_name"]))
