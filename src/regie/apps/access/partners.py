"""Whom an organisation works with today, on either side of a partnership."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from regie.apps.organisations.models import Organisation


@dataclass(frozen=True)
class Partner:
    id: int
    name: str


def partners_of(organisation: Organisation) -> list[Partner]:
    """By name; empty for whoever does not administer the organisation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT o.id, o.name FROM access_partnership p JOIN regie_neighbours() o "
            "ON o.id = CASE p.owner_id WHEN %s THEN p.partner_id ELSE p.owner_id END "
            "WHERE p.state = 'active' AND %s IN (p.owner_id, p.partner_id) ORDER BY o.name, o.id",
            [organisation.pk, organisation.pk],
        )
        return [Partner(*row) for row in cursor.fetchall()]
