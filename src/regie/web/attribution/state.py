"""What the address of a page of attribution says; nonsense falls back to the usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from regie.domain.attribution.models import models
from regie.domain.attribution.questions import BASES, KINDS, UNITS, Question, read_question
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period, parse_day
from regie.web.report.periods import DEFAULT, LABELS, preset_period

LOOKBACKS = ("1d", "7d", "14d", "30d", "60d", "90d", "180d")
SHOWN = ("conversions", "value", "roas")
MODEL = "linear"
USUAL = {
    "unit": "channel", "kind": "order", "model": MODEL, "lookback": "30d", "basis": "sale",
    "show": "conversions",
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
    model: str = MODEL
    lookback: str = "30d"
    basis: str = "sale"
    show: str = "conversions"
    exclude_direct: bool = False
    intervals: bool = False
    probable: bool = False
    problem: Sentence | None = None

    @property
    def question(self) -> Question:
        return read_question(
            period=self.period, unit=self.unit, kind=self.kind, currency=self.currency,
            lookback=self.lookback, basis=self.basis, exclude_direct=self.exclude_direct,
            intervals=self.intervals, probable=self.probable,
        )  # fmt: skip

    def address(self, **changes: Any) -> str:
        """The query string of this state with some of it changed, without what is usual."""
        state = replace(self, **changes) if changes else self
        said: dict[str, Any] = {}
        if state.preset == "dates":
            said |= {"from": state.period.start, "to": state.period.end}
        elif state.preset != DEFAULT:
            said["period"] = state.preset
        said |= {
            name: getattr(state, name)
            for name, usual in USUAL.items()
            if getattr(state, name) != usual
        }
        said |= {"direct": "out"} if state.exclude_direct else {}
        said |= {"intervals": "1"} if state.intervals else {}
        said |= {"people": "probable"} if state.probable else {}
        return "?" + urlencode(said)


def read_state(
    asked: Mapping[str, str], *, today: date, currency: str, calendar: Calendar = PLAIN
) -> State:
    preset, period, problem = _period(asked, today, calendar)
    state = State(
        today=today, preset=preset, period=period, currency=currency, problem=problem,
        unit=_one_of(asked, "unit", UNITS),
        kind=_one_of(asked, "kind", KINDS),
        model=_one_of(asked, "model", models()),
        basis=_one_of(asked, "basis", BASES),
        show=_one_of(asked, "show", dict.fromkeys(SHOWN)),
        exclude_direct=asked.get("direct") == "out",
        intervals=asked.get("intervals") == "1",
        probable=asked.get("people") == "probable",
    )  # fmt: skip
    try:
        found = replace(state, lookback=asked.get("lookback", "")[:12].strip() or "30d")
        _ = found.question
    except WrongUse as error:
        return replace(state, problem=error.sentence)
    return found


def _one_of(asked: Mapping[str, str], name: str, known: Mapping[str, Any]) -> str:
    value = asked.get(name, "")
    return value if value in known else USUAL[name]


def _period(
    asked: Mapping[str, str], today: date, calendar: Calendar
) -> tuple[str, Period, Sentence | None]:
    preset = asked.get("period", "")
    preset = preset if preset in LABELS else DEFAULT
    usual = preset_period(preset, today, calendar)
    if not (asked.get("from") or asked.get("to")):
        return preset, usual, None
    try:
        start = parse_day(asked.get("from") or asked["to"])
        end = parse_day(asked.get("to") or asked["from"])
        return "dates", Period(start, end), None
    except WrongUse as error:
        return preset, usual, error.sentence
