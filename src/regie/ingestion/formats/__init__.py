"""One file per export format: found by looking, listed nowhere."""

from __future__ import annotations

from functools import cache

from regie.ingestion.format import Format
from regie.kernel import registry


@cache
def formats() -> dict[str, Format]:
    """Every declared format, by name."""
    from regie.ingestion import formats as package

    return registry.discover(package, Format, group="regie.formats")
