"""One level answers for an account and day, whatever levels it has: tried on all of them."""

from __future__ import annotations

import itertools
from collections import defaultdict

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.domain.facts import LEVELS, PARTIAL_LEVELS
from regie.domain.metrics import levels
from regie.warehouse.rollups import bit_of

ROWS = st.lists(
    st.tuples(st.sampled_from(LEVELS), st.sampled_from([None, "Search", "Display"])),
    min_size=1, max_size=12, unique=True,
)  # fmt: skip
NEEDS = st.sampled_from(["", "campaign", "ad_group", "ad", "keyword"])


def answering(rows: list[tuple[str, str | None]], needs: str, *, split: bool) -> set[str]:
    """Which rows of one account and day answer, as ``level/network``."""
    values = ", ".join(
        f"('{level}', {'NULL' if network is None else repr(network)})" for level, network in rows
    )
    sources = (
        f"WITH f AS (SELECT * FROM (VALUES {values}) v(level, ad_network)), "
        f"b AS (SELECT bit_or({bit_of('level', 'ad_network')}) AS bits FROM f) "
    )
    ((bits,),) = duckdb.execute(f"{sources} FROM b").fetchall()
    found, short = (
        duckdb.execute(
            f"{sources} SELECT level, ad_network FROM f, b "
            f"WHERE {levels.answers(needs, split=split, seen=seen)}"
        ).fetchall()
        for seen in (None, {bits, 1 << 4})
    )
    assert short == found, "the same rows answer when the levels are known beforehand"
    return {f"{level}/{network or ''}" for level, network in found}


@settings(max_examples=150, deadline=None)
@given(ROWS, NEEDS, st.booleans())
def test_one_level_answers_and_no_row_beside_its_own_parts(
    rows: list[tuple[str, str | None]], needs: str, split: bool
) -> None:
    found = answering(rows, needs, split=split)
    by_level: dict[str, set[str]] = defaultdict(set)
    for one in found:
        level, network = one.split("/")
        by_level[level].add(network)

    assert len(by_level) <= 1
    for networks in by_level.values():
        assert "" not in networks or networks == {""}
    if needs != "keyword":
        assert by_level, "an account that has rows has an answer"


@settings(max_examples=100, deadline=None)
@given(ROWS, NEEDS.filter(lambda one: one != "keyword"))
def test_keywords_answer_only_alone(rows: list[tuple[str, str | None]], needs: str) -> None:
    found = {one.split("/")[0] for one in answering(rows, needs, split=False)}
    whole = {level for level, _network in rows} - set(PARTIAL_LEVELS)

    assert not (found & set(PARTIAL_LEVELS)) or not whole


def test_the_coarsest_level_that_knows_what_is_asked_answers() -> None:
    for pair in itertools.combinations(("account", "campaign", "ad_group", "ad"), 2):
        rows = [(level, None) for level in pair]
        assert answering(rows, "", split=False) == {f"{pair[0]}/"}
    four = [(level, None) for level in ("account", "campaign", "ad_group", "ad")]
    for needs in ("campaign", "ad_group", "ad"):
        assert answering(four, needs, split=False) == {f"{needs}/"}
