"""Leaves a line in the journal, in the transaction of what it tells about."""

from collections.abc import Sequence
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


def record_each(
    *,
    organisation_id: int,
    action: str,
    actor_id: int | None,
    actor: str,
    details: Sequence[dict[str, Any]],
) -> None:
    """A line for each of ``details``: what one act did to many people, person by person."""
    AuditLine.objects.bulk_create(
        [
            AuditLine(
                organisation_id=organisation_id, actor_id=actor_id, actor=actor, action=action,
                details=one,
            )
            for one in details
        ],
        batch_size=2_000,
    )  # fmt: skip
