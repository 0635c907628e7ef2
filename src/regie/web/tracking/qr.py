"""The printed code of an address: sharp at any size (SVG), or as a picture (PNG)."""

from __future__ import annotations

import io

import segno

MODULE = 12  # pixels of a square of the picture
QUIET = 4  # squares left white around, as readers need


def svg(address: str) -> bytes:
    """As one path without styles or scripts, a millimetre a square, to be drawn at any size; its
    middle level of correction stands wear."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=QUIET, unit="mm", light="white", xmldecl=False, svgns=True,
        title=address,
    )  # fmt: skip
    return out.getvalue()


def png(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", border=QUIET, scale=MODULE)
    return out.getvalue()
