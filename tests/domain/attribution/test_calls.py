"""The public calls: any frame goes in, and what cannot be read is refused in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import regie
from regie.domain.attribution.durations import parse_duration
from regie.domain.attribution.showing import to_the_cent
from regie.kernel.errors import Refused, RegieError, WrongUse

SOLD = datetime(2026, 3, 31, 18)  # noqa: DTZ001 - people's tables have no zone
EVENTS: dict[str, list[Any]] = {
    "customer_id": [1, 1, 2, 1],
    "ts": [SOLD - timedelta(days=2), SOLD - timedelta(days=1), SOLD, SOLD],
    "channel": ["search", "e-mail", "search", None],
    "value": [None, None, None, 99.5],
}
PATHS: dict[str, list[Any]] = {
    "path": ["search > e-mail", "search"],
    "total_conversions": [1, 0],
    "total_conversion_value": [99.5, 0.0],
    "total_null": [0, 1],
}


def without(table: dict[str, list[Any]], name: str) -> dict[str, list[Any]]:
    return {key: column for key, column in table.items() if key != name}


@pytest.mark.parametrize(
    "frame",
    [pa.table, pd.DataFrame, pl.DataFrame, lambda columns: pa.table(columns).to_batches()[0]],
    ids=["arrow", "pandas", "polars", "batch"],
)
def test_any_frame_will_do(frame: Any) -> None:
    for call, columns in ((regie.attribute_events, EVENTS), (regie.attribute_paths, PATHS)):
        assert call(frame(columns)).equals(call(columns))


def test_a_lazy_frame_and_amounts_that_are_text_are_read_too() -> None:
    lazy = pl.DataFrame(EVENTS).lazy()
    as_text = pd.DataFrame({**EVENTS, "value": ["", " ", "", "99.5"]})

    assert regie.attribute_events(lazy).equals(regie.attribute_events(EVENTS))
    assert regie.attribute_events(as_text).equals(regie.attribute_events(EVENTS))


@pytest.mark.parametrize("frame", [pd.DataFrame, dict])
def test_a_column_that_is_not_asked_for_may_hold_anything(frame: Any) -> None:
    notes = {"notes": ["late", 3, None, object()]}

    assert regie.attribute_events(frame({**EVENTS, **notes})).equals(regie.attribute_events(EVENTS))
    assert regie.attribute_paths(
        frame({**PATHS, "notes": notes["notes"][:2]}), models="linear"
    ).equals(regie.attribute_paths(PATHS, models="linear"))


def test_all_models_may_be_asked_for_in_a_list() -> None:
    every = regie.attribute_events(EVENTS)

    assert regie.attribute_events(EVENTS, models=["all"]).equals(every)
    assert regie.attribute_events(EVENTS, models="all, linear").equals(every)


def test_no_unit_need_be_direct() -> None:
    table = {**EVENTS, "channel": ["direct", "search", "direct", None]}

    left_out = regie.attribute_events(table, exclude_direct=True, direct=None)

    assert left_out.equals(regie.attribute_events(table, direct="(none)"))
    assert "direct" in left_out["channel"].to_pylist()


def test_an_order_is_a_number() -> None:
    with pytest.raises(WrongUse, match="order of a Markov chain"):
        regie.attribute_paths(PATHS, order="2")  # type: ignore[arg-type]


@pytest.mark.requirement("ID-12")
def test_events_and_their_paths_have_the_same_credits() -> None:
    # The days between the touches of a path without times are one each, as here.
    events = regie.attribute_events({**EVENTS, "ts": [*EVENTS["ts"][:3], SOLD]})

    paths = regie.attribute_paths(PATHS)

    for column in ("conversions", "conversion_value", "removal_effect"):
        assert events[column].to_pylist() == pytest.approx(paths[column].to_pylist())


@pytest.mark.parametrize(
    "path", ["search>e-mail", " search  >  e-mail ", ["search", "e-mail"], "search > e-mail"]
)
def test_a_path_is_written_in_several_ways(path: Any) -> None:
    table = {**PATHS, "path": [path, ["search"] if isinstance(path, list) else "search"]}

    assert regie.attribute_paths(table).equals(regie.attribute_paths(PATHS))


def test_another_separator_may_be_used() -> None:
    table = {**PATHS, "path": ["search|e-mail", "search"]}

    assert regie.attribute_paths(table, separator="|").equals(regie.attribute_paths(PATHS))


def test_a_table_without_values_says_nothing_of_value() -> None:
    found = regie.attribute_paths(without(PATHS, "total_conversion_value"))

    assert found["conversion_value"].null_count == len(found)
    assert sum(found["conversions"].to_pylist()) == pytest.approx(9)


def test_columns_may_have_other_names() -> None:
    names = {"customer_id": "visitor", "ts": "seen_at", "channel": "campaign", "value": "revenue"}
    renamed = {names[name]: column for name, column in EVENTS.items()}

    found = regie.attribute_events(
        renamed, customer="visitor", ts="seen_at", unit="campaign", value="revenue"
    )

    assert found.equals(regie.attribute_events(EVENTS))


def test_nan_and_empty_text_are_empty() -> None:
    table = {**EVENTS, "channel": ["search", "e-mail", "search", ""],
             "value": np.array([np.nan, np.nan, np.nan, 99.5])}  # fmt: skip

    assert regie.attribute_events(table).equals(regie.attribute_events(EVENTS))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"channel": ["search", "e-mail", "search", "print"]},
         "row 4: it has both a channel and a value (“99.5”)"),
        ({"channel": ["search", None, "search", None]}, "row 2: it has neither"),
        ({"customer_id": [1, None, 2, 1]}, "row 2: “customer_id” is empty"),
        ({"customer_id": ["a", "b", "", "a"]}, "row 3: “customer_id” is empty"),
        ({"customer_id": pd.Categorical(["a", " ", "", "a"])}, "row 2: “customer_id” is empty"),
        ({"ts": [SOLD, SOLD, None, SOLD]}, "row 3: “ts” is empty"),
        ({"ts": ["2026-03-01", "2026-03-02", "32 March", "2026-03-04"]},
         "row 3: “ts” holds “32 March”, which is not a time"),
        ({"ts": [True, True, False, True]}, "“ts” of events holds bool, not times"),
        ({"value": [None, None, None, "12,500"]},
         "row 4: “value” holds “12,500”, which is not a number"),
        ({"value": [None, None, None, float("inf")]}, "row 4: “value” is infinite"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_event_is_refused_with_its_number(
    change: dict[str, list[Any]], sentence: str
) -> None:
    with pytest.raises(RegieError, match=r"\w") as refused:
        regie.attribute_events({**EVENTS, **change})

    assert sentence in str(refused.value)
    assert str(refused.value.hint)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"path": ["search > > e-mail", "search"]}, "row 1: a step of “path” is empty"),
        ({"path": ["search", ""]}, "row 2: a step of “path” is empty"),
        ({"path": ["search", None]}, "row 2: “path” is empty"),
        ({"path": [["search"], []]}, "row 2: “path” is empty"),
        ({"path": [1.5, 2.5]}, "row 1"),
        ({"total_conversions": [1, -1]}, "row 2: “total_conversions” is -1.0"),
        ({"total_null": ["none", "1"]}, "row 1: “total_null” holds “none”"),
        ({"total_conversion_value": [99.5, 3.0]}, "row 2: “total_conversion_value” is 3.0"),
    ],
)
def test_a_row_that_is_no_path_is_refused_with_its_number(
    change: dict[str, list[Any]], sentence: str
) -> None:
    if sentence == "row 1":
        assert regie.attribute_paths({**PATHS, **change})["channel"].to_pylist()[:2] == [
            "1.5",
            "2.5",
        ]
        return
    with pytest.raises(Refused) as refused:
        regie.attribute_paths({**PATHS, **change})

    assert sentence in str(refused.value)
    assert str(refused.value.hint)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: regie.attribute_events(without(EVENTS, "ts")),
         "no column “ts”; it has: customer_id, channel, value"),
        (lambda: regie.attribute_events(EVENTS, unit="value"), "named twice"),
        (lambda: regie.attribute_paths(EVENTS), "no column “path”"),
        (lambda: regie.attribute_events(EVENTS, models="markow"), "Did you mean “markov”?"),
        (lambda: regie.attribute_events(EVENTS, models=[]), "No attribution model was named"),
        (lambda: regie.attribute_events(EVENTS, lookback="soon"), "“soon” is no span of time"),
        (lambda: regie.attribute_events([1, 2]), "A list is no table"),
        (lambda: regie.attribute_paths({**PATHS, "path": ["a"]}), "cannot be read"),
        (lambda: regie.attribute_paths(PATHS, separator=""), "split at a separator"),
        (lambda: regie.attribute_paths(PATHS, separator=1),  # type: ignore[arg-type]
         "split at a separator"),
        (lambda: regie.attribute_events(pd.DataFrame([[1, 2]], columns=["ts", "ts"])),
         "Duplicate column names found"),
        (lambda: regie.attribute_events(pd.DataFrame({**EVENTS, "value": ["a", 1, 2, 3]})),
         "Conversion failed for column value with type object: Expected bytes"),
        (lambda: regie.attribute_events({**EVENTS, "ts": 3}), "cannot be read"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_what_to_do(call: Any, sentence: str) -> None:
    with pytest.raises(WrongUse) as wrong:
        call()

    assert sentence in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "span"),
    [("30d", timedelta(days=30)), ("12 h", timedelta(hours=12)), ("2w", timedelta(weeks=2)),
     ("90min", timedelta(minutes=90)), ("1.5d", timedelta(hours=36)), ("0s", timedelta(0)),
     ("30 days", timedelta(days=30)), ("1 Week", timedelta(weeks=1)),
     (np.timedelta64(90, "m"), timedelta(minutes=90))],
)  # fmt: skip
def test_a_span_is_read_as_people_write_it(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


def test_times_of_several_zones_are_one_time() -> None:
    table = {**EVENTS, "ts": [moment.replace(tzinfo=UTC).isoformat() for moment in EVENTS["ts"]]}
    elsewhere = [moment.replace("+00:00", "+02:00").replace("T18", "T20") for moment in table["ts"]]

    assert regie.attribute_events({**EVENTS, "ts": elsewhere}).equals(
        regie.attribute_events(EVENTS)
    )


def test_spaces_around_a_channel_are_no_part_of_its_name() -> None:
    around = [one and f" {one}\t" for one in EVENTS["channel"]]
    blank = ["  " if one is None else one for one in EVENTS["channel"]]
    as_they_are = regie.attribute_events(EVENTS)

    assert regie.attribute_events({**EVENTS, "channel": around}).equals(as_they_are)
    assert regie.attribute_events({**EVENTS, "channel": blank}).equals(as_they_are)


def test_where_there_is_nothing_nothing_is_shared_out() -> None:
    nothing = {name: pa.array([], pa.null()) for name in ("path", "total_conversions")}

    assert len(regie.attribute_paths(nothing)) == 0
    assert len(regie.attribute_paths(regie.paths_of_events(EVENTS).slice(0, 0))) == 0


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(1, 10**9))
def test_what_is_shown_adds_up_to_what_there_was(weights: list[int], cents: int) -> None:
    if not sum(weights):
        weights[0] = 1
    amounts = np.array(weights) / sum(weights) * cents / 100

    shown = to_the_cent(amounts)

    assert sum(int(one * 100) for one in shown) == cents
    assert all(
        abs(float(one) - amount) < 0.01 + 1e-6 for one, amount in zip(shown, amounts, strict=True)
    )
