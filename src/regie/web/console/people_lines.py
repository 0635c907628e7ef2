"""The lines of a list of people between its trial and its confirmation: the page carries them.

They are no more trusted than the file they come from.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from regie.apps.organisations.services import Wanted

LINES = "lines"


def lines_to_keep(people: Sequence[Wanted]) -> str:
    rows = [[one.email, one.role, str(one.ends_on or ""), one.line] for one in people]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def lines_kept(said: str) -> list[Wanted] | None:
    """None where it is no list of lines."""
    if "\\u0000" in said:  # which no text of PostgreSQL holds
        return None
    try:
        return [
            Wanted(str(email), str(role), date.fromisoformat(day) if day else None, int(line))
            for email, role, day, line in json.loads(said)
        ]
    except (ValueError, TypeError):
        return None
