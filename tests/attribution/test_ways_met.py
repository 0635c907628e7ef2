"""Each way in which events say whose they are has one place, whatever numbers it is found by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.apps.attribution.kept.visits import Met

_WAY = st.tuples(st.integers(-3, 3), st.integers(0, 3), st.integers(1, 2), st.booleans())


# With the factor 0 all ways have the same number, until others are chosen.
@pytest.mark.parametrize("factor", [Met().factor, 0])
@given(batches=st.lists(st.lists(_WAY), max_size=4))
def test_equal_ways_have_one_place_and_others_another(
    factor: int, batches: list[list[tuple[int, int, int, bool]]]
) -> None:
    met, known = Met(factor=factor), {}
    for batch in batches:
        visitor, person, owner, consented = zip(*batch, strict=True) if batch else ((), (), (), ())
        found = met.codes(
            *(np.array(one, np.int64) for one in (visitor, person, owner)),
            np.array(consented, np.bool_),
        )
        for way, place in zip(batch, found.tolist(), strict=True):
            assert known.setdefault(way, place) == place
            assert tuple(met.rows[:, place]) == way
    assert len(set(known.values())) == len(known) == met.rows.shape[1]
