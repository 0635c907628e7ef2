"""Pages of a list that only grows: counted, and walked through, no further than anybody reads."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

FURTHEST = 10_000  # rows: what lies before a page is walked through to show it


class Bounded(Paginator):  # type: ignore[type-arg]
    """Its ``count`` ends at ``FURTHEST``; ``is_more`` says that the list goes on."""

    @cached_property
    def _held(self) -> int:
        found: Any = self.object_list
        return int(found[: FURTHEST + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._held, FURTHEST)

    @property
    def is_more(self) -> bool:
        return self._held > FURTHEST
