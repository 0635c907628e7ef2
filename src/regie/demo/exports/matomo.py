"""Matomo's visits summary by day: UTF-16 with commas, API names as headers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from regie.demo.audience import SourceDay
from regie.demo.exports import text
from regie.demo.exports.export import Export, figure
from regie.demo.network import DemoOrganisation
from regie.kernel.periods import Period

_HEADER = (
    "date", "nb_uniq_visitors", "nb_users", "nb_visits", "nb_actions", "nb_visits_converted",
    "bounce_count", "sum_visit_length", "max_actions", "bounce_rate", "nb_actions_per_visit",
    "avg_time_on_site",
)  # fmt: skip


def export(site: DemoOrganisation, rows: Sequence[SourceDay], period: Period) -> Export:
    days = [list(group) for _, group in groupby(rows, key=lambda row: row.day)]
    return Export(
        name=f"matomo_visits_summary_{period.start}_{period.end}.csv",
        platform="matomo",
        content=text.utf16(text.table([_HEADER, *(_line(day) for day in days)])),
        figures=[
            figure(row.day, metric, value)
            for row in rows
            for metric, value in (
                ("visits", row.visits),
                ("single_page_visits", row.single_page),
                ("completed", row.completed),
            )
        ],
        options={"account": "1", "timezone": site.timezone},
    )


def _line(day: list[SourceDay]) -> list[object]:
    visits = sum(row.visits for row in day)
    bounces = sum(row.single_page for row in day)
    actions = bounces + 4 * (visits - bounces)
    seconds = 95 * visits
    return [
        day[0].day.isoformat(),
        sum(row.users for row in day),
        0,
        visits,
        actions,
        sum(row.completed for row in day),
        bounces,
        seconds,
        17,
        f"{round(100 * bounces / visits)}%",
        round(actions / visits, 1),
        seconds // visits,
    ]
