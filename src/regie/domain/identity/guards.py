"""Guards against false people: shared devices, identifiers that meet too many others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from regie.domain.identity.evidence import Kind


@dataclass(frozen=True)
class Guard:
    """An identifier of ``kind`` that meets more than ``most`` different ones of ``other`` joins
    none of them. ``None`` stands for every kind.
    """

    name: str
    kind: Kind | None
    other: Kind | None
    most: int


# A family tablet has two logins and is nobody's; a till's phone number meets a whole town; an
# address that was copied with its click id is opened by friends.
GUARDS: Final = (
    Guard("shared_device", Kind.DEVICE, Kind.LOGIN, 1),
    Guard("shared_device", Kind.DEVICE, Kind.CUSTOMER, 1),
    Guard("shared_device", Kind.DEVICE, Kind.LOYALTY, 1),
    Guard("shared_device", Kind.DEVICE, Kind.EMAIL, 1),
    Guard("shared_device", Kind.DEVICE, Kind.PHONE, 1),
    Guard("shared_email", Kind.EMAIL, Kind.CUSTOMER, 2),
    Guard("shared_email", Kind.EMAIL, Kind.LOGIN, 2),
    Guard("shared_phone", Kind.PHONE, Kind.CUSTOMER, 2),
    Guard("shared_phone", Kind.PHONE, Kind.LOGIN, 2),
    Guard("shared_coupon", Kind.COUPON, Kind.PHONE, 1),
    Guard("shared_coupon", Kind.COUPON, Kind.DEVICE, 1),
    Guard("shared_click", Kind.CLICK, Kind.DEVICE, 1),
    Guard("too_many_others", None, None, 50),
)


def guarded(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    kinds: NDArray[np.int8],
    guards: tuple[Guard, ...] = GUARDS,
) -> dict[str, NDArray[np.bool_]]:
    """For each guard's name, the links that it refuses.

    ``left`` and ``right`` are positions in ``kinds``. A guard refuses the links between the
    identifier that met too many and those that it met; its other links stand.
    """
    refused: dict[str, NDArray[np.bool_]] = {}
    sides = ((left, right, kinds[left], kinds[right]), (right, left, kinds[right], kinds[left]))
    for guard in guards:
        fits = [_fits(one_kind, two_kind, guard) for _, _, one_kind, two_kind in sides]
        crowded = _crowded(sides, fits, len(kinds), guard.most)
        if crowded is None:
            continue
        marks = np.zeros(len(left), np.bool_)
        for (one, *_), fit in zip(sides, fits, strict=True):
            marks |= fit & crowded[one]
        refused[guard.name] = refused.get(guard.name, False) | marks
    return refused


def _fits(
    one_kind: NDArray[np.int8], two_kind: NDArray[np.int8], guard: Guard
) -> NDArray[np.bool_]:
    """The links on whose one side the guard looks, met by what it counts on the other."""
    fits = np.ones(len(one_kind), np.bool_)
    if guard.kind is not None:
        fits = one_kind == guard.kind
    return fits if guard.other is None else fits & (two_kind == guard.other)


def _crowded(
    sides: tuple[tuple[NDArray[Any], ...], ...],
    fits: list[NDArray[np.bool_]],
    size: int,
    most: int,
) -> NDArray[np.bool_] | None:
    """Which identifiers meet more than ``most`` different others; ``None`` where none does."""
    links = [
        (one[fit], two[fit]) for (one, two, *_), fit in zip(sides, fits, strict=True) if fit.any()
    ]
    if not links:
        return None
    # Repeats can only raise the count: most identifiers are cleared before any sorting.
    meetings = np.zeros(size, np.int64)
    for here, _ in links:
        meetings += np.bincount(here, minlength=size)
    suspects = meetings > most
    if not suspects.any():
        return None
    pairs = [here[mask] * size + there[mask] for here, there in links for mask in [suspects[here]]]
    met = np.bincount(np.unique(np.concatenate(pairs)) // size, minlength=size)
    crowded: NDArray[np.bool_] = met > most
    return crowded if crowded.any() else None
