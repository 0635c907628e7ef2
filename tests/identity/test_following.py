"""Audiences from what people did: across devices, with their yes to advertising, never of few."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.apps.access.context import acting_as, operating
from regie.apps.audiences.models import Audience, AudienceMember
from regie.apps.identity import services
from regie.domain.audiences.touches import Step, TouchRule
from regie.kernel import clock
from regie.kernel.errors import Forbidden, WrongUse
from regie.warehouse.engine import reader
from tests.cast import Cast
from tests.identity.visits import SHOP, Shop

pytestmark = pytest.mark.slow

ADS = {"granted": True, "text": "v1", "ads": True}
MEASURED = {"granted": True, "text": "v1"}
CREATIVE = f"{SHOP}?utm_source=meta&utm_medium=paid_social&utm_content=creative-1"


def digest(number: int) -> str:
    return hashlib.sha256(f"c{number}@client.example".encode()).hexdigest()


def come(shop: Shop, number: int, consent: dict[str, Any] = ADS, *, times: int = 3) -> None:
    """One person sees the creative ``times`` times, half of them on another device."""
    at = clock.now() - timedelta(days=2)
    for device in ("phone", "desk"):
        name = f"{device}-{number}"
        shop.heard("consent", device=name, consent=consent, at=at)
        shop.heard("identify", device=name, login=f"c-{number}", email_sha256=digest(number),
                   consent=consent, at=at)  # fmt: skip
    for time in range(times):
        shop.heard("page_view", device=f"{('phone', 'desk')[time % 2]}-{number}", url=CREATIVE,
                   consent=consent, at=at + timedelta(hours=time + 1))  # fmt: skip


def rule(*steps: Step, days: int = 30) -> TouchRule:
    return TouchRule(steps, days)


SAW_THREE_TIMES = rule(Step("page_view", 3, content="creative-1"))


def followed(cast: Cast, wanted: TouchRule, name: str = "Ont vu trois fois") -> set[str]:
    with acting_as(cast.chloe):
        audience = services.follow(
            actor=cast.chloe, organisation=cast.nantes, name=name, purpose="Montrer la création 2",
            expires_on=clock.today() + timedelta(days=90), rule=wanted,
        )  # fmt: skip
    return members(audience)


def members(audience: int) -> set[str]:
    with operating():
        found = AudienceMember.objects.filter(audience_id=audience).values_list("email", flat=True)
        kept = {bytes(one).hex() for one in found if one}
        assert Audience.objects.get(pk=audience).size == len(kept)
    return kept


@pytest.mark.requirement("ID-11")
@pytest.mark.requirement("ID-S10")
@pytest.mark.requirement("BM-46")
def test_whoever_saw_a_creative_three_times_across_devices_is_shown_the_next(
    shop: Shop, cast: Cast
) -> None:
    """I10."""
    for number in range(31):
        come(shop, number)
    come(shop, 50, times=2)
    come(shop, 51, MEASURED)
    shop.known()

    with acting_as(cast.chloe):
        reached = services.preview(actor=cast.chloe, organisation=cast.nantes, rule=SAW_THREE_TIMES)
        other = rule(Step("page_view", 3, content="creative-9"))
        assert services.preview(actor=cast.chloe, organisation=cast.nantes, rule=other) is None
    assert reached == 31
    assert followed(cast, SAW_THREE_TIMES) == {digest(number) for number in range(31)}


def test_whoever_ordered_since_or_takes_his_yes_back_leaves(shop: Shop, cast: Cast) -> None:
    wanted = rule(Step("page_view", 2), Step("order", 0))
    for number in range(33):
        come(shop, number, times=2)
    shop.known()
    assert len(followed(cast, wanted)) == 33
    with operating():
        audience = Audience.objects.get().pk

    shop.heard("order", login="c-0", order_id="1", value=5, currency="EUR")
    shop.heard("consent", device="phone-1", consent={"granted": False})
    shop.heard("consent", device="desk-1", consent={"granted": False})
    shop.known()
    assert services.refresh_followed() == 1
    assert members(audience) == {digest(number) for number in range(2, 33)}

    for number in (2, 3):
        shop.heard("order", login=f"c-{number}", order_id=f"{number}", value=5, currency="EUR")
    shop.known()
    services.refresh_followed()
    assert members(audience) == set()  # 29 would say who is in it


def test_who_is_outside_makes_no_audience_of_ours(cast: Cast) -> None:
    with acting_as(cast.diane), pytest.raises(Forbidden):
        services.preview(actor=cast.diane, organisation=cast.nantes, rule=SAW_THREE_TIMES)


@pytest.mark.parametrize(
    "steps", [(), (Step("page_view", 0),), (Step("dance"),), (Step("order", 101),)]
)
def test_a_rule_that_means_nothing_is_refused(steps: tuple[Step, ...]) -> None:
    with pytest.raises(WrongUse):
        TouchRule(steps)


HISTORY = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["page_view", "order"])),
                   max_size=12)  # fmt: skip
STEPS = st.lists(
    st.builds(Step, st.sampled_from(["page_view", "order"]), st.integers(0, 2)),
    min_size=1, max_size=4,
).filter(lambda steps: steps[0].times > 0)  # fmt: skip


@given(HISTORY, STEPS)
@settings(max_examples=40, deadline=None)
def test_a_rule_says_what_walking_through_the_events_says(
    history: list[tuple[str, str]], steps: list[Step]
) -> None:
    engine = reader()
    engine.execute(
        "CREATE TABLE events (who VARCHAR, happened_at TIMESTAMP, kind VARCHAR, "
        "asset_key BIGINT, campaign VARCHAR, content VARCHAR, page VARCHAR)"
    )
    for place, (who, kind) in enumerate(history):
        engine.execute("INSERT INTO events VALUES (?, make_timestamp(?), ?, 1, '', '', '')",
                       [who, place, kind])  # fmt: skip
    wanted = rule(*steps)
    sql, values = wanted.sql("events", "make_timestamp(0)")
    found = sorted(who for (who,) in engine.execute(sql, values).fetchall())
    engine.close()

    assert found == [who for who in "ab" if _walks(history, who, steps)]
    assert TouchRule.from_json(wanted.as_json()) == wanted


def _walks(history: list[tuple[str, str]], who: str, steps: list[Step]) -> bool:
    acts = [kind for name, kind in history if name == who]
    place = 0
    for step in steps:
        places = [n for n in range(place, len(acts)) if acts[n] == step.act]
        if step.times == 0:
            if places:
                return False
            continue
        if len(places) < step.times:
            return False
        place = places[step.times - 1] + 1
    return True
