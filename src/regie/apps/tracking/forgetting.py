"""Forgets or corrects one person in what was tracked: identifiers, leads' sources, journals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from regie.apps.tracking.models import (
    ConsentLine,
    Evidence,
    Identifier,
    JournalRead,
    LeadSource,
    Redemption,
)
from regie.apps.tracking.publishing import journal_folder
from regie.domain.privacy.masking import Mask
from regie.domain.privacy.names import Names
from regie.ingestion.collected.blanking import blank
from regie.ingestion.collected.journal import journals


def forget_identifiers(
    keys: Collection[int], leads: Collection[str], owners: Collection[int]
) -> dict[str, int]:
    """Remove identifiers with their evidence, and the sources of these leads.

    The proofs of consent stay, of nobody from then on. Returns how many rows of each table went.
    """
    consents = ConsentLine.objects.filter(device_id__in=list(keys)).update(device=None)
    evidence = Evidence.objects.filter(one_id__in=list(keys)) | Evidence.objects.filter(
        other_id__in=list(keys)
    )
    counted = {
        "evidence": evidence.count(),
        "consents": consents,
        "sources": LeadSource.objects.filter(
            organisation_id__in=list(owners), lead_id__in=list(leads)
        ).delete()[0],
    }
    Identifier.objects.filter(pk__in=list(keys)).delete()
    return counted | {"identifiers": len(set(keys))}


def correct_identifier(key: int, value: str, *, now: datetime) -> None:
    """Write an identifier otherwise. Where the other is known already, both are one from now on."""
    wrong = Identifier.objects.get(pk=key)
    other = Identifier.objects.filter(
        organisation_id=wrong.organisation_id, kind=wrong.kind, value=value
    ).first()
    if other is None:
        Identifier.objects.filter(pk=key).update(value=value)
        return
    Identifier.objects.filter(pk=key).update(value=f"corrected-{key}")
    Evidence.objects.get_or_create(
        one_id=min(key, other.pk), other_id=max(key, other.pk), rule="corrected",
        defaults={"organisation_id": wrong.organisation_id, "first_seen": now},
    )  # fmt: skip


def mend_redemptions(owners: Collection[int], names: Names, by: str = "") -> int:
    """Codes that were refused are kept as they were typed: without the person's names from now on.

    Returns how many named him.
    """
    count = 0
    for one in Redemption.objects.filter(organisation_id__in=list(owners), is_accepted=False):
        mask = Mask(names, by)
        one.typed, one.reason = mask.text(one.typed)[:100], mask.value(one.reason)
        if mask.count:
            one.save(update_fields=["typed", "reason"])
            count += 1
    return count


def blank_journals(names: Names, *, dry: bool = False) -> int:
    """Records of the collector's journals that name the person, published already."""
    until = dict(JournalRead.objects.values_list("name", "until"))
    paths: Sequence[tuple[str, int]] = [
        (path.name, until.get(path.name, 0)) for path in journals(journal_folder())
    ]
    return sum(
        blank(journal_folder() / name, names, until=end, dry=dry) for name, end in paths if end
    )


def lead_sources(owners: Collection[int], leads: Collection[str]) -> list[dict[str, object]]:
    found = LeadSource.objects.filter(organisation_id__in=list(owners), lead_id__in=list(leads))
    return [
        {"lead": one.lead_id, "received_at": one.received_at, "first": one.first, "last": one.last}
        for one in found.order_by("received_at", "pk")
    ]
