"""The order of the rows, and in how many rows a path is counted, say nothing about the channels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import regie

BEGIN = datetime(2026, 3, 1)  # noqa: DTZ001 - people's tables have no zone
FEW, MANY = 6, 30  # channels: all coalitions are tried, or some orders of joining are drawn


def paths(channels: int, rows: int = 400) -> pa.Table:
    random = np.random.default_rng(channels)
    names = [f"channel {number}" for number in range(channels)]
    sold = random.poisson(0.8, rows)
    return pa.table({
        "path": [" > ".join(random.choice(names, random.integers(1, 6))) for _row in range(rows)],
        "total_conversions": sold,
        "total_conversion_value": np.round(sold * random.gamma(2, 40, rows), 2),
        "total_null": random.poisson(2, rows),
    })  # fmt: skip


def events(channels: int, customers: int = 300) -> pa.Table:
    """No two of one customer in one moment: there the order of the rows is all there is."""
    random = np.random.default_rng(channels)
    rows: list[tuple[int, datetime, str | None, float | None]] = []
    for customer in range(customers):
        at = BEGIN + timedelta(minutes=int(random.integers(0, 10_000)))
        for _touch in range(random.integers(1, 5)):
            rows.append((customer, at, f"channel {random.integers(channels)}", None))
            at += timedelta(hours=int(random.integers(1, 90)))
        if random.random() < 0.4:
            rows.append((customer, at, None, float(random.integers(1, 300))))
    names = ("customer_id", "ts", "channel", "value")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def shuffled(table: pa.Table) -> pa.Table:
    return table.take(np.random.default_rng(8).permutation(len(table)))


@pytest.mark.parametrize("channels", [FEW, MANY])
def test_paths_in_any_order_have_the_same_credits_to_the_last_bit(channels: int) -> None:
    table = paths(channels)
    wanted = regie.attribute_paths(table, intervals=channels == FEW)

    found = regie.attribute_paths(shuffled(table), intervals=channels == FEW)

    assert found.equals(wanted)
    assert found.schema.metadata == wanted.schema.metadata


@pytest.mark.parametrize("channels", [FEW, MANY])
def test_a_path_in_several_rows_is_the_path_in_one(channels: int) -> None:
    table = paths(channels).to_pandas()
    counts = ["total_conversions", "total_conversion_value", "total_null"]
    table["total_conversion_value"] = table["total_conversions"] * 49.5  # added up without rounding
    summed = table.groupby("path", as_index=False)[counts].sum()
    assert len(summed) < len(table)

    found = regie.attribute_paths(table, intervals=channels == FEW)

    assert found.equals(regie.attribute_paths(summed, intervals=channels == FEW))


@pytest.mark.parametrize("channels", [FEW, MANY])
def test_events_in_any_order_have_the_same_credits(channels: int) -> None:
    table = events(channels)
    wanted = regie.attribute_events(table, intervals=channels == FEW)

    found = regie.attribute_events(shuffled(table), intervals=channels == FEW)

    assert found.equals(wanted)


def test_customers_named_by_texts_have_the_same_credits_in_any_order() -> None:
    table = events(MANY)
    named: Any = pa.array([f"c{one}" for one in table["customer_id"].to_pylist()])
    table = table.set_column(0, "customer_id", named)
    wanted = regie.attribute_events(table, models="shapley_rate")

    found = regie.attribute_events(shuffled(table), models="shapley_rate")

    # Customers are added up in the order in which they come: the last digits may differ.
    for name in ("conversions", "conversion_value", "low", "high"):
        np.testing.assert_allclose(found[name], wanted[name], rtol=1e-9, atol=1e-9)
