"""Régie: the open, self-hosted control room of marketing.

``regie.open(home)`` answers the same questions in Python as the pages and the command do.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regie.library import Regie

__version__ = "0.1.0"


def open(home: str | PathLike[str] | None = None) -> Regie:
    """Open the installation whose data is in ``home`` (default: ``REGIE_HOME``)."""
    from regie.library import Regie

    return Regie(home)
