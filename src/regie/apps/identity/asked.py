"""What persons asked for and what came of it; nothing here says who they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regie.apps.identity.models import PersonRequest

SHOWN = 200


@dataclass(frozen=True)
class Asked:
    """``found`` counts rows by place, ``left`` the places where something still stands."""

    kind: str
    organisation: str
    done_at: datetime
    done_by: str
    found: int
    left: int


def requests_of(organisation_ids: Sequence[int]) -> list[Asked]:
    """The latest first."""
    found = PersonRequest.objects.filter(organisation_id__in=list(organisation_ids))
    return [
        Asked(
            one.kind, one.organisation.name, one.done_at, one.done_by,
            sum(int(count) for count in one.found.values()), len(one.left),
        )
        for one in found.select_related("organisation").order_by("-done_at", "-pk")[:SHOWN]
    ]  # fmt: skip
