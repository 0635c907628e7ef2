"""Google Ads exports for tests: any days, any campaigns, figures known by a formula."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"


def google(path: Path, start: date, days: int, campaigns: Iterable[int], *, factor: int) -> Path:
    """An export in which every row has cost = clicks x 0.01 = impressions x 0.001 = ``factor``."""
    end = start + timedelta(days=days - 1)
    lines = ["Campaign report", f'"{start:%B} {start.day}, {start.year} - {end:%B} {end.day}, {end.year}"']
    lines += [
        f"Campaign {number},{number},{start + timedelta(days=day)},EUR,{factor},"
        f"{factor * 1000},{factor * 100},{factor},{factor * 10}"
        for day in range(days)
        for number in campaigns
    ]
    path.write_text("\n".join([*lines[:2], HEADER.strip(), *lines[2:]]) + "\n", encoding="utf-8")
    return path


def is_whole(totals: dict[str, object]) -> bool:
    """Whether all figures of ``google`` files are of one version: each row has one factor."""
    spend = Decimal(str(next(iter(totals["spend"].values()), 0) if totals["spend"] else 0))
    return all(
        Decimal(str(totals[name] or 0)) == spend * times
        for name, times in (("clicks", 100), ("impressions", 1000), ("conversions", 1))
    )
