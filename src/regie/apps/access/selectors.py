"""What a person may read. No scope, no figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from regie.apps.organisations.models import Organisation
from regie.kernel.scope import Scope


def scope_of(organisations: Sequence[Organisation]) -> Scope:
    """The scope of the current context, narrowed to ``organisations`` and their assets.

    Both lists are read under the application role, so that row security has had its say: an
    organisation that the context may not see adds nothing.
    """
    asked = [organisation.pk for organisation in organisations]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, a.id FROM organisations_organisation o "
            "LEFT JOIN assets_asset a ON a.organisation_id = o.id WHERE o.id = ANY (%s)",
            [asked],
        )
        rows = cursor.fetchall()
    return Scope(
        frozenset(row[0] for row in rows), frozenset(row[1] for row in rows if row[1] is not None)
    )
