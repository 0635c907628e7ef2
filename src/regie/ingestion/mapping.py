"""A person describes the columns of a table that no format knows; it becomes a format like others.

```toml
name = "radio"
platform = "radio"            # any short name; "own" for one's own orders, leads, calls, visits
fact = "performance"          # or visits, orders, leads, calls, earned, rates
date_order = "dmy"            # mdy or dmy, when days are written with slashes
decimal = ","
currency = "EUR"
money_in = "minor"            # where amounts are in cents; "micros" where in millionths
[columns]                     # our word = the column's label
date = "Datum"
campaign = "Kampagne"
spend = "Kosten"
```
"""

from __future__ import annotations

import difflib
import json
import tomllib
from pathlib import Path
from typing import Any

from regie.domain.facts import EARNED_KINDS
from regie.ingestion.format import DEFAULT_TOTALS, Column, Format
from regie.ingestion.vocabulary import KINDS
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

FACTS = ("performance", "visits", "orders", "leads", "calls", "earned", "rates")
_CHOICES = {
    "date_order": ("", "mdy", "dmy"),
    "decimal": ("", ",", "."),
    "money_in": ("", "minor", "micros"),
    "fact": FACTS,
}

# Which words each kind of table can keep, in the order in which a person meets them.
_TRAFFIC = "location channel source medium campaign"
WORDS = {
    fact: tuple(words.split())
    for fact, words in {
        "performance": (
            "date period_start period_end account_name account_id campaign campaign_id ad_group "
            "ad_group_id ad ad_id keyword ad_network device location currency spend impressions "
            "clicks link_clicks video_views engagements leads conversions conversion_value "
            "conversion_name directions website_clicks call_clicks reach frequency "
            + " ".join(EARNED_KINDS)
        ),
        "visits": (
            f"date {_TRAFFIC} landing_page visits engaged_visits single_page_visits completed "
            "key_events"
        ),
        "orders": (
            f"order_id ordered_at revenue currency order_kind parent_id status {_TRAFFIC} "
            "promo_code customer new_customer"
        ),
        "leads": f"lead_id received_at {_TRAFFIC} form status",
        "calls": "call_id started_at duration_s wait_s location channel source campaign outcome",
        "earned": "date network earned_kind earned location",
        "rates": "date from_currency to_currency rate rate_source",
    }.items()
}
# Each group needs one of its members.
REQUIRED = {
    "performance": (("spend", "impressions", "clicks", "conversions", "reach", "video_views",
                     "engagements", "leads", "link_clicks", "conversion_value", *EARNED_KINDS),),
    "visits": (("date",), ("visits",)),
    "orders": (("order_id",), ("ordered_at",), ("revenue",)),
    "leads": (("lead_id",), ("received_at",)),
    "calls": (("call_id",), ("started_at",)),
    "earned": (("date",), ("earned_kind",), ("earned",)),
    "rates": (("date",), ("from_currency",), ("to_currency",), ("rate",)),
}  # fmt: skip


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping in a TOML or JSON file.

    Raises ``WrongUse`` where the file is neither.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (OSError, UnicodeError, json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(
            say(_("The mapping {file} cannot be read: {error}."), file=path.name, error=str(error)),
            hint=_("Write it as TOML or JSON; the documentation has an example."),
        ) from error
    format_from(found)
    return dict(found)


def format_from(mapping: dict[str, Any]) -> Format:
    """Raises ``WrongUse`` for an unknown word, with the nearest one."""
    columns = mapping.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise WrongUse(
            _("The mapping names no columns."),
            hint=_('Add a table [columns] with lines such as spend = "Cost".'),
        )
    for key, allowed in _CHOICES.items():
        if mapping.get(key, allowed[0]) not in allowed:
            raise WrongUse(
                say(_("“{value}” is not a {key}."), value=str(mapping[key]), key=key),
                hint=say(_("Use one of: {allowed}."), allowed=", ".join(filter(None, allowed))),
            )
    fact = str(mapping.get("fact", FACTS[0]))
    return Format(
        name=f"mapping:{mapping.get('name', 'table')}",
        label=str(mapping.get("name", "table")),
        platform=str(mapping.get("platform", "own" if fact != FACTS[0] else "other")),
        columns=tuple(
            _column(word, labels, str(mapping.get("money_in", "")))
            for word, labels in columns.items()
        ),
        required=tuple((word,) for word in columns),
        fact=fact,
        level=str(mapping.get("level", "")),
        date_order=str(mapping.get("date_order", "")),
        decimal=str(mapping.get("decimal", "")),
        currency=str(mapping.get("currency", "")).upper(),
        totals=DEFAULT_TOTALS,
        certainty="described by a person",
    )


def _column(word: str, labels: Any, money_in: str) -> Column:
    if word not in KINDS:
        near = difflib.get_close_matches(word, KINDS, n=1)
        raise WrongUse(
            say(_("“{word}” is not one of our words for columns."), word=word),
            hint=say(_("Did you mean {near}?"), near=near[0]) if near else "",
        )
    given = (labels,) if isinstance(labels, str) else tuple(map(str, labels))
    return Column(word, given, money_in if KINDS[word] == "money" else "")
