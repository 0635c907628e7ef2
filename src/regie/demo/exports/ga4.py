"""GA4 free-form exploration: a # preamble and a grand total right after the header."""

from __future__ import annotations

from collections.abc import Sequence

from regie.demo.audience import SourceDay
from regie.demo.exports import text
from regie.demo.exports.export import Export, figure
from regie.demo.network import DemoOrganisation
from regie.demo.seed import identifier
from regie.kernel.periods import Period

_RULE = "# " + "-" * 40
_HEADER = (
    "Date", "Session primary channel group (Default Channel Group)", "Session source / medium",
    "Sessions", "Engaged sessions", "Active users", "Key events",
)  # fmt: skip


def export(site: DemoOrganisation, rows: Sequence[SourceDay], period: Period) -> Export:
    preamble = [
        _RULE,
        f"# {site.name} - GA4",
        "# Free form-Free form 1",
        f"# {period.start:%Y%m%d}-{period.end:%Y%m%d}",
        _RULE,
        "",
    ]
    total = [
        "", "", "",
        sum(row.visits for row in rows),
        sum(row.engaged for row in rows),
        # The same people come back: the total of users is far below the sum of the rows.
        sum(row.users for row in rows) // 3,
        sum(row.key_events for row in rows),
        "Grand total",
    ]  # fmt: skip
    body = text.table([_HEADER, total, *(_line(row) for row in rows)])
    return Export(
        name=f"ga4_free_form_{period.start:%Y%m%d}_{period.end:%Y%m%d}.csv",
        platform="ga4",
        content=("\n".join(preamble) + "\n" + body).encode(),
        figures=[
            figure(row.day, metric, value)
            for row in rows
            for metric, value in (
                ("visits", row.visits),
                ("engaged_visits", row.engaged),
                ("key_events", row.key_events),
            )
        ],
        options={"account": identifier(9, "ga4", site.slug), "timezone": site.timezone},
    )


def _line(row: SourceDay) -> list[object]:
    return [
        f"{row.day:%Y%m%d}",
        row.channel,
        f"{row.source} / {row.medium}",
        row.visits,
        row.engaged,
        row.users,
        row.key_events,
    ]
