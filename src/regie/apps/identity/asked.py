"""What persons asked for and what came of it; nothing here says who they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regie.apps.connections import selectors as connections
from regie.apps.identity.models import PersonRequest
from regie.apps.identity.remaining import Left
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

SHOWN = 200


@dataclass(frozen=True)
class Asked:
    """``found`` counts rows by place; ``left`` are the places where something still stands.

    ``removed`` are kept files that could not be written again, by number of import. ``done_at`` is
    ``None`` while it is worked on: ``percent`` then says how far, and ``step`` at what. Since
    ``swept_at`` the database's own files hold nothing of what went; ``is_log_swept`` says whether
    the log of its server does not either.
    """

    number: int
    kind: str
    organisation: str
    asked_at: datetime
    done_at: datetime | None
    done_by: str
    step: str
    percent: int
    tries: int
    found: Mapping[str, int]
    left: tuple[Left, ...]
    removed: Mapping[int, str]
    swept_at: datetime | None
    is_log_swept: bool

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Files that could not be looked into: what is said holds without them."""
        return tuple(name for one in self.left for name in one.names)

    @property
    def rows(self) -> int:
        return sum(self.found.values())


def requests_of(organisation_ids: Sequence[int]) -> list[Asked]:
    """The latest first."""
    found = PersonRequest.objects.filter(organisation_id__in=list(organisation_ids))
    return [
        _asked(one)
        for one in found.select_related("organisation").order_by("-asked_at", "-pk")[:SHOWN]
    ]


def request_of(organisation_ids: Sequence[int], number: int) -> Asked:
    """Raises ``NotFound`` for one of another organisation as for one that never was."""
    found = PersonRequest.objects.filter(organisation_id__in=list(organisation_ids), pk=number)
    one = found.select_related("organisation").first()
    if one is None:
        raise NotFound(_("There is no such request."))
    files = connections.files_of(one.removed)
    return _asked(one, {number: name for number, (name, _at) in files.items()})


def _asked(one: PersonRequest, removed: Mapping[int, str] | None = None) -> Asked:
    return Asked(
        one.pk, one.kind, one.organisation.name, one.asked_at, one.done_at, one.done_by, one.step,
        one.percent, one.tries, {name: int(count) for name, count in one.found.items()},
        tuple(Left(each["where"], each["count"], tuple(each.get("names", ())))
              for each in one.left), removed or {}, one.swept_at, one.is_log_swept,
    )  # fmt: skip
