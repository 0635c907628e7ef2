"""Writes a right name in the place of a wrong one, where names stand as identifiers or digests."""

from __future__ import annotations

from collections.abc import Collection

from regie.apps.audiences import services as audiences
from regie.apps.identity.finding import Subject
from regie.apps.tracking import selectors as known
from regie.apps.tracking import services as tracking
from regie.domain.audiences.members import NotAnAddress, NotAPhone, member
from regie.domain.privacy.names import Names
from regie.kernel import clock
from regie.kernel.errors import Refused
from regie.kernel.i18n import _


def check_digests(owners: Collection[int], names: Names, right: str, country: str) -> None:
    """Raises ``Refused`` where what is held of the wrong name cannot be made of the right one."""
    for one in known.known_as(list(owners), sorted(names.all)):
        if one.kind.endswith("_sha256"):
            _digest_of(right, one.kind, country)


def correct_identifiers(
    owners: Collection[int], names: Names, right: str, country: str
) -> dict[str, int]:
    met = known.known_as(list(owners), sorted(names.all))
    for one in met:
        is_digest = one.kind.endswith("_sha256")
        value = _digest_of(right, one.kind, country) if is_digest else right
        tracking.correct_identifier(one.key, value, now=clock.now())
    return {"identifiers": len(met)}


def correct_members(subject: Subject, right: str, country: str) -> dict[str, int]:
    try:
        made = member(right, "", country) if "@" in right else member("", right, country)
    except (NotAnAddress, NotAPhone):
        return {}
    count = audiences.correct_member(subject.organisations, subject.digests, made)
    return {"members": count}


def _digest_of(right: str, kind: str, country: str) -> str:
    """The digest that takes the place of a wrong address's or number's."""
    try:
        made = member(right, "", country) if kind == "email_sha256" else member("", right, country)
    except (NotAnAddress, NotAPhone) as error:
        raise Refused(
            _("A wrong address is corrected by an address, a wrong number by a number.")
        ) from error
    form = made.email if kind == "email_sha256" else made.phone_plus
    return form.hex() if form else ""
