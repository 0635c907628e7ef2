"""Who was just taken out, kept in the session for an hour: one click brings them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.dateparse import parse_datetime

from regie.apps.organisations.services import Removed
from regie.kernel import clock
from regie.web.console.page import ConsoleRequest

KEY = "removed_people"
KEPT = timedelta(hours=1)


def keep_removed(request: ConsoleRequest, removed: Iterable[Removed]) -> None:
    rows = [[one.member_id, one.role, str(one.ends_on or "")] for one in removed]
    request.session[KEY] = {"at": clock.now().isoformat(), "rows": rows}


def removed_lately(request: ConsoleRequest) -> list[Removed]:
    kept = request.session.get(KEY) or {}
    at = parse_datetime(kept.get("at", ""))
    if at is None or clock.now() - at > KEPT:
        return []
    return [
        Removed(row[0], row[1], date.fromisoformat(row[2]) if row[2] else None)
        for row in kept["rows"]
    ]


def forget_removed(request: ConsoleRequest) -> None:
    request.session.pop(KEY, None)
