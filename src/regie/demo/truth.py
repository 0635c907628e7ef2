"""What the files of the demo truly say, added up while they are written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from regie.demo import stories
from regie.demo.exports.export import Figure
from regie.demo.seasons import Calendar
from regie.kernel.money import plain

Sums = dict[str, dict[str, Decimal]]


def _sums() -> Sums:
    return defaultdict(lambda: defaultdict(Decimal))


@dataclass
class Truth:
    """True totals by file, and by organisation, platform and month."""

    files: dict[str, Sums] = field(default_factory=dict)
    months: dict[tuple[str, str, str], Sums] = field(
        default_factory=lambda: defaultdict(_sums)  # organisation, platform, month
    )

    def add(self, path: str, organisation: str, platform: str, figures: Iterable[Figure]) -> None:
        file = self.files.setdefault(path, _sums())
        for day, metric, currency, value in figures:
            file[metric][currency] += value
            self.months[organisation, platform, f"{day:%Y-%m}"][metric][currency] += value

    def write(self, path: Path, *, seed: int, calendar: Calendar) -> None:
        organisations: dict[str, dict[str, dict[str, object]]] = {}
        for (organisation, platform, month), sums in sorted(self.months.items()):
            platforms = organisations.setdefault(organisation, {})
            platforms.setdefault(platform, {})[month] = _texts(sums)
        content = {
            "seed": seed,
            "start": calendar.whole.start.isoformat(),
            "until": calendar.until.isoformat(),
            "files": {name: _texts(sums) for name, sums in sorted(self.files.items())},
            "organisations": organisations,
            "stories": _stories(calendar),
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _texts(sums: Sums) -> dict[str, dict[str, str]]:
    return {
        metric: {currency: plain(value) for currency, value in sorted(values.items())}
        for metric, values in sorted(sums.items())
    }


def _stories(calendar: Calendar) -> dict[str, object]:
    return {
        "call_centre": {"opens": stories.OPENS, "closes": stories.CLOSES},
        "evening_leads": {
            "before": {"period": str(calendar.month_before), **vars(stories.BEFORE)},
            "after": {"period": str(calendar.last_month), **vars(stories.AFTER)},
        },
        "brand_bidder": {
            "organisation": stories.BRAND_BIDDER,
            "campaign": stories.BRAND_BIDDER_CAMPAIGN,
            "days": stories.BRAND_BID_DAYS,
        },
        "claiming_campaign": stories.CLAIMING_CAMPAIGN,
        "tired_ad": {"ad": stories.TIRED_AD, "days": stories.FATIGUE_DAYS},
        "tracking_break": str(stories.tracking_break(calendar)),
    }
