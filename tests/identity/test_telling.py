"""What is held of a person, beside what he did himself."""

from __future__ import annotations

import pytest

from regie.apps.access.context import acting_as
from regie.apps.identity import services
from tests.cast import Cast
from tests.identity.visits import Shop

pytestmark = pytest.mark.slow


def test_what_was_told_of_ones_leads_since_is_held_too(shop: Shop, cast: Cast) -> None:
    for device, login, lead in (("one", "kestrel-42", "L-7"), ("another", "heron", "L-8")):
        shop.heard("page_view", device=device)
        shop.heard("identify", device=device, login=login)
        shop.heard("lead", device=device, lead_id=lead)
    shop.known()
    shop.heard("lead_state", lead_id="L-7", status="won")
    shop.heard("lead_state", lead_id="L-8", status="lost")
    shop.known()

    with acting_as(cast.chloe):
        held = services.tell_person(actor=cast.chloe, organisation=cast.nantes, text="kestrel-42")

    states = [one["status"] for one in held["events"] if one["kind"] == "lead_state"]
    assert states == ["won"]
