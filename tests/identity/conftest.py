"""The shop of Nantes, whose people tests get to know."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.identity.visits import Shop, forget_journals, open_shop


@pytest.fixture
def shop(cast: Cast) -> Shop:
    forget_journals()
    return open_shop(cast.chloe, cast.nantes)
