"""An import in the words of a page: its state, its counts, its totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from regie.domain.metrics.catalog import metrics
from regie.kernel.i18n import _
from regie.ui import figures
from regie.ui.platforms import Platform, platform

# State: the word, and the tone of its badge.
STATES = {
    "running": (_("Running"), "accent"),
    "published": (_("Published"), "good"),
    "superseded": (_("Replaced since"), ""),
    "asks": (_("Needs an answer"), "warning"),
    "answered": (_("Answered since"), ""),
    "refused": (_("Refused"), "bad"),
    "stopped": (_("Stopped"), ""),
    "failed": (_("Failed"), "bad"),
    "undone": (_("Undone"), ""),
}
OPERATOR = _("local operator")
NOT_METRICS = {
    "connections": _("Connections"),
    "invitations_sent": _("Invitations sent"),
    "invitations_received": _("Invitations received"),
    "connections_hidden": _("Connections that hide their name"),
    "calls": _("Calls"),
    "messages": _("Messages"),
    "bookings": _("Bookings"),
    "impressions_total": _("Impressions, paid and unpaid"),
    "clicks_total": _("Clicks, paid and unpaid"),
    "reactions_total": _("Reactions, paid and unpaid"),
    "page_views_total": _("Page views"),
    "new_followers_organic": _("New followers, unpaid"),
    "new_followers_sponsored": _("New followers, paid"),
    "new_followers_total": _("New followers"),
}


@dataclass(frozen=True)
class Total:
    label: str
    value: str


def state_word(state: str) -> str:
    return gettext(STATES.get(state, (state, ""))[0])


def state_tone(state: str) -> str:
    return STATES.get(state, ("", ""))[1]


def shown_platform(slug: str) -> Platform | None:
    return platform(slug) if slug else None


def totals_of(totals: Mapping[str, Mapping[str, Any]]) -> list[Total]:
    """What the accepted lines add up to, to lay beside the total that the platform shows."""
    found = []
    for name, by_currency in totals.items():
        metric = metrics().get(name)
        label = gettext(metric.label) if metric else _as_words(name)
        unit = metric.unit if metric else "number"
        values = by_currency if isinstance(by_currency, Mapping) else {"": by_currency}
        for currency, value in values.items():
            found.append(Total(label, _exact(value, unit, currency)))
    return found


def counts_of(counts: Mapping[str, Any]) -> list[Total]:
    return [Total(_counted(name), _exact(value, "count", "")) for name, value in counts.items()]


def _counted(name: str) -> str:
    return gettext(NOT_METRICS[name]) if name in NOT_METRICS else _as_words(name)


def _as_words(name: str) -> str:
    """A table of an interface says what it counts in English: ``order_rows`` is “Order rows”."""
    return name.replace("_", " ").capitalize()


def _exact(value: Any, unit: str, currency: str) -> str:
    try:
        return figures.whole(Decimal(str(value)), unit, currency)
    except InvalidOperation:
        return str(value)


def windows_of(windows: list[dict[str, Any]]) -> list[Total]:
    """The days that the file speaks for: an earlier import of them was replaced."""
    starts = [day for window in windows if (day := _day(window.get("start")))]
    ends = [day for window in windows if (day := _day(window.get("end")))]
    if not starts or not ends:
        return []
    return [Total(gettext("Days"), figures.days(min(starts), max(ends)))]


def actor_word(actor: str) -> str:
    """Who brought it; a command at the machine itself has no person."""
    return gettext(actor) if actor == OPERATOR else actor


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
