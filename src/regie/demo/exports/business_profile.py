"""Google Business Profile insights: a month of all agencies, whose period only the name tells."""

from __future__ import annotations

from collections.abc import Sequence

from regie.demo.audience import ProfileMonth
from regie.demo.exports import text
from regie.demo.exports.export import Export, figure
from regie.kernel.periods import Period

_VIEWS = "Number of people that viewed your Business Profile on Google {where} using {device}"
_COLUMNS = (
    ("Store code", ""),
    ("Business name", ""),
    ("Address", ""),
    ("Labels", ""),
    ("Google Search - Mobile", _VIEWS.format(where="Search", device="Mobile")),
    ("Google Search - Desktop", _VIEWS.format(where="Search", device="Desktop")),
    ("Google Maps - Mobile", _VIEWS.format(where="Maps", device="Mobile")),
    ("Google Maps - Desktop", _VIEWS.format(where="Maps", device="Desktop")),
    ("Calls", "Number of interactions with the call button on your Business Profile"),
    ("Messages", "Number of unique messaging conversations"),
    ("Bookings", "Number of completed bookings"),
    ("Directions", "Number of unique people who requested directions"),
    ("Website clicks", "Number of interactions with the website button"),
)


def export(rows: Sequence[ProfileMonth], month: Period) -> Export:
    header = [label for label, _ in _COLUMNS]
    descriptions = [description for _, description in _COLUMNS]
    return Export(
        name=f"business_profile_insights_{month.start}_{month.end}.csv",
        platform="google_business_profile",
        content=text.table([header, descriptions, *(_line(row) for row in rows)]).encode(),
        figures=[
            figure(month.start, metric, value)
            for row in rows
            for metric, value in (
                ("impressions", row.views),
                ("call_clicks", row.calls),
                ("directions", row.directions),
                ("website_clicks", row.website_clicks),
            )
        ],
        options={"period": str(month)},
    )


def _line(row: ProfileMonth) -> list[object]:
    return [
        row.agency.location,
        row.agency.name,
        f"1 place du Marché, {row.agency.town}",
        "franchise",
        row.search_mobile,
        row.search_desktop,
        row.maps_mobile,
        row.maps_desktop,
        row.calls,
        0,
        0,
        row.directions,
        row.website_clicks,
    ]
