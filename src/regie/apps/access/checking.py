"""Role check-up: who stands on an asset by the platform's own list, and who he is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regie.apps.access import policies
from regie.apps.access.accesses import accesses_on
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.policies import has_ended
from regie.ingestion.files.lists import read_list
from regie.kernel import clock
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _

OUTSIDE, ENDED, WITHOUT, SAME = "outside", "ended", "without", "same"
MOST_LINES = 5_000
NAMES = {
    "email": ("email", "e-mail", "mail", "user email", "email address", "e-mail address", "user",
              "adresse e-mail", "adresse email", "courriel", "utilisateur", "user id"),
    "name": ("name", "full name", "user name", "nom", "nom complet"),
    "role": ("role", "access level", "account access", "permission", "permissions",
             "niveau d'acces", "acces", "task"),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """``state`` is outside (not in the manager), ended (left, and still stands there), without
    (in the manager, with no role here) or same; ``role`` is in the platform's words."""

    email: str
    name: str
    role: str
    state: str


@dataclass(frozen=True)
class CheckUp:
    """``found`` are those of the list; ``missing`` have a role here and are not in it."""

    found: Sequence[Standing]
    missing: Sequence[tuple[str, str]]
    unread: int

    def in_state(self, state: str) -> list[Standing]:
        return [one for one in self.found if one.state == state]


def check_up(*, actor: User, asset_id: int, path: Path) -> CheckUp:
    """Nothing is kept. Raises ``NotFound``, ``Forbidden``, ``WrongUse`` or ``UnreadableFile``."""
    card = assets.card(asset_id)
    owner = Organisation.objects.filter(pk=card.organisation_id).first()
    if owner is None:
        raise NotFound(_("There is no such account."))
    policies.check_can_administer(actor=actor, organisation=owner)
    listed, unread = _read(path)
    here = {one.email.casefold(): one.person for one in accesses_on([asset_id])}
    members = _members(list(listed))
    found = [
        Standing(email, name, role, _state(email, here, members))
        for email, (name, role) in listed.items()
    ]
    missing = sorted((name, email) for email, name in here.items() if email not in listed)
    return CheckUp(found, missing, unread)


def _read(path: Path) -> tuple[dict[str, tuple[str, str]], int]:
    """(name, role) by address, and how many lines name no address."""
    listed: dict[str, tuple[str, str]] = {}
    unread = 0
    with read_list(path, NAMES, most=MOST_LINES) as found:
        if "email" not in found.columns:
            raise WrongUse(
                _("No column of this list holds e-mail addresses."),
                hint=_("Call it email; name and role may stand beside it."),
            )
        for row in found.rows:
            email = row["email"].casefold()
            if row.problem or "@" not in email:
                unread += 1
            else:
                listed.setdefault(email, (row["name"], row["role"]))
    return listed, unread


def _members(emails: Sequence[str]) -> dict[str, bool]:
    """Whether each of those known here has still a place."""
    found: dict[str, bool] = {}
    now = clock.now()
    places = Member.objects.filter(user__email__in=emails).select_related("user", "organisation")
    for place in places:
        email = place.user.email.casefold()
        found[email] = found.get(email, False) or not has_ended(place, now=now)
    return found


def _state(email: str, here: dict[str, str], members: dict[str, bool]) -> str:
    if email not in members:
        return SAME if email in here else OUTSIDE
    if not members[email]:
        return ENDED
    return SAME if email in here else WITHOUT
