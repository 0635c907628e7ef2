"""Attribution windows in words: so many days after a click or a view a sale is still claimed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from regie.kernel.i18n import Sentence, _

CODE = re.compile(r"(?:(?P<click>\d+)d(?:_click)?)?_?(?:(?P<view>\d+)d_view)?")


def in_words(code: str) -> Sentence:
    """``7d_click_1d_view`` as a person says it; what a file called otherwise stays as written."""
    found = CODE.fullmatch(code)
    click, view = (found["click"], found["view"]) if found else (None, None)
    if click and view:
        message = _("{click} d after a click or {view} d after a view")
        return Sentence(message, {"click": click, "view": view})
    if click:
        return Sentence(_("{click} d after a click"), {"click": click})
    if view:
        return Sentence(_("{view} d after a view"), {"view": view})
    return Sentence("{code}", {"code": code})


def all_in_words(codes: Sequence[str]) -> Sentence:
    """One after the other; there is at least one."""
    said = in_words(codes[0])
    for code in codes[1:]:
        said = Sentence("{said}, {other}", {"said": said, "other": in_words(code)})
    return said
