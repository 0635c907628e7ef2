"""What statements answered, kept while it is true: a snapshot through a scope never changes.

A page asks the same in each of its parts, and everybody opens the same report in the morning.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Rows(Protocol):
    def __len__(self) -> int:
        """How many rows there are."""


R = TypeVar("R", bound=Rows)


class Memory(Generic[R]):
    """The answers asked for last, of so many rows together. Safe for threads."""

    def __init__(self, most_rows: int) -> None:
        self._most, self._count = most_rows, 0
        self._answers: OrderedDict[Hashable, R] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many answers there are."""
        return len(self._answers)

    def known(self, key: Hashable) -> R | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def recall(self, key: Hashable, find: Callable[[], R]) -> R:
        """What ``find`` gives, or gave. Nobody may change it."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        found = find()
        with self._lock:
            if key not in self._answers:
                self._answers[key] = found
                self._count += self._weight(found)
            while self._count > self._most:
                _key, gone = self._answers.popitem(last=False)
                self._count -= self._weight(gone)
        return found

    @staticmethod
    def _weight(rows: Rows) -> int:
        """An answer without rows takes room too."""
        return len(rows) + 1
