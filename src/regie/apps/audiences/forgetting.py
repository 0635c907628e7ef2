"""Takes one person out of every list, with what barred him; lists that went out are told apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from regie.apps.audiences.models import Audience, AudienceExport, AudienceMember, Withdrawal
from regie.domain.audiences.members import Member
from regie.kernel import clock

FORMS = ("key", "email", "email_dotless", "phone_plus", "phone_digits")


@dataclass(frozen=True)
class Listed:
    """One list that somebody is in, and the platforms that it was taken out for."""

    audience: str
    purpose: str
    platforms: tuple[str, ...]


def lists_naming(organisations: Collection[int], digests: Collection[bytes]) -> list[Listed]:
    found = Audience.objects.filter(
        pk__in=_members(organisations, digests).values("audience_id")
    ).order_by("name", "pk")
    return [
        Listed(
            one.name, one.purpose,
            tuple(sorted(set(AudienceExport.objects.filter(audience=one).values_list(
                "platform", flat=True)))),
        )
        for one in found
    ]  # fmt: skip


def forget_digests(organisations: Collection[int], digests: Collection[bytes]) -> dict[str, int]:
    """Returns how many members and bars went. A bar is a digest too: with it the person would
    still be known; without it he can come back with another list."""
    members = _members(organisations, digests)
    counts: dict[int, int] = {}
    for audience in members.values_list("audience_id", flat=True):
        counts[audience] = counts.get(audience, 0) + 1
    members.delete()
    for audience, count in counts.items():
        Audience.objects.filter(pk=audience).update(
            size=F("size") - count, version=F("version") + 1, changed_at=clock.now()
        )
    bars = Withdrawal.objects.filter(
        organisation_id__in=list(organisations), digest__in=list(digests)
    ).delete()[0]
    return {"members": sum(counts.values()), "bars": bars}


def correct_member(
    organisations: Collection[int], digests: Collection[bytes], right: Member
) -> int:
    """The person's digests become those of his right address or number. Returns in how many."""
    changed = 0
    forms = {name: getattr(right, name) for name in FORMS if name != "key"}
    known = {name: form for name, form in forms.items() if form}
    for one in _members(organisations, digests):
        exists = AudienceMember.objects.filter(audience_id=one.audience_id, key=right.key)
        if exists.exclude(pk=one.pk).exists():
            one.delete()
        else:
            AudienceMember.objects.filter(pk=one.pk).update(**known, key=right.key)
        Audience.objects.filter(pk=one.audience_id).update(
            version=F("version") + 1, changed_at=clock.now()
        )
        changed += 1
    return changed


def _members(
    organisations: Collection[int], digests: Collection[bytes]
) -> QuerySet[AudienceMember]:
    wanted = Q()
    for form in FORMS:
        wanted |= Q(**{f"{form}__in": list(digests)})
    return AudienceMember.objects.filter(wanted, organisation_id__in=list(organisations))
