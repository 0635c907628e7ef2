"""Marks text for translation without translating it: languages are chosen at the edge.

A ``Sentence`` keeps its message and its parameters apart, so that what an import said in
March can be read in French today and in English tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

NUMBER = "number"


def _(message: str) -> str:
    """Mark ``message`` for extraction; the edge translates it."""
    return message


@dataclass(frozen=True)
class Sentence:
    """A message with ``{named}`` parameters, translatable later; a ``Decimal`` is written then."""

    message: str
    params: Mapping[str, str | int | Decimal | Sentence] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, text: str | Sentence) -> Sentence:
        return text if isinstance(text, Sentence) else cls(text)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Sentence:
        params = value.get("params") or {}
        return cls(
            str(value["message"]),
            {name: _read(one) if isinstance(one, Mapping) else one for name, one in params.items()},
        )

    def to_json(self) -> dict[str, Any]:
        params = {
            name: one.to_json()
            if isinstance(one, Sentence)
            else {NUMBER: format(one, "f")}
            if isinstance(one, Decimal)
            else one
            for name, one in self.params.items()
        }
        return {"message": self.message, "params": params}

    def text(
        self, translate: Callable[[str], str] = str, write: Callable[[Decimal], str] = "{:f}".format
    ) -> str:
        message = translate(self.message) if self.message else ""
        if not self.params:
            return message
        said = {
            name: one.text(translate, write)
            if isinstance(one, Sentence)
            else write(one)
            if isinstance(one, Decimal)
            else one
            for name, one in self.params.items()
        }
        return message.format(**said)

    def __str__(self) -> str:
        return self.text()

    def __bool__(self) -> bool:
        return bool(self.message)


def _read(value: Mapping[str, Any]) -> Sentence | Decimal:
    return Decimal(value[NUMBER]) if NUMBER in value else Sentence.from_json(value)


def say(message: str, **params: str | int | Decimal | Sentence) -> Sentence:
    """A sentence with its parameters: ``say(_("Line {line}."), line=3)``."""
    return Sentence(message, params)
