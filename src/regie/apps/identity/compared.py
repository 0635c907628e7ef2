"""Reads about customers that files brought, and the probable links found among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from regie.apps.identity.models import Correction, CustomerRecord, Probable, Solution
from regie.apps.tracking import selectors as tracking
from regie.apps.tracking.selectors import Known
from regie.ingestion.files.lists import fold
from regie.warehouse.matching import COLUMNS

SHOWN: Final = 50


@dataclass(frozen=True)
class Comparison:
    """Of one organisation: ``customers`` that files brought and the ``links`` found among them,
    ``counted`` of which are sure enough to count where probable links do.

    Since ``asked_at`` it waits to be done, or is under way; ``failed_at`` is when it did not come
    to its end. ``precision`` is what it says of itself.
    """

    customers: int
    links: int
    counted: int
    is_counting: bool
    threshold: float
    precision: float | None
    asked_at: datetime | None
    failed_at: datetime | None
    matched_at: datetime | None


@dataclass(frozen=True)
class Likely:
    """Two customers who are one with ``probability``; ``is_held_apart`` by what a person said.

    ``same`` are the columns in which lists say the same of both, ``other_columns`` those in which
    they do not.
    """

    one: Known
    other: Known
    probability: float
    is_held_apart: bool
    same: tuple[str, ...]
    other_columns: tuple[str, ...]


def comparison(organisation_id: int) -> Comparison:
    state = Solution.objects.filter(organisation_id=organisation_id).first() or Solution()
    links = Probable.objects.filter(organisation_id=organisation_id)
    return Comparison(
        customers=CustomerRecord.objects.filter(organisation_id=organisation_id).count(),
        links=links.count(), counted=links.filter(probability__gte=state.threshold).count(),
        is_counting=state.with_probable, threshold=state.threshold, precision=state.precision,
        asked_at=state.asked_at, failed_at=state.failed_at, matched_at=state.matched_at,
    )  # fmt: skip


def least_likely(organisation_id: int) -> list[Likely]:
    """Links that are worth a look: the least sure first, of those that count before others."""
    state = Solution.objects.filter(organisation_id=organisation_id).first() or Solution()
    links = Probable.objects.filter(organisation_id=organisation_id)
    counting = links.filter(probability__gte=state.threshold).order_by("probability", "pk")
    found = list(counting[:SHOWN])
    rest = links.filter(probability__lt=state.threshold).order_by("-probability", "pk")
    found += rest[: SHOWN - len(found)]
    keys = {key for one in found for key in (one.one_id, one.other_id)}
    known = {one.key: one for one in tracking.known(sorted(keys))}
    apart, said = _apart(sorted(keys)), _said(sorted(keys))
    return [
        Likely(
            known[one.one_id], known[one.other_id], one.probability,
            (one.one_id, one.other_id) in apart,
            *_compared(said.get(one.one_id, {}), said.get(one.other_id, {})),
        )
        for one in found if one.one_id in known and one.other_id in known
    ]  # fmt: skip


def _said(keys: Sequence[int]) -> dict[int, dict[str, str]]:
    found = CustomerRecord.objects.filter(identifier_id__in=keys)
    return dict(found.values_list("identifier_id", "said"))


def _compared(
    one: Mapping[str, str], other: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    both = [name for name in COLUMNS if name in one and name in other]
    same = [name for name in both if fold(one[name]) == fold(other[name])]
    return tuple(same), tuple(name for name in both if name not in same)


def _apart(keys: Sequence[int]) -> set[tuple[int, int]]:
    said = Correction.objects.filter(one_id__in=keys, other_id__in=keys, taken_back_at__isnull=True)
    return set(said.values_list("one_id", "other_id"))
