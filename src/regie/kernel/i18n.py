"""Marks text for translation without translating it: languages are chosen at the edge.

A ``Sentence`` keeps its message and its parameters apart, so that what an import said in
March can be read in French today and in English tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def _(message: str) -> str:
    """Mark ``message`` for extraction; the edge translates it."""
    return message


@dataclass(frozen=True)
class Sentence:
    """A message with ``{named}`` parameters, translatable later."""

    message: str
    params: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, text: str | Sentence) -> Sentence:
        return text if isinstance(text, Sentence) else cls(text)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Sentence:
        return cls(str(value["message"]), dict(value.get("params") or {}))

    def to_json(self) -> dict[str, Any]:
        return {"message": self.message, "params": dict(self.params)}

    def text(self, translate: Callable[[str], str] = str) -> str:
        message = translate(self.message) if self.message else ""
        return message.format(**self.params) if self.params else message

    def __str__(self) -> str:
        return self.text()

    def __bool__(self) -> bool:
        return bool(self.message)


def say(message: str, **params: str | int) -> Sentence:
    """A sentence with its parameters: ``say(_("Line {line}."), line=3)``."""
    return Sentence(message, params)
