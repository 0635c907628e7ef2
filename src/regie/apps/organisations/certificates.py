"""What a review signed, as a list for machines; people read it as PDF."""

from __future__ import annotations

import io
from typing import Any

from regie.apps.organisations.reviewing import ReviewCard
from regie.ui.csv_cells import Writer

_PEOPLE = ("email", "name", "organisation", "role", "ends_on", "last_active_on",
           "has_second_factor")  # fmt: skip
_ROLES = ("platform", "account", "given_on", "last_used_on")


def certificate_csv(review: ReviewCard) -> str:
    """A line for each person kept, each role kept and each person taken out."""
    text = io.StringIO()
    writer = Writer(text)
    writer.row(("state", *_PEOPLE, *_ROLES, "quarter", "signed_at", "signed_by", "digest"))
    signed = (review.quarter, review.at.isoformat(), review.actor, review.digest)
    content = review.content
    rows = [("kept", one) for one in content["people"]]
    # Reviews that were signed before roles had a last use know none.
    rows += [("role_kept", one) for one in content.get("roles", [])]
    rows += [("taken_out", one) for one in content["taken_out"]]
    for state, row in rows:
        cells = (state, *(row.get(column, "") for column in (*_PEOPLE, *_ROLES)), *signed)
        writer.row(_plain(one) for one in cells)
    return text.getvalue()


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
