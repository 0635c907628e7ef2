"""From a log to journeys: any order of rows, any kind of customer, any kind of time."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regie
from regie.domain.attribution import calls, log, ordering
from regie.domain.attribution.calls import summary_of
from regie.domain.attribution.columns import Columns
from regie.domain.attribution.journeys import Journeys
from tests.domain.attribution import by_hand
from tests.domain.attribution.by_hand import DAY, Event

START = 1_780_000_000_000_000
CHANNELS = ("direct", "e-mail", "search")

# Few moments, so that many events share one; days apart, so that the window cuts.
EVENTS = st.lists(
    st.builds(
        lambda customer, days, tick, channel: Event(
            customer, START + days * DAY + tick, channel, None if channel else 10.0 + customer
        ),
        st.integers(0, 4),
        st.integers(0, 60),
        st.integers(0, 2),
        st.sampled_from((*CHANNELS, None)),
    ),
    min_size=1, max_size=60,
)  # fmt: skip


def table_of(events: Sequence[Event], customer: Any = int) -> pa.Table:
    return pa.table({
        "customer_id": [customer(one.customer) for one in events],
        "ts": pa.array([one.at for one in events], pa.timestamp("us")),
        "channel": pa.array([one.channel for one in events], pa.string()),
        "value": pa.array([one.value for one in events], pa.float64()),
    })  # fmt: skip


def alike(one: pa.Table, other: pa.Table) -> bool:
    """The same credits, but for the last digit that the order of adding decides."""
    return all(
        one[column].to_pylist() == pytest.approx(other[column].to_pylist(), rel=1e-12)
        for column in ("conversions", "conversion_value")
    )


def built(table: pa.Table, chunk: int = 8) -> list[by_hand.Journey]:
    """The journeys of our engine, in small parts."""
    columns = Columns()
    read = log.read_log(table.schema, table.to_batches(max_chunksize=7), len(table), columns)
    journeys = Journeys(read, timedelta(days=30))
    found = []
    for part in ordering.in_order(read, chunk):
        paths = journeys.of(part)
        assert paths.ages is not None
        for row in range(len(paths)):
            touches = slice(paths.offsets[row], paths.offsets[row + 1])
            converted = bool(paths.conversions[row])
            assert paths.nulls[row] == 1 - converted
            found.append(
                by_hand.Journey(
                    tuple(read.units[code] for code in paths.codes[touches]),
                    tuple(paths.ages[touches].tolist()) if converted else (),
                    converted,
                    float(paths.value[row]),
                )
            )
    return found


@given(events=EVENTS, ordered=st.booleans())
@settings(max_examples=200, deadline=None)
def test_journeys_are_those_found_by_hand(events: list[Event], ordered: bool) -> None:
    if ordered:
        events = sorted(events, key=lambda one: one.at)

    assert sorted(built(table_of(events)), key=repr) == sorted(by_hand.journeys(events), key=repr)


@given(events=EVENTS)
@settings(max_examples=60, deadline=None)
def test_events_too_close_to_tell_by_the_number_alone_are_put_in_order(events: list[Event]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Room for the customer, the row and next to nothing of the time.
        patch.setattr(ordering, "BITS", len(events).bit_length() + 4)

        assert sorted(built(table_of(events)), key=repr) == sorted(
            by_hand.journeys(events), key=repr
        )


@pytest.mark.parametrize(
    "customer",
    [
        str,
        lambda one: f"c-{one}",
        lambda one: str(uuid.UUID(int=one * 7 + 1)),
        lambda one: (one - 2) * (1 << 62),
    ],
    ids=["digits", "text", "uuid", "far apart"],
)
def test_any_kind_of_customer_gives_the_same_credits(customer: Any) -> None:
    random = np.random.default_rng(3)
    events = [
        Event(
            int(random.integers(0, 4)), START + int(random.integers(0, 40 * DAY)),
            None if sold else str(random.choice(CHANNELS)), 12.5 if sold else None,
        )
        for sold in random.random(400) < 0.2
    ]  # fmt: skip

    assert alike(
        regie.attribute_events(table_of(events, customer)),
        regie.attribute_events(table_of(events)),
    )


def test_any_kind_of_time_gives_the_same_credits() -> None:
    moments = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (3, 9, 20, 25)]
    rest = {
        "customer_id": ["a", "a", "b", "a"],
        "channel": ["search", "e-mail", "search", None],
        "value": [None, None, None, 40.0],
    }
    naive = [one.replace(tzinfo=None) for one in moments]
    kinds = [
        pa.array(moments, pa.timestamp("us", "Europe/Paris")),
        pa.array(naive, pa.timestamp("s")),
        pa.array(naive, pa.timestamp("ms")),
        pa.array(naive, pa.timestamp("ns")),
        pa.array([one.date() for one in moments], pa.date32()),
        pa.array([one.isoformat() for one in moments]),
        pa.array([one.isoformat(" ") for one in naive]),
        pa.array([one.date().isoformat() for one in moments]),
    ]

    found = [regie.attribute_events({**rest, "ts": pa.array(kind)}) for kind in kinds]

    assert all(alike(one, found[0]) for one in found)


def test_the_window_and_the_conversions_of_one_person() -> None:
    """Two conversions, an old touch, one without any touch left, and what came after the last."""
    day = lambda number: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)  # noqa: E731
    rows: list[tuple[str, int, str | None, float | None]] = [
        ("amelie", 0, "print", None), ("amelie", 40, "search", None), ("amelie", 45, None, 100.0),
        ("amelie", 46, "e-mail", None), ("amelie", 47, None, 50.0), ("amelie", 48, "video", None),
        ("bruno", 0, "print", None), ("bruno", 31, None, 30.0),
        ("chloe", 5, "print", None), ("chloe", 35, None, 20.0),
    ]  # fmt: skip
    customer, days, channel, value = zip(*rows, strict=True)
    table = {
        "customer_id": customer,
        "ts": [day(n) for n in days],
        "channel": channel,
        "value": value,
    }

    found = regie.attribute_events(table, models="first_touch")

    earned = {row["channel"]: row["conversion_value"] for row in found.to_pylist()}
    assert earned == {"e-mail": 50.0, "print": 20.0, "search": 100.0, "video": 0.0}
    assert summary_of(found) == {
        "conversions": 3.0, "not_converting_paths": 1.0, "unattributed_conversions": 1.0,
        "unattributed_conversion_value": 30.0, "touches_out_of_window": 2.0,
    }  # fmt: skip
    week = summary_of(regie.attribute_events(table, models="linear", lookback="1w"))
    assert week["unattributed_conversions"] == 2.0


@pytest.mark.requirement("MEAS-S5")
def test_the_credit_of_each_model_on_one_journey() -> None:
    """The worked example of the requirements: 100.00 after four touches in fourteen days."""
    sold = datetime(2026, 3, 31, 18, tzinfo=UTC)
    table = {
        "customer_id": ["chloe"] * 5,
        "ts": [sold - timedelta(days=days) for days in (14, 7, 1, 0, 0)],
        "channel": ["facebook", "search", "e-mail", "Direct", None],
        "value": [None] * 4 + [100.0],
    }
    expected = {
        "first_touch": [0, 0, 100, 0], "last_touch": [100, 0, 0, 0],
        "last_non_direct": [0, 100, 0, 0], "linear": [25, 25, 25, 25],
        "position_based": [40, 10, 40, 10], "time_decay": [37.65, 34.10, 9.41, 18.83],
    }  # fmt: skip

    found = regie.attribute_events(table, models=list(expected)).to_pylist()

    for row, (model, unit) in zip(found, [(m, u) for m in expected for u in range(4)], strict=True):
        assert row["model"] == model
        assert row["conversion_value"] == pytest.approx(expected[model][unit], abs=0.0051)


def test_direct_leaves_its_credit_to_those_that_led_to_it() -> None:
    table = {
        "path": ["search > direct", "direct", "e-mail > direct > search"],
        "total_conversions": [2, 3, 1],
        "total_conversion_value": [20.0, 30.0, 16.0],
        "total_null": [1, 9, 4],
    }
    found = regie.attribute_paths(table, exclude_direct=True)
    by_model: dict[str, dict[str, float]] = defaultdict(dict)
    for row in found.to_pylist():
        by_model[row["model"]][row["channel"]] = row["conversions"]

    assert all(set(earned) == {"e-mail", "search"} for earned in by_model.values())
    assert all(sum(earned.values()) == pytest.approx(6) for earned in by_model.values())
    # search has 2 and e-mail 1 of the three whose source is known; the other three follow them.
    assert by_model["first_touch"] == pytest.approx({"search": 4.0, "e-mail": 2.0})


def test_direct_stays_where_there_is_nobody_else() -> None:
    found = regie.attribute_paths(
        {"path": ["direct"], "total_conversions": [2]}, exclude_direct=True, models="linear"
    )

    assert found.to_pylist()[0]["channel"] == "direct"
    assert found.to_pylist()[0]["conversions"] == 2.0


def test_many_units_are_told_apart() -> None:
    """More units than two bytes can number, and more than a table of pairs can hold."""
    names = [f"campaign {number}" for number in range(40_000)]
    table = pa.table({
        "customer_id": pa.array(range(40_000)).cast(pa.int64()),
        "ts": pa.array([START] * 40_000, pa.timestamp("us")),
        "campaign": names,
        "value": pa.nulls(40_000, pa.float64()),
    })  # fmt: skip
    sold = pa.table({
        "customer_id": pa.array([7, 39_999]), "ts": pa.array([START, START], pa.timestamp("us")),
        "campaign": pa.nulls(2, pa.string()), "value": [5.0, 6.0],
    })  # fmt: skip

    found = regie.attribute_events(
        pa.concat_tables([table, sold]), unit="campaign", models=["last_touch", "markov", "shapley"]
    )

    earning = {
        (row["model"], row["channel"]): row["conversion_value"]
        for row in found.to_pylist()
        if row["conversions"]
    }
    assert earning == pytest.approx({
        (model, f"campaign {number}"): value
        for model in ("last_touch", "markov", "shapley")
        for number, value in ((7, 5.0), (39_999, 6.0))
    })  # fmt: skip


def test_a_log_is_read_in_pieces_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    events = [
        Event(int(random.integers(0, 90)), START + number * 1_000_000_000,
              None if sold else str(random.choice(CHANNELS)), 12.5 if sold else None)
        for number, sold in enumerate(random.random(3000) < 0.1)
    ]  # fmt: skip
    whole = regie.attribute_events(table_of(events))

    monkeypatch.setattr(calls, "BATCH", 64)
    monkeypatch.setattr(ordering.in_order, "__defaults__", (100,))
    pieces = regie.attribute_events(table_of(events))

    assert alike(pieces, whole)
