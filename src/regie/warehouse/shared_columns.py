"""Columns that many answers have, and what was worked out of them once: names, an order.

The campaigns of a month are the same whatever is asked of them, and so are their names and the
order of these; only the figures are others each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from regie.warehouse.memory import Memory

KEPT_CELLS = 2_000_000  # in this process, some ten bytes each


class Shared(list[Any]):
    """A column that other answers have too: nobody may change it."""


@dataclass(frozen=True)
class _WorkedOut:
    """``of`` is kept, so that no other column can be taken for one of them."""

    of: tuple[Sequence[Any], ...]
    found: Shared

    def __len__(self) -> int:
        return len(self.found)


_MEMORY: Memory[_WorkedOut] = Memory(KEPT_CELLS)


def worked_out(
    key: Hashable, of: Sequence[Sequence[Any]], find: Callable[[], Sequence[Any]]
) -> Sequence[Any]:
    """``find()``, once where all of ``of``, the columns that it rests on, are shared.

    ``key`` says all else that it rests on. Nobody may change what it gives.
    """
    if not of or not all(isinstance(one, Shared) for one in of):
        return find()
    known = _MEMORY.recall((key, *map(id, of)), lambda: _WorkedOut(tuple(of), Shared(find())))
    return known.found
