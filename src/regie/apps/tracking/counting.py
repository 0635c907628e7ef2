"""Figures of links and codes, from what is published and under the scope of who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from regie.apps.beneficiaries.selectors import opened
from regie.domain.facts import VISITS
from regie.kernel.periods import Period
from regie.kernel.scope import Scope


@dataclass(frozen=True)
class LinkFigures:
    """Clicks that count by day, what followed, and what was set aside by reason."""

    by_day: Mapping[date, int]
    clicks: int
    visits: int
    leads: int
    aside: Mapping[str, int]
    by_device: Mapping[str, int]


@dataclass(frozen=True)
class TagUse:
    """Visits that arrived with the same three tags."""

    source: str
    medium: str
    campaign: str
    channel: str
    visits: int
    home: int = 0


def clicks_by_link(scope: Scope, period: Period) -> dict[int, int]:
    return dict(
        _rows(scope, period, "link_id, CAST(sum(events) AS BIGINT)",
              "kind = 'click' AND aside IS NULL GROUP BY link_id")
    )  # fmt: skip


def link_figures(scope: Scope, link_id: int, period: Period) -> LinkFigures:
    found = _rows(
        scope, period, "kind, date, aside, device, CAST(sum(events) AS BIGINT)",
        "link_id = ? GROUP BY ALL", link_id,
    )  # fmt: skip
    by_day: dict[date, int] = {}
    counts: dict[str, int] = {}
    aside: dict[str, int] = {}
    by_device: dict[str, int] = {}
    for kind, day, reason, device, events in found:
        if reason is not None:
            if kind == "click":  # what a program did next is told where it did it
                aside[reason] = aside.get(reason, 0) + events
            continue
        counts[kind] = counts.get(kind, 0) + events
        if kind == "click":
            by_day[day] = by_day.get(day, 0) + events
            by_device[device or ""] = by_device.get(device or "", 0) + events
    return LinkFigures(
        by_day, counts.get("click", 0), counts.get("visit", 0), counts.get("lead", 0), aside,
        by_device,
    )  # fmt: skip


def tags_used(scope: Scope, period: Period) -> list[TagUse]:
    """Tags that visits arrived with, the most frequent first, and how many of them on the first
    page of a site that has been entered by other pages too."""
    found = _rows(
        scope, period,
        "coalesce(source, ''), coalesce(medium, ''), coalesce(campaign, ''), "
        "coalesce(any_value(channel), ''), CAST(sum(events) AS BIGINT) AS visits",
        "kind = 'visit' GROUP BY 1, 2, 3 ORDER BY visits DESC, 1, 2, 3 LIMIT 1000",
    )  # fmt: skip
    home = _arrivals_at_home(scope, period)
    return [
        TagUse(source, medium, campaign, named, visits, home.get((source, medium, campaign), 0))
        for source, medium, campaign, named, visits in found
    ]


def _arrivals_at_home(scope: Scope, period: Period) -> dict[tuple[str, str, str], int]:
    session = opened(scope)
    if not session.has(VISITS.name):
        return {}
    visits = session.table(VISITS.name)
    elsewhere = (
        f"SELECT asset_key FROM {visits} WHERE landing_page NOT IN ('', '/') "
        "AND date BETWEEN ? AND ?"
    )
    rows = session.rows(
        "SELECT coalesce(source, ''), coalesce(medium, ''), coalesce(campaign, ''), "
        f"CAST(sum(visits) AS BIGINT) FROM {visits} "
        "WHERE origin = 'collector' AND landing_page IN ('', '/') AND date BETWEEN ? AND ? "
        f"AND asset_key IN ({elsewhere}) GROUP BY 1, 2, 3",
        [period.start, period.end, period.start, period.end],
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def visits_by_mode(scope: Scope, asset_key: int, period: Period) -> dict[str, int]:
    """Visits of a site with consent and without: what share of traffic each figure rests on."""
    return dict(
        _rows(scope, period, "mode, CAST(sum(events) AS BIGINT)",
              "kind = 'visit' AND asset_key = ? GROUP BY mode", asset_key)
    )  # fmt: skip


def aside_by_reason(scope: Scope, asset_key: int, period: Period) -> dict[str, int]:
    """Events that a site sent and that do not count, by the reason why."""
    return dict(
        _rows(scope, period, "aside, CAST(sum(events) AS BIGINT)",
              "aside IS NOT NULL AND kind <> 'redemption' AND asset_key = ? "
              "GROUP BY aside ORDER BY aside", asset_key)
    )  # fmt: skip


def _rows(scope: Scope, period: Period, columns: str, where: str, *values: Any) -> list[Any]:
    session = opened(scope)
    if not session.has("tracked"):
        return []
    return session.rows(
        f"SELECT {columns} FROM {session.table('tracked')} WHERE date BETWEEN ? AND ? AND {where}",
        [period.start, period.end, *values],
    )
