"""The rules of a list between its trial and its confirmation: the page carries them, packed.

They are no more trusted than the file they come from.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import date

from regie.apps.beneficiaries.services import NewRule
from regie.kernel.errors import Refused
from regie.kernel.i18n import _

LINES = "lines"
_MOST = 16_000_000  # bytes: more than the longest list comes to
_ROOM = 2_300_000  # characters: what a form may send, less some for the rest of it


def rules_to_keep(rules: Sequence[NewRule]) -> str:
    """Raises ``Refused`` where a form could not send them back: names without any likeness."""
    rows = [
        [one.level, one.way, one.value, one.beneficiary, str(one.starts or ""), str(one.ends or "")]
        for one in rules
    ]
    kept = b64encode(zlib.compress(json.dumps(rows).encode())).decode()
    if len(kept) > _ROOM:
        raise Refused(
            _("This list is too large to be tried as a whole."),
            hint=_("Send it in two parts; if it replaces the rules, only the first part does."),
        )
    return kept


def rules_kept(said: str) -> list[NewRule] | None:
    """None where it is no list of rules."""
    try:
        text = zlib.decompressobj().decompress(b64decode(said, validate=True), _MOST)
        return [_rule(*row) for row in json.loads(text)]
    except (ValueError, TypeError, zlib.error):
        return None


def _rule(level: object, way: object, value: object, to: object, *days: str) -> NewRule:
    looked, said, named, serves = (str(one) for one in (level, way, value, to))
    if "\0" in looked + said + named + serves:  # which no text of PostgreSQL holds
        raise ValueError
    starts, ends = (date.fromisoformat(day) if day else None for day in days)
    return NewRule(looked, said, named, serves, starts, ends)
