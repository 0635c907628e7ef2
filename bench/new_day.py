"""What a new day costs beside attributing all days again; the credits are the same.

Usage: python -m bench.new_day EVENTS.parquet. Prints the CPU seconds of both, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regie.domain.attribution.calls import LOOKBACK, batches_of
from regie.domain.attribution.columns import Columns
from regie.domain.attribution.direct import DIRECT, direct_flags
from regie.domain.attribution.incremental import RunningCredits
from regie.domain.attribution.log import EventLog, read_log
from regie.domain.attribution.model import Settings
from regie.domain.attribution.models import models

CLOSE = 1e-9


def measure(path: Path) -> dict[str, float]:
    """CPU seconds of a new day and of all days; raises where the credits differ."""
    table = pq.read_table(path)
    last_day = pc.max(table["ts"]).as_py().replace(hour=0, minute=0, second=0, microsecond=0)
    is_new = pc.greater_equal(table["ts"], pa.scalar(last_day, table["ts"].type))
    units = sorted(name for name in pc.unique(table["channel"]).to_pylist() if name)
    running = _started(units)
    running.add(_log(table.filter(pc.invert(is_new))))
    new_day = _log(table.filter(is_new))
    begun = time.process_time()
    running.add(new_day)
    found = running.credits()
    new = time.process_time() - begun
    whole = _started(units)
    begun = time.process_time()
    whole.add(_log(table))
    again = whole.credits()
    full = time.process_time() - begun
    for name, credit in again.items():
        np.testing.assert_allclose(found[name].conversions, credit.conversions, rtol=CLOSE)
        np.testing.assert_allclose(found[name].value, credit.value, rtol=CLOSE)
    days = (pc.max(table["ts"]).as_py() - pc.min(table["ts"]).as_py()) / timedelta(days=1)
    return {"new_day": new, "all_days": full, "days": days, "new_events": pc.sum(is_new).as_py()}


def _started(units: list[str]) -> RunningCredits:
    settings = Settings(direct_flags(units, DIRECT))
    return RunningCredits(tuple(models().values()), units, settings, lookback=LOOKBACK)


def _log(table: Any) -> EventLog:
    columns = Columns()
    return read_log(table.schema, batches_of(table, columns), len(table), columns)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))
