"""Lines that services of this app leave in the journal, one for each person who is concerned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from regie.apps.access.effects import Effect
from regie.apps.access.models import Partnership, Promise
from regie.apps.accounts.models import User
from regie.apps.audit import services as audit


def note(actor: User | None, organisation_id: int, action: str, **details: Any) -> None:
    audit.record(
        organisation_id=organisation_id,
        action=action,
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        **details,
    )


def broken(promise: Promise, to: User) -> None:
    """What an invitation promised and nobody may give any more."""
    note(
        None, promise.organisation_id, "access.promise_broken", asset_id=promise.asset_id,
        role=promise.role, member=to.email,
    )  # fmt: skip


def note_effects(
    actor: User | None, organisation_id: int, effects: Sequence[Effect], *, because: str
) -> None:
    """One line for each person and asset: what was gained and lost, and by what."""
    audit.record_each(
        organisation_id=organisation_id,
        action="access.changed",
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        details=[
            {
                "person": one.person,
                "person_id": one.user_id,
                "asset_id": one.asset_id,
                "gained": sorted(one.gained),
                "lost": sorted(one.lost),
                "because": because,
            }
            for one in effects
        ],
    )


def tell_other_side(
    actor: User | None, partnership: Partnership, action: str, **details: Any
) -> None:
    """The same line in the journal of the partner, who may not be seen from here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT regie_tell_the_other_side(%s, %s, %s, %s, %s::jsonb)",
            [
                partnership.pk, action, actor.pk if actor else None,
                str(actor) if actor else audit.OPERATOR, json.dumps(details),
            ],
        )  # fmt: skip
