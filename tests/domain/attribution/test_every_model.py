"""What must hold of every attribution model, today's and tomorrow's.

A new model in `regie/domain/attribution/models/` is found by the registry and runs through these
tests without a line being added here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regie
from regie.domain.attribution.model import Model, Rule
from regie.domain.attribution.models import models
from regie.domain.attribution.showing import to_the_cent

CHANNELS = ("direct", "e-mail", "print", "search", "social", "video")
every_model = pytest.mark.parametrize("model", models().values(), ids=lambda model: model.name)

PATHS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=9),
        st.integers(0, 4),
        st.integers(1, 10**7),
        st.integers(0, 4),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


def table_of(paths: Sequence[tuple[Sequence[str], int, int, int]]) -> pa.Table:
    return pa.table({
        "path": [" > ".join(path) for path, *_counts in paths],
        "total_conversions": [conversions for _path, conversions, *_rest in paths],
        "total_conversion_value": [
            conversions * cents / 100 for _path, conversions, cents, _nulls in paths
        ],
        "total_null": [nulls for *_rest, nulls in paths],
    })  # fmt: skip


def ten_thousand() -> pa.Table:
    """Ten thousand random journeys, half of them converting, with values to the cent."""
    random = np.random.default_rng(20261122)
    paths = [
        (
            list(random.choice(CHANNELS, random.geometric(0.25))),
            int(random.random() < 0.5), int(random.integers(1, 10**6)), 0,
        )
        for _journey in range(10_000)
    ]  # fmt: skip
    return table_of([(path, sold, cents, 1 - sold) for path, sold, cents, _nulls in paths])


@pytest.fixture(scope="module")
def credited() -> tuple[pa.Table, pa.Table]:
    journeys = ten_thousand()
    return journeys, regie.attribute_paths(journeys)


def figures(credits_: pa.Table, model: str, column: str) -> Any:
    return credits_.filter(pc.equal(credits_["model"], model))[column].to_numpy()


@every_model
def test_the_credits_of_ten_thousand_journeys_add_up(
    model: Model, credited: tuple[pa.Table, pa.Table]
) -> None:
    journeys, found = credited
    value = pc.sum(journeys["total_conversion_value"]).as_py()

    assert figures(found, model.name, "conversions").sum() == pytest.approx(
        pc.sum(journeys["total_conversions"]).as_py(), rel=1e-12
    )
    assert figures(found, model.name, "conversion_value").sum() == pytest.approx(value, rel=1e-12)
    shown = to_the_cent(figures(found, model.name, "conversion_value"))
    assert sum(shown) == Decimal(f"{value:.2f}")


@pytest.mark.slow
@every_model
@settings(max_examples=60, deadline=None)
@given(paths=PATHS)
def test_the_credits_of_any_paths_add_up(
    model: Model, paths: list[tuple[list[str], int, int, int]]
) -> None:
    found = regie.attribute_paths(table_of(paths), models=model.name)
    conversions = sum(conversions for _path, conversions, *_rest in paths)
    cents = sum(conversions * cents for _path, conversions, cents, _nulls in paths)

    assert sum(found["conversions"].to_pylist()) == pytest.approx(conversions, rel=1e-9)
    assert sum(found["conversion_value"].to_pylist()) == pytest.approx(cents / 100, rel=1e-9)
    shown = to_the_cent(found["conversion_value"].to_numpy())
    assert sum(shown) == Decimal(cents) / 100


@every_model
def test_one_channel_alone_earns_everything(model: Model) -> None:
    found = regie.attribute_paths(table_of([(["search", "search"], 3, 500, 2)]), models=model.name)

    assert found["conversions"].to_pylist() == pytest.approx([3.0])
    assert found["conversion_value"].to_pylist() == pytest.approx([15.0])


@every_model
def test_a_channel_that_nobody_converts_through_gains_nothing(model: Model) -> None:
    table = table_of(
        [(["e-mail"], 3, 500, 2), (["search", "e-mail"], 1, 500, 1), (["video"], 0, 1, 9)]
    )
    found = regie.attribute_paths(table, models=model.name)

    assert figures(found, model.name, "conversions")[-1] <= 1e-12


@every_model
def test_nothing_converted_is_nothing_to_share(model: Model) -> None:
    found = regie.attribute_paths(table_of([(["a", "b"], 0, 1, 3)]), models=model.name)

    assert found["conversions"].to_pylist() == [0.0, 0.0]


@every_model
def test_no_path_at_all_is_an_empty_table(model: Model) -> None:
    nothing = table_of([(["a"], 0, 1, 0)])

    assert set(regie.attribute_paths(nothing, models=model.name)["conversions"].to_pylist()) <= {
        0.0
    }
    assert len(regie.attribute_paths(nothing.slice(0, 0), models=model.name)) == 0


@every_model
def test_rows_of_one_path_weigh_as_much_as_their_sum(model: Model) -> None:
    apart = table_of([(["a", "b"], 1, 500, 0)] * 3 + [(["a", "b"], 0, 500, 2), (["b"], 1, 100, 4)])
    together = table_of([(["a", "b"], 3, 500, 2), (["b"], 1, 100, 4)])

    for column in ("conversions", "conversion_value"):
        one, other = (
            regie.attribute_paths(table, models=model.name)[column].to_pylist()
            for table in (apart, together)
        )
        assert one == pytest.approx(other, rel=1e-12)


@every_model
def test_what_it_says_is_there_for_people(model: Model) -> None:
    assert model.label
    assert model.description.endswith(".")


@given(paths=PATHS)
@settings(max_examples=50, deadline=None)
def test_a_rule_shares_each_journey_out_exactly_once(
    paths: list[tuple[list[str], int, int, int]],
) -> None:
    from regie.domain.attribution.model import Settings
    from regie.domain.attribution.path_tables import read_paths

    read = read_paths(table_of(paths))
    direct = np.array([unit == "direct" for unit in read.units], np.bool_)
    for model in models().values():
        if isinstance(model, Rule) and len(read.paths):
            weights = model.weights(read.paths, Settings(direct))
            assert weights.min() >= 0
            assert np.add.reduceat(weights, read.paths.first) == pytest.approx(1, rel=1e-12)


def test_the_same_journeys_give_the_same_bytes() -> None:
    journeys = ten_thousand()
    digests = set()
    for _time in range(2):
        sink = pa.BufferOutputStream()
        found = regie.attribute_paths(journeys, order=2, intervals=False)
        with pa.ipc.new_stream(sink, found.schema) as writer:
            writer.write_table(found)
        digests.add(hashlib.sha256(sink.getvalue()).hexdigest())

    assert len(digests) == 1


def test_all_models_are_the_named_ones() -> None:
    found = regie.attribute_paths(table_of([(["a"], 1, 100, 1)]))

    assert list(dict.fromkeys(found["model"].to_pylist())) == [
        "first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay",
        "markov", "shapley", "shapley_rate",
    ]  # fmt: skip
