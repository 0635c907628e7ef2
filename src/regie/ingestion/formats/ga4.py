"""Google Analytics 4: reports and explorations saved from the screen, with a ``#`` preamble.

A report gives one table for a period, an exploration usually days; a blank line ends a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from regie.ingestion.format import Column, Format, Preamble
from regie.ingestion.labels import normal
from regie.ingestion.periods_in_text import period_in

_START = ("start date", "date de debut")
_END = ("end date", "date de fin")
_PROPERTY = ("property:", "property :", "propriete:", "propriete :")
_DATED = (*_START, *_END)
_RANGE = re.compile(r"^(\d{8})\s*-\s*(\d{8})$")
_RULE = re.compile(r"^[-=]*$")


def _preamble(lines: Sequence[Sequence[str]], file_name: str) -> Preamble:
    said = [text for line in lines if (text := _comment(line)) is not None]
    dates = " ".join(text for text in said if normal(text).startswith(_DATED))
    dates = dates or next((text for text in said if _RANGE.match(text)), "")
    return Preamble(period=period_in(dates.replace("-", " ")), account_name=_property(said))


def _comment(line: Sequence[str]) -> str | None:
    """The text of a ``#`` line; a cell that merely holds a ``#`` is data."""
    text = ",".join(line).strip().strip(",")
    if not text.startswith("#"):
        return None
    text = text.lstrip("#").strip()
    return None if _RULE.match(text) else text


def _property(said: list[str]) -> str:
    """Reports label the property; explorations begin with its bare name."""
    for text in said:
        if normal(text).startswith(_PROPERTY):
            return text.partition(":")[2].strip()
    range_at = next((i for i, text in enumerate(said) if _RANGE.match(text)), 0)
    return said[0] if range_at >= 2 else ""


_COLUMNS = (
    Column("date", ("Date",)),
    Column("channel", ("Session primary channel group (Default Channel Group)",
                       "Session default channel group", "Default channel group",
                       "Session primary channel group",
                       "Groupe de canaux principal de la session (Groupe de canaux par défaut)",
                       "Groupe de canaux par défaut pour la session",
                       "Groupe de canaux par défaut de la session",
                       "Groupe de canaux par défaut")),
    Column("source_medium", ("Session source / medium", "Source / medium",
                             "Source/Support de la session", "Source / support de la session",
                             "Source et support de la session", "Source / support")),
    Column("source", ("Session source", "Source", "Source de la session")),
    Column("medium", ("Session medium", "Medium", "Support de la session", "Support")),
    Column("campaign", ("Session campaign", "Campaign", "Campagne de la session", "Campagne")),
    Column("landing_page", ("Landing page", "Landing page + query string", "Page de destination",
                            "Page de destination + chaîne de requête")),
    Column("visits", ("Sessions",)),
    Column("engaged_visits", ("Engaged sessions", "Sessions avec engagement")),
    Column("key_events", ("Key events", "Événements clés", "Conversions")),
    Column("conversion_value", ("Total revenue", "Revenu total", "Total des revenus")),
    Column("unique_visitors", ("Active users", "Total users", "Users", "Utilisateurs actifs",
                               "Nombre total d'utilisateurs", "Total d'utilisateurs",
                               "Utilisateurs")),
)  # fmt: skip

_NOTES = (
    "Certain: the preamble, days such as 20260901, rates as fractions, “(other)” as a line of "
    "data, the total of an exploration right under its header with one cell more.",
    "Low: French labels and the French preamble are guessed.",
    "Users cannot be added over days, channels or pages.",
    "Days and money are of the property's zone and currency, which the file does not name.",
)

ga4 = Format(
    name="ga4",
    label="Google Analytics 4",
    platform="ga4",
    columns=_COLUMNS,
    required=(
        ("visits",),
        ("label:Session primary channel group (Default Channel Group)",
         "label:Session default channel group", "label:Session source / medium",
         "label:Engaged sessions", "label:Sessions avec engagement", "label:Active users",
         "label:Utilisateurs actifs", "label:Total users", "label:Key events",
         "label:Événements clés", "label:Event count", "label:Nombre d'événements",
         "label:Landing page"),
    ),
    fact="visits",
    level="site",
    totals=re.compile(r"^(grand total|total g[ée]n[ée]ral)$", re.IGNORECASE),
    preamble=_preamble,
    attribution="ga4 default",
    category="analytics",
    primary=False,
    restated=12,
    merge=True,
    blocks=True,
    certainty="high in English, low in French",
    source="Public test files from real properties",
    notes=(
        *_NOTES,
        "A bounce is a session that was not engaged. Revenue is a claim of the site's tags.",
        "Lines split by country, device or week are added up: sessions can be.",
    ),
)  # fmt: skip

# A visit sees several pages and sends several events: such lines overlap and cannot be added up.
_SEEN = (
    "Page path and screen class", "Page path", "Page path + query string", "Page location",
    "Page title", "Page title and screen class", "Event name", "Item name",
    "First user primary channel group (Default Channel Group)",
    "First user default channel group", "First user source / medium",
    "Nom de l'événement", "Chemin de la page et classe de l'écran", "Titre de la page",
)  # fmt: skip
_WHO = (
    "Country", "Country ID", "City", "Town/City", "Region", "Language", "Browser", "Age", "Gender",
    "Device category", "Platform / device category", "Platform", "Operating system", "Nth day",
    "Nth week", "Nth month", "Pays", "Ville", "Langue", "Catégorie d'appareil",
)  # fmt: skip


def _counted(
    name: str,
    label: str,
    about: tuple[str, ...],
    columns: tuple[Column, ...],
    without: tuple[str, ...] = (),
) -> Format:
    return Format(
        name=name,
        label=label,
        platform="ga4",
        columns=(*columns, Column("entity_name", about)),
        required=(
            tuple(f"label:{one}" for one in about),
            ("unique_visitors", "label:New users", "label:Views", "label:Event count",
             "label:Key events", "label:Sessions", "label:Nombre d'événements", "label:Vues"),
        ),
        without=without,
        fact="counted",
        preamble=_preamble,
        blocks=True,
        certainty="high in English, low in French",
        source="Public test files from real properties",
        notes=(*_NOTES, "Recognised and counted; nothing is stored, as such lines overlap."),
    )  # fmt: skip


ga4_counted = (
    _counted("ga4_pages", "Google Analytics 4 (pages, events, first visits)", _SEEN, _COLUMNS),
    # Where the lines hold sessions too, they can be added up: that is the first format.
    _counted(
        "ga4_users",
        "Google Analytics 4 (users by place or device)",
        _WHO,
        tuple(column for column in _COLUMNS if column.name in {"date", "unique_visitors"}),
        without=("Sessions",),
    ),
)
