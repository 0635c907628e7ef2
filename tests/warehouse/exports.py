"""Google Ads exports for tests: any days, any campaigns, figures known by a formula."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"


def google(path: Path, start: date, days: int, campaigns: Iterable[int], *, factor: int) -> Path:
    """An export whose rows cost ``factor``, with 1,000 impressions and one conversion for each."""
    end = start + timedelta(days=days - 1)
    period = " - ".join(f"{day:%B} {day.day}, {day.year}" for day in (start, end))
    rows = [
        f"Campaign {number},{number},{start + timedelta(days=day)},EUR,{factor},"
        f"{factor * 1000},{factor * 100},{factor},{factor * 10}"
        for day in range(days)
        for number in campaigns
    ]
    lines = ["Campaign report", f'"{period}"', HEADER, *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
