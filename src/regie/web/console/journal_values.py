"""What the values in a line of the journal mean: under each key its codes have their own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.utils.translation import gettext

from regie.apps.tokens.services import SCOPES
from regie.domain import annotations as happenings
from regie.domain import objectives
from regie.domain.attribution.models import models
from regie.domain.markets import MEASURES, SHARES
from regie.domain.metrics.catalog import metrics
from regie.kernel.i18n import _
from regie.ui import figures
from regie.web.attribution.words import CONVERSIONS, PLURALS
from regie.web.console.audience_words import BASES
from regie.web.identity.words import WORDS
from regie.web.settings_form import EVERY_KIND, pattern_word
from regie.web.tracking.words import WHICH

FIGURES = {"leads": "leads_received"}  # a fact by the figure that counts it, if not its own name
WHATS = {"moved": _("Branch moved"), "merged": _("Organisation merged into another"),
         "closed": _("Organisation closed")}  # fmt: skip
CODES: dict[str, Mapping[Any, Any]] = {
    "level": objectives.LEVELS,
    "direction": objectives.DIRECTIONS
    | {"goal": _("from sales to money"), "budget": _("from money to sales")},
    "against": objectives.AGAINST,
    "kind": objectives.KINDS | happenings.KINDS | dict(EVERY_KIND) | CONVERSIONS,
    "measure": MEASURES,
    "mode": {
        "exempt": _("exempt audience measurement"),
        "consented": _("measurement with consent"),
    },
    "side": {"owner": _("who shares"), "partner": _("who is shared with")},
    "basis": BASES,
    "scopes": SCOPES,
    "unit": PLURALS,
    "which": WHICH,
    "word": WORDS,
    "what": WHATS,
}


def _percent(value: Any) -> str:
    number = Decimal(str(value)) * 100
    return figures.percent(
        number / 100, digits=max(0, -int(number.normalize().as_tuple().exponent))
    )


def _number(value: Any) -> str:
    number = Decimal(str(value))
    return figures.decimal(number, digits=0 if number == int(number) else 2)


WRITTEN: dict[str, Callable[[Any], str]] = {
    "conversion_rate": _percent,
    "click_rate": _percent,
    "growth": _percent,
    "threshold": _percent,
    "events": _number,
    "identifiers": _number,
    "made": _number,
    "refused": _number,
    "rows": _number,
    "target": _number,
    "amount": _number,
    "cpm": _number,
    "first_month": lambda value: figures.month_name(int(value)),
    "week_starts_on": lambda value: figures.weekday_name(int(value)),
    "year_pattern": lambda value: pattern_word(str(value)),
    "quarter": lambda value: figures.quarter(str(value)),
}


def value_word(key: str, value: Any) -> str:
    """The words of a code, or a number as it is read; empty where ``value`` is neither."""
    if isinstance(value, (dict, bool)) or value in (None, ""):
        return ""
    if isinstance(value, list):
        words = [value_word(key, one) or str(one) for one in value]
        return ", ".join(words) if key in CODES or key in {"metric", "metrics"} else ""
    if key in {"metric", "metrics", "fact"}:
        return _figure(key, str(value))
    if key == "model":
        return _model(str(value))
    if key in WRITTEN:
        try:
            return WRITTEN[key](value)
        except (ValueError, InvalidOperation, KeyError, IndexError):
            return ""
    word = CODES.get(key, {}).get(str(value))
    return gettext(str(word)) if word else ""


def _figure(key: str, code: str) -> str:
    found = (metrics() | SHARES).get(FIGURES.get(code, code) if key == "fact" else code)
    return gettext(found.label) if found else ""


def _model(name: str) -> str:
    found = _models().get(name)
    return gettext(found) if found else ""


@cache
def _models() -> dict[str, str]:
    return {name: one.label for name, one in models().items()}
