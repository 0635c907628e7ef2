"""A question put to the figures: which metrics, by what, when, where, in which currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period


@dataclass(frozen=True)
class Filter:
    """Keep rows whose ``dimension`` is one of ``values`` (ids or names; "" is "not given")."""

    dimension: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Crediting:
    """By which attribution model conversions are shared out, and how old a visit may and must be.

    Empty is what the organisation has chosen for each kind of conversion.
    """

    model: str = ""
    lookback: str = ""  # as people write it: 30d
    lag: str = ""


@dataclass(frozen=True)
class Query:
    """``period`` None means all days. Without ``currency``, money is split by currency.

    Weeks, fiscal months and quarters are those of ``calendar``; ``crediting`` is of metrics that
    a model attributes.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    period: Period | None = None
    where: tuple[Filter, ...] = ()
    currency: str = ""
    order_by: str = ""  # a metric or dimension; "-spend" for the largest first
    limit: int = 0
    calendar: Calendar = PLAIN
    crediting: Crediting = Crediting()

    def during(self, period: Period | None) -> Query:
        return replace(self, period=period)


@dataclass(frozen=True)
class Answer:
    """Rows and totals of one question, as exact values.

    Each row maps the asked dimensions and metrics to values (``Decimal``, ``int``, ``date``,
    ``str`` or None for "not available"); entity dimensions also carry ``<name>_label``.
    ``totals`` maps a metric to a value or, for money split by currency, to
    ``{currency: value}``. ``freshness`` says per source what its last day and import are.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    rows: list[dict[str, Any]]
    totals: dict[str, Any]
    currency: str
    freshness: list[dict[str, Any]]
    notes: list[Sentence]
    provisional_from: Any = None  # the first day that the platforms may still change
    compared_with: Period | None = None  # then rows and totals also have ``<metric>_before``

    @property
    def columns(self) -> tuple[str, ...]:
        """The figures of a row, each beside its own of the other period."""
        if self.compared_with is None:
            return self.metrics
        return tuple(f"{name}{end}" for name in self.metrics for end in ("", "_before"))
