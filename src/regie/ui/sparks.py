"""Tiny drawings inside text and tables, as SVG made on the server: no script, no inline style."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from regie.ui.figures import Number

WIDTH, HEIGHT = 120, 28


def sparkline(values: Sequence[Number | None]) -> SafeString:
    """The shape of a series; it is hidden from screen readers, which read the chart's table."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min(*known, 0.0), max(known)
    spread = (high - low) or 1
    step = WIDTH / (len(values) - 1)
    points = [
        f"{index * step:.1f},{HEIGHT - 2 - (float(value) - low) / spread * (HEIGHT - 4):.1f}"
        for index, value in enumerate(values)
        if value is not None
    ]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}" vector-effect="non-scaling-stroke"/></svg>',
        WIDTH,
        HEIGHT,
        " ".join(points),
    )


def bar(share: float) -> SafeString:
    """A bar from zero, as long as the share of the largest value."""
    width = round(max(0.0, min(1.0, share)) * 100, 2)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-rest" width="100" height="4"/><rect width="{}" height="4"/></svg>',
        width,
    )
