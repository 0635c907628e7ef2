"""What can be asked of the journeys that were measured: a question, and how it is written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from regie.domain.attribution.durations import parse_duration
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.money import is_currency
from regie.kernel.periods import Period

UNITS: dict[str, str] = {
    "channel": _("Channel"),
    "media": _("Paid, earned, owned"),
    "source": _("Source and medium"),
    "platform": _("Platform"),
    "campaign": _("Campaign"),
    "link": _("Tracked link"),
    "location": _("Location"),
    "keyword": _("Keyword"),
    "content": _("Ad or creator"),
    "page": _("Landing page"),
    "device": _("Device"),
}
KINDS: dict[str, str] = {
    "order": _("Orders"),
    "lead": _("Leads"),
    "mql": _("Marketing qualified leads (MQL)"),
    "sql": _("Sales qualified leads (SQL)"),
    "call": _("Calls"),
    "redemption": _("Codes used"),
}
# Leads that have come so far, by the state that was told of them last.
QUALIFIED = frozenset({"mql", "sql"})
# A kind may also be an event of one's own, by its name after this; these names are no one's own.
EVENT = "event:"
_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
HAPPENED = ("order", "lead", "call", "redemption")
NOT_ONES_OWN = frozenset({
    *HAPPENED, "shop_visit", "lead_state", "visit", "identity", "refund", "click", "page_view",
    "consent", "identify",
})  # fmt: skip
BASES: dict[str, str] = {
    "sale": _("Day of the conversion"),
    "click": _("Day of the visit"),
}
# What a visit is called that has no such thing, and one that nobody knows the source of.
NOTHING, DIRECT, OTHERS = "(none)", "Direct", "(others)"
# A model compares units with one another: those beyond this many, the rarest, are taken together.
MOST_UNITS = 200
LOOKBACK = timedelta(days=30)
LONGEST_LOOKBACK = timedelta(days=365)
Basis = Literal["sale", "click"]


@dataclass(frozen=True)
class Question:
    """Credits of the conversions of one ``kind`` in ``period``, by ``unit``.

    The kind is one of ``KINDS``, or ``event:`` and the name of an event of one's own. ``lookback``
    is how old a touch may be, ``lag`` how old it must be. With ``basis`` “click” a credit is of the
    day of the visit that earned it. Without ``probable`` people are joined only where that is
    certain.
    """

    period: Period
    unit: str = "channel"
    kind: str = "order"
    currency: str = "EUR"
    lookback: timedelta = LOOKBACK
    lag: timedelta = timedelta(0)
    basis: Basis = "sale"
    exclude_direct: bool = False
    probable: bool = False
    order: int = 1
    intervals: bool = False

    @property
    def happened(self) -> str:
        """What a conversion is called among events."""
        return "lead" if self.kind in QUALIFIED else self.kind.removeprefix(EVENT)

    @property
    def is_own_event(self) -> bool:
        return self.kind.startswith(EVENT)

    @property
    def conversions(self) -> Period:
        """The days whose conversions may earn something in the period."""
        if self.basis == "sale":
            return self.period
        return Period(self.period.start, _moved(self.period.end, self.lookback))

    @property
    def read(self) -> Period:
        """The days of which touches are read; a day more, as look-back counts hours."""
        reach = self.lookback + timedelta(days=1)
        return Period(_moved(self.conversions.start, -reach), self.conversions.end)


def _moved(day: date, by: timedelta) -> date:
    """``day`` later or earlier, within what a calendar knows."""
    days = min(max(day.toordinal() + by.days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(days)


def read_question(
    *,
    period: Period,
    unit: str = "",
    kind: str = "",
    currency: str = "EUR",
    lookback: str = "",
    lag: str = "",
    basis: str = "",
    exclude_direct: bool = False,
    probable: bool = False,
    order: int = 1,
    intervals: bool = False,
) -> Question:
    """The question as it was written; empty is what is usual. Raises ``WrongUse``."""
    window = parse_duration(lookback) if lookback else LOOKBACK
    if window > LONGEST_LOOKBACK:
        raise WrongUse(
            _("A look-back window is a year at most."), hint=_("Thirty days is usual: 30d.")
        )
    waits = parse_duration(lag) if lag else timedelta(0)
    if waits > window:
        raise WrongUse(
            _("The lag is longer than the look-back window: no visit would count."),
            hint=_("Give a shorter lag."),
        )
    if not 1 <= order <= 3:
        raise WrongUse(_("The order of a Markov chain is 1, 2 or 3."))
    if currency and not is_currency(currency):
        raise WrongUse(
            say(_("“{code}” is no currency."), code=currency[:10]),
            hint=_("Write it as EUR, CHF or USD."),
        )
    found = _one_of(basis, BASES, _("“{name}” is no way to date a credit."), "sale")
    return Question(
        period=period,
        unit=_one_of(unit, UNITS, _("“{name}” is nothing that conversions are shared among."),
                     "channel"),
        kind=_kind(kind),
        currency=currency,
        lookback=window,
        lag=waits,
        basis="click" if found == "click" else "sale",
        exclude_direct=exclude_direct,
        probable=probable,
        order=order,
        intervals=intervals,
    )  # fmt: skip


def _kind(name: str) -> str:
    if not name.startswith(EVENT):
        return _one_of(name, KINDS, _("“{name}” is no kind of conversion."), "order")
    if not is_own_event(name):
        raise WrongUse(
            say(_("“{name}” is no event of your own."), name=name.removeprefix(EVENT)[:60]),
            hint=_("Give the name that your pages or servers send, such as "
                   "event:newsletter_signup."),
        )  # fmt: skip
    return name


def is_own_event(kind: str) -> bool:
    """Whether ``kind`` speaks of an event that somebody named himself."""
    name = kind.removeprefix(EVENT)
    return name != kind and bool(_EVENT_NAME.fullmatch(name)) and name not in NOT_ONES_OWN


def _one_of(name: str, known: Mapping[str, str], problem: str, usual: str) -> str:
    if not name:
        return usual
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1)
    hint = (
        say(_("Did you mean “{name}”?"), name=near[0])
        if near
        else say(_("Choose among: {names}."), names=", ".join(known))
    )
    raise WrongUse(say(problem, name=name[:60]), hint=hint)
