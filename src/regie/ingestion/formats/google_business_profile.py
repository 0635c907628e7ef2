"""Google Business Profile insights: one line per place, for a period that the file's name states.

A line of descriptions stands under the header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from regie.ingestion.format import Column, Count, Format, Preamble
from regie.ingestion.periods_in_text import period_in


def _period(lines: Sequence[Sequence[str]], file_name: str) -> Preamble:
    period = period_in(file_name)
    # A lone day in a name is more often the day of the download than the period of the report.
    return Preamble(period=period if period and period.days > 1 else None)


google_business_profile = Format(
    name="google_business_profile",
    label="Google Business Profile",
    platform="google_business_profile",
    columns=(
        Column("date", ("Date", "Day", "Jour")),
        Column("location", ("Store code", "Code de magasin", "Code du magasin",
                            "Code magasin")),
        Column("location_name", ("Business name", "Nom de l'entreprise",
                                 "Nom de l'établissement")),
        Column(
            "impressions",
            ("Google Search - Mobile", "Recherche Google - Mobile"),
            add=(
                ("Google Search - Desktop", "Recherche Google - Ordinateur",
                 "Recherche Google - Bureau"),
                ("Google Maps - Mobile",),
                ("Google Maps - Desktop", "Google Maps - Ordinateur", "Google Maps - Bureau"),
            ),
        ),
        Column("call_clicks", ("Calls", "Appels")),
        Column("directions", ("Directions", "Itinéraires", "Demandes d'itinéraire")),
        Column("website_clicks", ("Website clicks", "Clics vers le site Web",
                                  "Clics sur le site Web")),
    ),
    required=(
        ("location", "location_name"),
        ("label:Google Search - Mobile", "label:Google Maps - Mobile",
         "label:Google Search - Desktop", "label:Google Maps - Desktop",
         "label:Recherche Google - Mobile", "label:Website clicks",
         "label:Clics vers le site Web"),
        ("impressions", "call_clicks", "directions", "website_clicks"),
    ),
    level="location",
    trailer=re.compile(
        r"^\W*(number of (people|interactions|unique|completed|times)|"
        r"nombre (de (personnes|conversations|réservations|clics|fois)|d.(interactions|appels)))",
        re.IGNORECASE,
    ),
    counts=(
        Count("calls", "sum(try_cast(replace({Calls}, ',', '') AS BIGINT))"),
        Count("messages", "sum(try_cast(replace({Messages}, ',', '') AS BIGINT))"),
        Count("bookings", "sum(try_cast(replace({Bookings}, ',', '') AS BIGINT))"),
    ),
    preamble=_period,
    restated=3,
    certainty="high for the measures, low in French",
    source="Header names of public parsers of English files",
    notes=(
        "Certain: the labels of the measures. Likely: the line of descriptions, the other columns.",
        "Low: French labels are guessed; dashes of all widths are alike.",
        "Views are the sum of search and maps on mobile and computers: a person counts once a day "
        "and device, so they are not people of the period.",
        "Calls are clicks on the call button, not calls that were answered.",
        "The file has no day: the period comes from its name, or is asked for.",
        "A file of one month is in that month when figures are split by month; one of a longer "
        "period is in totals alone, so take a file for each month.",
    ),
)  # fmt: skip
