"""Finds one person by anything he is called: address, number, login, card, key of a device."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from regie.apps.identity.models import CustomerRecord, Membership
from regie.apps.tracking import selectors as tracking
from regie.apps.tracking.selectors import Known
from regie.domain.privacy.names import Names, names_of

MOST = 10_000  # identifiers of one person


@dataclass(frozen=True)
class Subject:
    """The person within some organisations: his identifiers, and what would name him anywhere.

    What is only probable, or was refused by a guard, is not his: it stays out.
    """

    organisations: tuple[int, ...]
    identifiers: tuple[Known, ...]
    names: Names

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(one.key for one in self.identifiers)

    @property
    def event_keys(self) -> tuple[str, ...]:
        """As events write them."""
        return tuple(
            f"v{one.key}" if one.kind == "device" else f"p{one.key}" for one in self.identifiers
        )

    @property
    def digests(self) -> tuple[bytes, ...]:
        return tuple(bytes.fromhex(one) for one in sorted(self.names.digests) if len(one) == 64)


def find_person(organisations: Collection[int], text: str, *, country: str = "FR") -> Subject:
    """The person called ``text``; nobody's identifiers, only the names, where he is not known."""
    called = names_of([" ".join(text.split())], country=country)
    wanted = {*called.all, *(one.upper() for one in called.digests)}
    met = tracking.known_as(list(organisations), sorted(wanted))
    keys = _of_same_people([*(one.key for one in met), *_in_records(organisations, called)])
    identifiers = tracking.known(sorted(keys))
    # Digests are of what was given or of an address: those of a device's key name nobody else.
    others = names_of([one.value for one in identifiers], country=country)
    return Subject(tuple(sorted(organisations)), tuple(identifiers), called | others)


def _in_records(organisations: Collection[int], called: Names) -> list[int]:
    """Customers whose file gives this address or number."""
    found = CustomerRecord.objects.filter(organisation_id__in=list(organisations))
    said = sorted(called.plain)
    return list(
        (found.filter(said__email__in=said) | found.filter(said__phone__in=said))
        .order_by("pk")
        .values_list("identifier_id", flat=True)
    )


def find(organisations: Collection[int], text: str, *, country: str = "FR") -> int | None:
    """The number of an identifier of who is called ``text``; ``None`` where he is not known."""
    keys = find_person(organisations, text, country=country).keys
    return keys[0] if keys else None


def _of_same_people(keys: Sequence[int]) -> set[int]:
    people = Membership.objects.filter(pk__in=list(keys)).values_list("person", flat=True)
    same = Membership.objects.filter(person__in=list(people)).values_list("pk", flat=True)
    return {*keys, *same[:MOST]}
