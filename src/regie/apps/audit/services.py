"""Leaves a line in the journal, in the transaction of what it tells about."""

from typing import Any

from regie.apps.audit.models import AuditLine

OPERATOR = "local operator"


def record(
    *,
    organisation_id: int,
    action: str,
    actor_id: int | None = None,
    actor: str = OPERATOR,
    **details: Any,
) -> None:
    """``actor`` is a name that stays readable when the account is gone."""
    AuditLine.objects.create(
        organisation_id=organisation_id,
        actor_id=actor_id,
        actor=actor,
        action=action,
        details=details,
    )
