"""The same events and paths, however their columns are written, have the same credits."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import polars
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regie
from regie.kernel.errors import Refused, WrongUse

BEGIN = 1_700_000_000  # seconds since 1970
NAMES = ["search", "é > ü", "(start)", "(null)", "Direct", "-1", "None", "日本", "a,b", 'q"r']
TEXTS = [pa.string(), pa.large_string(), pa.string_view()]


def moments(seconds: list[int]) -> list[pa.Array]:
    stamps = pa.array(seconds, pa.timestamp("s"))
    written = [datetime.fromtimestamp(one, UTC) for one in seconds]
    return [
        stamps, stamps.cast(pa.timestamp("ns")), stamps.cast(pa.timestamp("ms", "Europe/Paris")),
        pa.array([one.isoformat() for one in written]),
        pa.array([one.strftime("%Y-%m-%d %H:%M:%S") for one in written], pa.large_string()),
        pa.array(seconds), pa.array([one * 1_000 for one in seconds]),
        pa.array([one * 1_000_000_000 for one in seconds], pa.uint64()),
        pa.array([float(one) for one in seconds]), pa.array([Decimal(one) for one in seconds]),
        pa.array([f" {one}" for one in seconds]),
        # As warehouses, spreadsheets and clocks of nanoseconds write it.
        pa.array([one.strftime("%Y-%m-%d %H:%M:%S UTC") for one in written]),
        pa.array([one.strftime("%Y-%m-%d %H:%M:%S.000000 UTC") for one in written]),
        pa.array([one.strftime(" %Y-%m-%dT%H:%M:%S ") for one in written]),
        pa.array([one.strftime("%Y-%m-%dT%H:%M:%S.000000000Z") for one in written]),
        # Counted from a beginning of one's own.
        pa.array([one - BEGIN for one in seconds], pa.int32()),
    ]  # fmt: skip


def amounts(values: list[Decimal | None]) -> list[pa.Array]:
    return [
        pa.array(values, pa.decimal128(12, 2)),
        pa.array([float("nan") if one is None else float(one) for one in values]),
        pa.array(["" if one is None else f" {one} " for one in values]),
        pa.array([None if one is None else str(one).replace(".", ",") for one in values],
                 pa.large_string()),
    ]  # fmt: skip


def assert_same(found: pa.Table, wanted: pa.Table) -> None:
    """Equal but for the last digits: people are added up in the order of their numbers."""
    assert found.schema == wanted.schema
    for name in wanted.column_names:
        one, other = found[name], wanted[name]
        if pa.types.is_floating(other.type):
            assert one.is_null().equals(other.is_null()), name
            np.testing.assert_allclose(one.drop_null(), other.drop_null(), rtol=1e-12, atol=1e-12)
        else:
            assert one.equals(other), name


EVENT = st.tuples(
    st.integers(0, 4), st.integers(0, 40 * 86_400),
    st.one_of(st.sampled_from(NAMES), st.decimals(-99, 9_999, places=2)),
)  # fmt: skip


@given(events=st.lists(EVENT, min_size=1, max_size=30), data=st.data())
@settings(max_examples=60, deadline=None)
def test_events_are_the_same_however_they_are_written(
    events: list[tuple[int, int, Any]], data: st.DataObject
) -> None:
    who = [one[0] for one in events]
    units = [one[2] if isinstance(one[2], str) else None for one in events]
    values = [None if isinstance(one[2], str) else one[2] for one in events]
    times = moments([BEGIN + one[1] for one in events])
    plain = {"customer_id": pa.array(who), "ts": times[0], "channel": pa.array(units, pa.string()),
             "value": pa.array(values, pa.decimal128(12, 2))}  # fmt: skip
    customers = [
        pa.array([f"c {one}" for one in who]).dictionary_encode(),
        pa.array([2**63 + one for one in who], pa.uint64()), pa.array(map(float, who)),
        pa.array([str(one).encode() for one in who]),
    ]  # fmt: skip
    channels = [
        *(pa.array(units, kind) for kind in TEXTS),
        pa.array(units, pa.string()).dictionary_encode(),
        pa.array([f" {one} " if one else " " for one in units]),
    ]  # fmt: skip
    otherwise = {
        "customer_id": data.draw(st.sampled_from(customers)),
        "ts": data.draw(st.sampled_from(times)),
        "channel": data.draw(st.sampled_from(channels)),
        "value": data.draw(st.sampled_from(amounts(values))),
    }

    assert_same(regie.attribute_events(otherwise), regie.attribute_events(plain))


@pytest.mark.parametrize(
    "path",
    [
        pa.array([["a", "b"], ["b", "c"]], pa.list_(pa.string(), 2)),
        pa.array([["a", "b"], ["b", "c"]], pa.list_view(pa.string())),
        pa.array([["a", "b"], ["b", "c"]], pa.large_list(pa.large_string())),
        pa.array([["a", "b"], ["b", "c"]], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
        pa.chunked_array([pa.array([["x"], ["a", "b"], ["b", "c"]]).slice(1)]),
        pa.array([" a>b", "b >c "], pa.string_view()),
        polars.Series(["a > b", "b > c"], dtype=polars.Categorical).to_arrow(),
        polars.DataFrame(
            {"path": ["a > b", "b > c"]}, schema={"path": polars.Categorical}
        ).to_arrow()["path"],
        pa.DictionaryArray.from_arrays([0, 1], pa.array(["a > b", "b > c"], pa.string_view())),
    ],
)
def test_paths_are_the_same_however_they_are_written(path: Any) -> None:
    counts = {"total_conversions": [3, 1], "total_null": [0, 2]}

    found = regie.attribute_paths(pa.table({"path": path, **counts}))

    assert found.equals(regie.attribute_paths({"path": ["a > b", "b > c"], **counts}))


def test_a_number_may_be_a_day() -> None:
    events = {"customer_id": [1, 1, 1], "channel": ["a", "b", None], "value": [None, None, 9]}

    found = regie.attribute_events({**events, "ts": [20260101, 20260220, 20260301]})

    days = ["2026-01-01", "2026-02-20", "2026-03-01"]
    assert found.equals(regie.attribute_events({**events, "ts": days}))
    assert found.to_pylist()[1]["conversions"] == 1  # the first visit is older than thirty days


def test_what_could_mean_two_things_is_refused() -> None:
    events = {"customer_id": [1, 1], "ts": [1, 2], "channel": ["a", None]}

    with pytest.raises(Refused, match="“1,234”, which is not a number"):
        regie.attribute_events({**events, "value": [None, "1,234"]})
    with pytest.raises(Refused, match="“customer_id” is empty"):
        regie.attribute_events({**events, "customer_id": [1.0, float("nan")], "value": [None, 1]})
    with pytest.raises(Refused, match="“ts” is empty"):
        regie.attribute_events({**events, "ts": [1.0, float("nan")], "value": [None, 1]})
    with pytest.raises(Refused, match="not a time"):
        regie.attribute_events({**events, "ts": [1.0, 1e300], "value": [None, 1]})
    with pytest.raises(WrongUse, match="No attribution model was named"):
        regie.attribute_events({**events, "value": [None, 1]}, models=None)  # type: ignore[arg-type]


def test_a_channel_is_a_name_and_not_a_list() -> None:
    events = {"customer_id": [1, 1], "ts": [1, 2], "value": [None, 1]}

    with pytest.raises(WrongUse, match="“channel” of events holds list<item: string>, not names"):
        regie.attribute_events({**events, "channel": [["a"], None]})


def test_an_order_is_a_whole_number_of_any_library() -> None:
    paths = {"path": ["a > b", "b"], "total_conversions": [3, 1]}

    found = regie.attribute_paths(paths, order=np.int64(2))  # type: ignore[arg-type]

    assert found.equals(regie.attribute_paths(paths, order=2))
    with pytest.raises(WrongUse, match="1 or more"):
        regie.attribute_paths(paths, order=True)
