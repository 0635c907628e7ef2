"""Writes an ad report as Google Ads gives it: a title, the period, figures with grouped digits."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench.network import LAST_DAY, Network

TITLE_LINES = 3
# The label of each column, what is written under it, and the type that a bare reader is told.
COLUMNS = (
    ("Day", "day", "DATE"),
    ("Customer ID", "account_id", "BIGINT"),
    ("Account", "account", "VARCHAR"),
    ("Campaign", "campaign", "VARCHAR"),
    ("Campaign ID", "campaign_id", "BIGINT"),
    ("Ad group", "ad_group", "VARCHAR"),
    ("Ad group ID", "ad_group_id", "BIGINT"),
    ("Ad ID", "ad_id", "BIGINT"),
    ("Currency code", "'EUR'", "VARCHAR"),
    ("Cost", "{cost}", "DECIMAL(18,2)"),
    ("Impr.", "{impressions}", "BIGINT"),
    ("Clicks", "{clicks}", "BIGINT"),
    ("Conversions", "{conversions}", "DECIMAL(18,2)"),
    ("Conv. value", "{value}", "DECIMAL(18,2)"),
)
_FIGURES = {
    "cost": "cost",
    "impressions": "impressions",
    "clicks": "clicks",
    "conversions": "conversions::DECIMAL(12,2)",
    "value": "(conversions * 80)::DECIMAL(12,2)",
}


def write_export(network: Network, path: Path) -> None:
    """The report of ``network`` as one CSV file at ``path``."""
    figures = {name: _grouped(value) for name, value in _FIGURES.items()}
    cells = ", ".join(f'{cell.format(**figures)} AS "{label}"' for label, cell, _type in COLUMNS)
    body = path.with_suffix(".body")
    with duckdb.connect(config={"memory_limit": "1GB"}) as engine:
        engine.execute(f"COPY (SELECT {cells} FROM ({network.select()})) TO '{body}' (HEADER)")
    period = f"{network.first_day:%B} {network.first_day.day}, {network.first_day.year} - "
    period += f"{LAST_DAY:%B} {LAST_DAY.day}, {LAST_DAY.year}"
    with path.open("wb") as whole, body.open("rb") as lines:
        whole.write(f'Ad report\n"{period}"\n'.encode())
        while chunk := lines.read(1 << 20):
            whole.write(chunk)
    body.unlink()


def _grouped(value: str) -> str:
    """Digits in groups of three, as the platform's screen exports them."""
    return f"regexp_replace(CAST({value} AS VARCHAR), '^(-?\\d+)(\\d{{3}})(\\..*)?$', '\\1,\\2\\3')"


def bare_read(path: Path) -> str:
    """What the engine needs at the very least: read every cell as its type, and sum each column."""
    types = ", ".join(f"'{label}': '{type_}'" for label, _cell, type_ in COLUMNS)
    sums = ", ".join(
        f'max("{label}")' if type_ == "DATE"
        else f'sum(strlen("{label}"))' if type_ == "VARCHAR"
        else f'sum("{label}")'
        for label, _cell, type_ in COLUMNS
    )  # fmt: skip
    return (
        f"SELECT {sums} FROM read_csv('{path}', columns={{{types}}}, auto_detect=false, "
        f"header=true, skip={TITLE_LINES - 1}, delim=',', quote='\"', thousands=',')"
    )
