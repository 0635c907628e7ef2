"""Matomo visit reports as CSV: UTF-16, commas, the names of its programming interface."""

from __future__ import annotations

from regie.ingestion.format import Column, Format

_VISITS = (
    Column("date", ("date", "Jour", "Day")),
    Column("visits", ("nb_visits", "Visits", "Visites")),
    Column("single_page_visits", ("bounce_count", "Bounces", "Rebonds")),
    Column("completed", ("nb_visits_converted", "Visits with Conversions",
                         "Visites avec conversions")),
    Column("key_events", ("nb_conversions",)),
    Column("unique_visitors", ("nb_uniq_visitors", "Unique visitors", "Visiteurs uniques")),
)  # fmt: skip

matomo = Format(
    name="matomo",
    label="Matomo",
    platform="matomo",
    columns=_VISITS,
    required=(
        ("date",),
        ("visits",),
        ("label:nb_visits", "label:Visits with Conversions", "label:Visites avec conversions",
         "label:Actions per Visit", "label:Actions par visite"),
    ),
    fact="visits",
    level="site",
    restated=3,
    certainty="high",
    source="The platform's own public test files",
    notes=(
        "Certain: encoding, delimiter and the names such as nb_visits.",
        "Low: the translated names of the columns, in English and French.",
        "A bounce is a visit of a single page: GA4's bounce is another figure.",
        "A converted visit completed at least one goal; it counts once, unlike conversions.",
        "Unique visitors cannot be added over days. Days are of the site's time zone.",
    ),
)  # fmt: skip

# Pages, referrers and countries: a visit stands in several lines, so nothing can be added up.
matomo_by_label = Format(
    name="matomo_by_label",
    label="Matomo (report by page, referrer or country)",
    platform="matomo",
    columns=_VISITS,
    required=(
        ("label:label",),
        ("label:nb_visits", "label:nb_uniq_visitors", "label:nb_hits"),
        ("visits", "unique_visitors", "label:nb_hits"),
    ),
    fact="counted",
    certainty="low",
    source="The platform's own public test files",
    notes=("Recognised and counted; nothing is stored: lines of pages hold a visit many times.",),
)
