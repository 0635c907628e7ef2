"""Credits as people read them: rounded so that what is shown adds up to what there was."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from regie.domain.attribution.arrays import Floats


def to_the_cent(amounts: Floats, digits: int = 2) -> list[Decimal]:
    """``amounts`` rounded so that they add up to their rounded sum (largest remainder).

    Of equal remainders the larger amount is served first, then the earlier one.
    """
    scaled = np.round(np.asarray(amounts, np.float64) * 10**digits, 6)
    units = np.floor(scaled)
    missing = int(np.rint(scaled.sum() - units.sum()))
    order = np.lexsort((-scaled, units - scaled))
    units[order[:missing]] += 1
    return [Decimal(int(one)).scaleb(-digits) for one in units]
