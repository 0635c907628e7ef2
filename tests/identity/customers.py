"""A list of customers as a shop brings it: the labelled records, with names of their own."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.warehouse.test_matching import records


def customers_file(path: Path, *others: dict[str, str]) -> Path:
    """``others`` are further lines."""
    table, _whose = records()
    rows = table.to_pylist()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["customer", *list(rows[0])[1:]])
        writer.writeheader()
        writer.writerows({"customer": f"K-{row.pop('key')}", **row} for row in rows)
        writer.writerows(others)
    return path
