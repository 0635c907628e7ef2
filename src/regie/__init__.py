"""Régie: the open, self-hosted control room of marketing.

``regie.open(home)`` answers the same questions in Python as the pages and the command do;
``regie.attribute_events`` and ``regie.attribute_paths`` work on people's own tables, without any
installation.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regie.domain.attribution.calls import attribute_events, attribute_paths
    from regie.domain.attribution.explaining import (
        ordered_shapley_of_paths,
        paths_of_events,
        transitions_of_paths,
    )
    from regie.library import Regie

__all__ = [
    "attribute_events",
    "attribute_paths",
    "open",
    "ordered_shapley_of_paths",
    "paths_of_events",
    "transitions_of_paths",
]
__version__ = "0.1.0"


def open(home: str | PathLike[str] | None = None) -> Regie:
    """Open the installation whose data is in ``home`` (default: ``REGIE_HOME``)."""
    from regie.library import Regie

    return Regie(home)


def __getattr__(name: str) -> object:
    """The calls of attribution, loaded when they are asked for: most commands need none of it."""
    if name in __all__:
        from regie.domain.attribution import calls, explaining

        return getattr(calls if name.startswith("attribute") else explaining, name)
    raise AttributeError(f"module 'regie' has no attribute {name!r}")
