"""Direct visits: which units are direct, and how their credit goes to those that led to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from regie.domain.attribution.arrays import Flags, Floats
from regie.domain.attribution.model import Credit
from regie.domain.attribution.paths import Paths

DIRECT = ("direct", "(direct)")


def direct_flags(units: Sequence[str], direct: str | Sequence[str] | None) -> Flags:
    """Which of ``units`` are direct, whatever the case; None says that none is."""
    names = {one.casefold() for one in ([direct] if isinstance(direct, str) else direct or ())}
    return np.array([one.casefold() in names for one in units], np.bool_)


def without_direct(parts: Iterable[Paths], direct: Flags) -> Iterator[Paths]:
    """Paths without their direct touches, except those that have no other."""
    for paths in parts:
        if len(paths) == 0 or not direct.any():
            yield paths
            continue
        known = ~direct[paths.codes]
        some = np.logical_or.reduceat(known, paths.first)
        yield paths.keep_touches(known | ~some[paths.owners])


def redistributed(credit: Credit, direct: Flags) -> Credit:
    """What is left with direct goes to the others, in proportion to what they have.

    Unchanged where the others have nothing.
    """
    factors = []
    for earned in (credit.conversions, credit.value):
        others = earned[~direct].sum()
        if not others and earned[direct].sum():
            return credit
        factors.append(earned.sum() / others if others else 1.0)

    def moved(earned: Floats | None, factor: float) -> Floats | None:
        return None if earned is None else np.where(direct, 0.0, earned * factor)

    return replace(
        credit,
        conversions=np.where(direct, 0.0, credit.conversions * factors[0]),
        value=np.where(direct, 0.0, credit.value * factors[1]),
        low=moved(credit.low, factors[0]),
        high=moved(credit.high, factors[0]),
    )
