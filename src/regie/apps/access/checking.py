"""Role check-up: who stands on an asset by the platform's own list, and who he is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regie.apps.access import policies
from regie.apps.access.accesses import Access, accesses_on
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.policies import has_ended
from regie.apps.organisations.selectors import email_domains, invited_among
from regie.domain import addresses
from regie.domain.permissions.definitions import Permissions, Role
from regie.domain.permissions.their_words import nearest, their_permissions
from regie.ingestion.files.lists import fold, read_list
from regie.kernel import clock
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _

OUTSIDE, INVITED, ENDED, WITHOUT, SAME = "outside", "invited", "ended", "without", "same"
MOST_LINES = 5_000
# Certain: the fields of the Google Ads API (customer_user_access) and of Meta's Graph API
# (business users, assigned users). The headings of screens are guessed, in English and French:
# no platform documents the columns of a people list. LinkedIn's gives names and no addresses.
NAMES = {
    "email": ("customer_user_access.email_address", "email_address", "email",
              "e-mail", "mail", "user email", "email address", "e-mail address", "user",
              "work email", "business email", "login email",
              "adresse e-mail", "adresse email", "adresse e-mail professionnelle", "courriel",
              "utilisateur", "user id"),
    "name": ("name", "full name", "user name", "member", "person", "people", "display name",
             "nom", "nom complet", "membre", "personne", "nom de l'utilisateur",
             "nom de l’utilisateur"),
    "role": ("customer_user_access.access_role", "access_role", "role", "tasks", "access level",
             "account access level", "account access", "access", "permission", "permissions",
             "permission level", "user role", "niveau d'acces", "niveau d'acces au compte",
             "niveau d’acces", "niveau d’acces au compte",
             "acces", "autorisation", "autorisations", "taches", "task"),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """Somebody of the list; ``email`` may be empty, ``role`` is in the platform's words.

    ``state`` is outside (not in the manager), invited, ended (left, and still stands there),
    without (in the manager, with no role here) or same. ``theirs`` is what the role gives by the
    map of roles, None where its words are not known; ``proposed`` the nearest of our roles. He may
    do ``more`` there than here. ``is_elsewhere``: the address is of no domain of ours;
    ``is_public``: of one where anybody opens a box.
    """

    email: str
    name: str
    role: str
    state: str
    theirs: Permissions | None = None
    proposed: Role | None = None
    more: Permissions = frozenset()
    is_elsewhere: bool = False
    is_public: bool = False


@dataclass(frozen=True)
class CheckUp:
    """``found`` are those of the list; ``missing`` have a role here and are not in it."""

    found: Sequence[Standing]
    missing: Sequence[Access]
    unread: int
    knows_addresses: bool

    def in_state(self, state: str) -> list[Standing]:
        return [one for one in self.found if one.state == state]


def check_up(*, actor: User, asset_id: int, path: Path) -> CheckUp:
    """Nothing is kept. Raises ``NotFound``, ``Forbidden``, ``WrongUse`` or ``UnreadableFile``."""
    card = assets.card(asset_id)
    owner = Organisation.objects.filter(pk=card.organisation_id).first()
    if owner is None:
        raise NotFound(_("There is no such account."))
    policies.check_can_administer(actor=actor, organisation=owner)
    lines, unread, knows_addresses = _read(path)
    accesses = accesses_on([asset_id])
    known = _Known(
        card,
        {one.email.casefold(): one for one in accesses},
        _members([email for email, _name, _role in lines]),
        invited_among([email for email, _name, _role in lines if email]),
        email_domains(owner),
        _by_name(accesses),
    )
    found = [_standing(known, *line) for line in lines]
    there = {known.email_of(one.email, one.name) for one in found}
    missing = [one for one in accesses if one.email.casefold() not in there]
    missing.sort(key=lambda one: (one.person.casefold(), one.email))
    return CheckUp(found, missing, unread, knows_addresses)


@dataclass(frozen=True)
class _Known:
    card: AssetCard
    here: Mapping[str, Access]
    members: Mapping[str, bool]
    invited: frozenset[str]
    domains: Sequence[str]
    names: Mapping[str, str]

    def email_of(self, email: str, name: str) -> str:
        """A list without addresses names one of us where nobody else here has that name."""
        return email or self.names.get(fold(name), "")


def _standing(known: _Known, email: str, name: str, role: str) -> Standing:
    email = known.email_of(email, name)
    theirs = their_permissions(known.card.platform, known.card.family, role) if role else None
    state = _state(email, known)
    here = known.here.get(email)
    held = here.permissions if here and state == SAME else frozenset()
    normal = addresses.normal(email) if email else None
    return Standing(
        email, name, role, state,
        theirs=theirs,
        proposed=nearest(known.card.family, theirs) if theirs else None,
        more=theirs - held if theirs and state == SAME else frozenset(),
        is_elsewhere=normal is not None and not addresses.is_known(normal, known.domains),
        is_public=normal is not None and addresses.is_public(normal.rpartition("@")[2]),
    )  # fmt: skip


def _read(path: Path) -> tuple[list[tuple[str, str, str]], int, bool]:
    """(address, name, role) of each person once, how many lines name nobody, and whether the list
    has a column of addresses."""
    listed: dict[str, tuple[str, str, str]] = {}
    unread = 0
    with read_list(path, NAMES, most=MOST_LINES) as found:
        if not found.columns & {"email", "name"}:
            raise WrongUse(
                _("No column of this list holds e-mail addresses or names."),
                hint=_("Call them email and name; role may stand beside them."),
            )
        has_addresses = "email" in found.columns
        for row in found.rows:
            said = row["email"] if has_addresses else ""
            email = said.casefold() if "@" in said else ""
            name = row["name"] if "name" in found.columns else ""
            if row.problem or not (email or (name and not has_addresses)):
                unread += 1
                continue
            role = row["role"] if "role" in found.columns else ""
            before = listed.get(email or fold(name))
            # A list may give each task or account a line of its own.
            roles = [before[2]] if before and before[2] else []
            roles += [role] if role and role not in roles else []
            listed[email or fold(name)] = (email, name or (before or ("", ""))[1],
                                           "; ".join(roles))  # fmt: skip
    return list(listed.values()), unread, has_addresses


def _by_name(accesses: Sequence[Access]) -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for one in accesses:
        names.setdefault(fold(one.person), []).append(one.email.casefold())
    return {name: emails[0] for name, emails in names.items() if name and len(emails) == 1}


def _members(emails: Sequence[str]) -> dict[str, bool]:
    """Whether each of those known here has still a place."""
    found: dict[str, bool] = {}
    now = clock.now()
    places = Member.objects.filter(user__email__in=[one for one in emails if one])
    for place in places.select_related("user", "organisation"):
        email = place.user.email.casefold()
        found[email] = found.get(email, False) or not has_ended(place, now=now)
    return found


def _state(email: str, known: _Known) -> str:
    if email in known.here and known.members.get(email, True):
        return SAME
    if email not in known.members:
        return INVITED if email in known.invited else OUTSIDE
    return WITHOUT if known.members[email] else ENDED
