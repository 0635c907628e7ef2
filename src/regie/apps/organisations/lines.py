"""What an organisation has from those above it, even where one may not read these in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from regie.apps.organisations.models import Organisation


@dataclass(frozen=True)
class Step:
    """One organisation of the line from the root down."""

    id: int
    name: str
    kind: str
    path: str
    email_domains: tuple[str, ...]
    two_factor_from: date | None


def line_of(organisation: Organisation) -> list[Step]:
    """From the root down to the organisation itself; empty where the context does not see it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, kind, path, email_domains, "
            "CASE WHEN requires_two_factor THEN coalesce(two_factor_from, date '2000-01-01') END "
            "FROM regie_line(%s)",
            [organisation.pk],
        )
        rows = cursor.fetchall()
    return [Step(row[0], row[1], row[2], row[3], tuple(row[4]), row[5]) for row in rows]


def second_factor_from(organisation: Organisation) -> date | None:
    """The first day on which acting for it needs a second factor; None where it never does."""
    days = [step.two_factor_from for step in line_of(organisation)]
    return min((day for day in days if day is not None), default=None)


def email_domains(organisation: Organisation) -> list[str]:
    """Its own domains and those it inherits, in that order, each once."""
    line = reversed(line_of(organisation))
    return list(dict.fromkeys(entry for step in line for entry in step.email_domains))
