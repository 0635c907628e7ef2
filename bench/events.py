"""A log of marketing events as it arrives: in the order of time, customers mingled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

DAYS, TOUCHES_OF_ONE, SOLD, STICKY = 120, 4, 0.0075, 0.3
GROUP = 1_000_000
MICROSECONDS = 86_400_000_000
START = 1_735_689_600_000_000


def write_events(path: Path, events: int, channels: int, seed: int = 1) -> None:
    """``events`` rows of customer_id, ts, channel, value; sparse ids, unequal channels."""
    random = np.random.default_rng(seed)
    names = pa.array([f"channel {number:02d}" for number in range(channels)])
    chance = 1 / np.arange(1, channels + 1) ** 0.8
    customers = max(1, events // TOUCHES_OF_ONE)
    # What a customer is likely to come by again.
    habit = random.choice(channels, customers, p=chance / chance.sum()).astype(np.int16)
    schema = pa.schema({
        "customer_id": pa.int64(), "ts": pa.timestamp("us"),
        "channel": pa.dictionary(pa.int16(), pa.string()), "value": pa.float64(),
    })  # fmt: skip
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as file:
        for first in range(0, events, GROUP):
            rows = min(GROUP, events - first)
            who = random.integers(0, customers, rows)
            codes = random.choice(channels, rows, p=chance / chance.sum()).astype(np.int16)
            codes = np.where(random.random(rows) < STICKY, habit[who], codes)
            sold = random.random(rows) < SOLD
            # Who buys was seen before: a customer of an earlier row of the same group.
            buying = np.flatnonzero(sold)
            who[buying] = who[(random.random(len(buying)) * buying).astype(np.int64)]
            within = np.sort(random.random(rows) * rows) + first
            moments = START + (within / events * DAYS * MICROSECONDS).astype(np.int64)
            values = np.round(random.lognormal(4, 0.8, rows), 2)
            table = pa.table(
                {
                    "customer_id": who * 7_919 % (3 * customers) + 1_000_000_000,
                    "ts": pa.array(moments, pa.timestamp("us")),
                    "channel": pa.DictionaryArray.from_arrays(pa.array(codes, mask=sold), names),
                    "value": pa.array(values, mask=~sold),
                },
                schema,
            )
            file.write_table(table)
