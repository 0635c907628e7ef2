"""A share of an audience holds until its last day where its owner is, and pauses while one is shut.

Python and plain SQL under the application role say the same.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from regie.apps.access.context import acting_as, operating
from regie.apps.audiences import selectors, services
from regie.apps.audiences.models import Audience, AudienceShare
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.selectors import today_in
from regie.kernel.errors import NotFound, Refused
from tests.audiences.test_audiences import CUSTOMERS, LATER, account, made, shared
from tests.audiences.test_with_partnerships import partnered
from tests.cast import Cast
from tests.web.test_every_page import signed_in

BEHIND, AHEAD = "Pacific/Pago_Pago", "Pacific/Kiritimati"  # never the same day in both


def reaches(cast: Cast, audience: int, place: int) -> bool:
    """Whether the studio has it today, wherever one asks; every answer is the same."""
    page = signed_in(cast.diane).get("/manager/audiences/").content.decode()
    with acting_as(cast.diane), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audiences_audience WHERE id = %s", [audience])
        ((rows,),) = cursor.fetchall()
        answers = [
            bool(rows),
            bool(selectors.received_by(cast.studio)),
            bool(selectors.usable_on(place)),
            CUSTOMERS.name in page,
        ]
        try:
            selectors.audience_card(audience, actor=cast.diane, organisation=cast.studio)
            answers.append(True)
        except NotFound:
            answers.append(False)
    assert len(set(answers)) == 1, answers
    return answers[0]


def put_on(cast: Cast, audience: int) -> int:
    place = account(cast.studio, "987654321")
    with acting_as(cast.diane):
        services.use_audience(actor=cast.diane, audience_id=audience, asset_id=place)
    return place


@pytest.mark.requirement("BM-43")
@pytest.mark.parametrize("model", [Audience, AudienceShare])
def test_it_ends_after_its_last_day_where_its_owner_is(cast: Cast, model: type) -> None:
    audience = made(cast)
    partnered(cast.network, cast.studio)
    shared(cast, audience, cast.studio)
    place = put_on(cast, audience)
    with operating():
        model.objects.update(expires_on=today_in(Organisation(time_zone=BEHIND)))
    for zone, other in ((BEHIND, AHEAD), (AHEAD, BEHIND)):
        with operating():
            Organisation.objects.filter(pk=cast.network.pk).update(time_zone=zone)
            Organisation.objects.filter(pk=cast.studio.pk).update(time_zone=other)
        assert reaches(cast, audience, place) is (zone == BEHIND)


@pytest.mark.requirement("BM-43")
def test_ones_own_ends_after_its_last_day_where_one_is(cast: Cast) -> None:
    audience = made(cast)
    for zone in (BEHIND, AHEAD):
        with operating():
            Organisation.objects.filter(pk=cast.network.pk).update(time_zone=zone)
            here = Organisation.objects.get(pk=cast.network.pk)
        for day, is_expired in ((today_in(here), False), (_before(here), True)):
            with acting_as(cast.amelie):
                Audience.objects.update(expires_on=day)
                (card,) = selectors.audiences_of(here, actor=cast.amelie)
                assert card.is_expired is is_expired
    with acting_as(cast.amelie), pytest.raises(Refused, match="expired"):
        services.export_members(actor=cast.amelie, audience_id=audience, platform="meta_ads")


def _before(organisation: Organisation):
    return today_in(organisation) - timedelta(days=1)


@pytest.mark.requirement("BM-43")
@pytest.mark.parametrize("side", ["owner", "recipient"])
def test_it_pauses_while_an_organisation_of_it_is_closed(cast: Cast, side: str) -> None:
    """And is there again, on the accounts it was on, once that is opened again."""
    audience = made(cast)
    partnership = partnered(cast.network, cast.studio)
    shared(cast, audience, cast.studio)
    place = put_on(cast, audience)
    person, closed = {
        "owner": (cast.amelie, cast.network), "recipient": (cast.diane, cast.studio)
    }[side]  # fmt: skip

    with acting_as(person):
        organisations.close_organisation(actor=person, organisation=closed)
    assert not reaches(cast, audience, place)
    with acting_as(cast.amelie):
        (one,) = selectors.ending_with(partnership)
        assert (one.state, one.accounts) == ("paused", ["987654321"])

    with acting_as(person):
        organisations.open_again(actor=person, organisation=Organisation.objects.get(pk=closed.pk))
    assert reaches(cast, audience, place)


@pytest.mark.requirement("BM-39", "BM-43")
def test_the_page_of_a_partner_names_the_audiences_that_are_shared(cast: Cast) -> None:
    audience = made(cast)
    partnership = partnered(cast.network, cast.studio)

    def pages() -> list[str]:
        return [
            signed_in(person, "en").get(f"/manager/partners/{partnership}/").content.decode()
            for person in (cast.amelie, cast.diane)
        ]

    assert all("Nothing is shared" in page for page in pages())
    share = shared(cast, audience, cast.studio)
    for page in pages():
        assert "Nothing is shared" not in page
        assert CUSTOMERS.name in page
        assert f"/manager/audiences/{audience}/" in page
    with operating():
        AudienceShare.objects.filter(pk=share).update(expires_on=LATER - timedelta(days=400))
    told, received = pages()
    assert ">Expired<" in told
    assert CUSTOMERS.name not in received
