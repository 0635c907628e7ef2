"""Columns of a table of events as plain arrays; what cannot be one is refused with its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Floats
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _, say


@dataclass(frozen=True)
class Columns:
    """What the columns are called in the table at hand, and how people call the table itself."""

    customer: str = "customer_id"
    ts: str = "ts"
    unit: str = "channel"
    value: str = "value"
    source: str = "events"

    def names(self) -> tuple[str, ...]:
        return (self.customer, self.ts, self.unit, self.value)


def check_columns(wanted: tuple[str, ...], present: list[str], source: str) -> None:
    """Raises ``WrongUse`` where a column is not there, or there twice."""
    for name in wanted:
        if present.count(name) != 1:
            message = (
                _("{source} has no column “{name}”; it has: {names}.")
                if name not in present
                else _("{source} has several columns “{name}”; it has: {names}.")
            )
            raise WrongUse(
                say(message, source=source, name=name, names=", ".join(present)),
                hint=_("Rename it, or say which column to read instead."),
            )
    if len(set(wanted)) != len(wanted):
        named = ", ".join(wanted)
        raise WrongUse(
            say(_("One column of {source} is named twice: {names}."), source=source, names=named),
            hint=_("Customer, time, unit and value are four different columns."),
        )


@dataclass(frozen=True)
class Place:
    """Where in which table a piece of a column comes from; ``row`` is its first row, from 1."""

    source: str
    name: str
    row: int

    def refused(self, offset: int, problem: str, hint: str, *, value: object = "") -> Refused:
        """The refusal of one row. ``problem`` may speak of {name} and {value}."""
        said = say(problem, name=self.name, value=str(value)[:80])
        message = _("{source}, row {row}: {problem}")
        return Refused(
            say(message, source=self.source, row=self.row + offset, problem=said), hint=hint
        )

    def empty(self, column: pa.Array, hint: str) -> Refused:
        offset = int(np.argmax(np.asarray(column.is_null())))
        return self.refused(offset, _("“{name}” is empty."), hint)

    def unreadable(
        self, column: pa.Array, reads: Callable[[object], object], problem: str, hint: str
    ) -> Refused:
        """The refusal of the first value that ``reads`` cannot read."""
        for offset, value in enumerate(column.to_pylist()):
            try:
                reads(value)
            except (ValueError, TypeError, ArithmeticError):
                return self.refused(offset, problem, hint, value=value)
        return self.refused(0, problem, hint, value=column[0].as_py())


def is_text(kind: pa.DataType) -> bool:
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def numbers(column: pa.Array, place: Place) -> pa.Array:
    """The column as floats; NaN counts as empty, and so does a text without anything in it."""
    try:
        if is_text(column.type):
            column = pc.utf8_trim_whitespace(column.cast(pa.string()))
            column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
            # “99,50” can be nothing else; “1,234” could be two things, and is refused.
            column = pc.replace_substring_regex(column, r"^(-?[0-9]+),([0-9]{1,2})$", r"\1.\2")
        if pa.types.is_decimal(column.type):
            # As text: straight away Arrow gives the neighbour of the nearest float.
            column = column.cast(pa.string())
        found = column.cast(pa.float64(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise place.unreadable(
            column, lambda value: value is None or float(value),  # type: ignore[arg-type]
            _("“{name}” holds “{value}”, which is not a number."),
            _("Write amounts as 1234.5, without currency or spaces."),
        ) from None  # fmt: skip
    wild = np.isinf(np.asarray(found.fill_null(0.0)))
    if wild.any():
        offset = int(np.argmax(wild))
        raise place.refused(
            offset, _("“{name}” is infinite."), _("Write the amount, or leave the row out.")
        )
    return found


def totals(column: pa.Array, place: Place) -> Floats:
    """Numbers of which none may be negative; empty is none."""
    found: Floats = np.nan_to_num(np.asarray(numbers(column, place).fill_null(0.0)))
    if (found < 0).any():
        offset = int(np.argmax(found < 0))
        raise place.refused(
            offset, _("“{name}” is {value}, less than nothing."),
            _("Counts are zero or more."), value=found[offset],
        )  # fmt: skip
    return found


def encoded(column: pa.Array, place: Place) -> pa.DictionaryArray:
    """The column as codes into its distinct texts; ids that are numbers are texts as well."""
    try:
        if pa.types.is_dictionary(column.type):
            return pa.DictionaryArray.from_arrays(
                column.indices.cast(pa.int32()), column.dictionary.cast(pa.string())
            )
        if not pa.types.is_string(column.type):
            column = without_nan(column).cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise WrongUse(
            say(_("“{name}” of {source} holds {kind}, not names."), name=place.name,
                source=place.source, kind=str(column.type)),
            hint=_("Give a text or a number in each row."),
        ) from error  # fmt: skip
    return pc.dictionary_encode(column)


def without_nan(column: pa.Array) -> pa.Array:
    """The column with nothing in place of what is no number: pandas writes empty so."""
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
