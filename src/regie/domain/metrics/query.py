"""A question put to the figures: which metrics, by what, when, where, in which currency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, overload

from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period

# What columns of a metric end with where two periods are side by side.
BEFORE, DIFFERENCE, CHANGE = "_before", "_difference", "_change"
ENDS = ("", BEFORE, DIFFERENCE, CHANGE)


@dataclass(frozen=True)
class Filter:
    """Keep rows whose ``dimension`` is one of ``values`` (ids or names; "" is "not given").

    ``owned`` are ids of an account each (its key): two accounts may give a campaign the same id.
    None stands for what names such an id and none of the accounts.
    """

    dimension: str
    values: tuple[str, ...]
    owned: tuple[tuple[int | None, str], ...] = ()


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
    beside: Period | None = None  # another period, whose figures stand beside: ``comparison``
    # For a table: what cannot be added up is withheld and does not refuse the rest, and rows keep
    # the account that tells two of one id apart.
    spares: bool = False

    def during(self, period: Period | None) -> Query:
        return replace(self, period=period)


class Rows(Sequence[dict[str, Any]]):
    """Columns in the order ``places``, as rows that are made when the first of them is read.

    Who wants the totals only, or how many rows there are, does not wait for thousands of them.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], places: Sequence[int]) -> None:
        self._columns, self._places = columns, places

    def __len__(self) -> int:
        return len(self._places)

    @property
    def names(self) -> tuple[str, ...]:
        """What each row has, where there is none too."""
        return tuple(self._columns)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._made[place]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        return self._made == (other._made if isinstance(other, Rows) else other)

    def __repr__(self) -> str:
        return repr(self._made)

    @cached_property
    def _made(self) -> list[dict[str, Any]]:
        # Filled column by column: a row at a time takes twice as long.
        nothing: dict[str, Any] = dict.fromkeys(self._columns)
        rows = [nothing.copy() for _place in self._places]
        for name, cells in self._columns.items():
            for row, place in zip(rows, self._places, strict=True):
                row[name] = cells[place]
        return rows


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
    rows: Sequence[dict[str, Any]]
    totals: dict[str, Any]
    currency: str
    freshness: list[dict[str, Any]]
    notes: list[Sentence]
    provisional_from: Any = None  # the first day that the platforms may still change
    withheld: Mapping[str, Sentence] = field(default_factory=dict)  # metrics, and why
    unconverted: frozenset[str] = frozenset()  # sums in no total, for want of a rate
    compared_with: Period | None = None  # then rows and totals also have ``<metric>_before``
    has_changes: bool = False  # and ``<metric>_difference`` and ``<metric>_change``

    @property
    def heads(self) -> tuple[str, ...]:
        """The names that each row has, known without one."""
        if isinstance(self.rows, Rows):
            return self.rows.names
        return tuple(self.rows[0]) if self.rows else (*self.by, *self.columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """The figures of a row, each beside its own of the other period."""
        if self.compared_with is None:
            return self.metrics
        ends = ENDS if self.has_changes else ("", BEFORE)
        return tuple(f"{name}{end}" for name in self.metrics for end in ends)


def end_of(column: str) -> tuple[str, str]:
    """The metric of a column, and which of ``ENDS`` it has."""
    end = next((one for one in ENDS[1:] if column.endswith(one)), "")
    return column.removesuffix(end), end
