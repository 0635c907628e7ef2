"""Rows of one fact, as a statement over the words of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Portion:
    """Rows of a fact: an expression for each column over ``view``, where ``where`` holds."""

    columns: dict[str, str]
    view: str
    where: str

    def select(self) -> str:
        columns = ", ".join(f"{expression} AS {name}" for name, expression in self.columns.items())
        return f"SELECT {columns} FROM {self.view} WHERE {self.where}"
