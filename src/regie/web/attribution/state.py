"""What the address of a page of attribution says; nonsense falls back to the usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from regie.domain.attribution.models import models
from regie.domain.attribution.questions import (
    BASES,
    KINDS,
    UNITS,
    Question,
    is_own_event,
    read_question,
)
from regie.domain.metrics.query import Crediting
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period
from regie.web.report.periods import DEFAULT, read_period, said_of_period

LOOKBACKS = ("1d", "7d", "14d", "30d", "60d", "90d", "180d")
SHOWN = ("conversions", "value", "cost", "roas")
LAGS = ("", "1h", "1d", "3d", "7d")
ORDERS = (1, 2, 3)
USUAL = Crediting("linear", "30d")
ADDRESS: dict[str, Any] = {
    "unit": "channel", "kind": "order", "model": USUAL.model, "lookback": USUAL.lookback,
    "lag": "", "order": 1, "basis": "sale", "show": "conversions",
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """The question of the page, and how its answer is shown."""

    today: date
    preset: str = DEFAULT
    period: Period = field(default_factory=lambda: Period(date.min, date.min))
    currency: str = "EUR"
    unit: str = "channel"
    kind: str = "order"
    model: str = USUAL.model
    lookback: str = "30d"
    lag: str = ""
    order: int = 1
    basis: str = "sale"
    show: str = "conversions"
    exclude_direct: bool = False
    intervals: bool = False
    probable: bool = False
    usual: Crediting = USUAL
    problem: Sentence | None = None

    @property
    def question(self) -> Question:
        return read_question(
            period=self.period, unit=self.unit, kind=self.kind, currency=self.currency,
            lookback=self.lookback, lag=self.lag, basis=self.basis, order=self.order,
            exclude_direct=self.exclude_direct, intervals=self.intervals, probable=self.probable,
        )  # fmt: skip

    def address(self, **changes: Any) -> str:
        """The query string of this state with some of it changed, without what is usual."""
        state = replace(self, **changes) if changes else self
        said: dict[str, Any] = said_of_period(state.preset, state.period)
        usual = ADDRESS | vars(state.usual)
        said |= {name: getattr(state, name) for name, is_so in usual.items()
                 if getattr(state, name) != is_so}  # fmt: skip
        said |= {"direct": "out"} if state.exclude_direct else {}
        said |= {"intervals": "1"} if state.intervals else {}
        said |= {"people": "probable"} if state.probable else {}
        return "?" + urlencode(said)


def read_state(
    asked: Mapping[str, str], *, today: date, currency: str, calendar: Calendar = PLAIN,
    usual: Crediting = USUAL,
) -> State:  # fmt: skip
    """``usual`` is what the organisation has chosen."""
    preset, period, problem = read_period(asked, today, calendar)
    state = State(
        today=today, preset=preset, period=period, currency=currency, problem=problem,
        unit=_one_of(asked, "unit", UNITS),
        kind=kind_of(asked),
        model=asked["model"] if asked.get("model", "") in models() else usual.model,
        lookback=usual.lookback, lag=usual.lag, usual=usual,
        order=int(order) if (order := asked.get("order", "")) in map(str, ORDERS) else 1,
        basis=_one_of(asked, "basis", BASES),
        show=_one_of(asked, "show", dict.fromkeys(SHOWN)),
        exclude_direct=asked.get("direct") == "out",
        intervals=asked.get("intervals") == "1",
        probable=asked.get("people") == "probable",
    )  # fmt: skip
    try:
        found = replace(
            state, lookback=asked.get("lookback", "")[:12].strip() or usual.lookback,
            lag=asked.get("lag", usual.lag)[:12].strip(),
        )  # fmt: skip
        _ = found.question
    except WrongUse as error:
        return replace(state, problem=error.sentence)
    return found


def kind_of(asked: Mapping[str, str]) -> str:
    """The kind of conversion that an address asks for."""
    kind = asked.get("kind", "")
    return kind if is_own_event(kind) else _one_of(asked, "kind", KINDS)


def _one_of(asked: Mapping[str, str], name: str, known: Mapping[str, Any]) -> str:
    value = asked.get(name, "")
    return value if value in known else str(ADDRESS[name])
