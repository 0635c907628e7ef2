"""The same thing done in two windows at once: once it is done, once it is refused, never twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.db import connections
from django.test import Client

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Partnership, Share
from regie.apps.audiences import services as audiences
from regie.apps.audiences.models import AudienceShare
from regie.apps.audit.models import AuditLine
from regie.apps.requests.models import AccessRequest
from regie.domain.audiences.terms import Rights
from regie.kernel.errors import RegieError
from tests.access.given import CREATIVE, linked, partners, shared
from tests.audiences.test_audiences import CUSTOMERS, LATER
from tests.cast import Cast, engaged
from tests.organisations.test_at_the_same_time import together
from tests.web.test_every_page import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return engaged()


def twice(*posts: tuple[Client, str, dict[str, str]]) -> list[int]:
    """The statuses of what is sent at the same time."""
    told = list[int]()

    def sending(client: Client, path: str, said: dict[str, str]) -> Callable[[], object]:
        return lambda: told.append(client.post(path, said).status_code)

    assert together(*(sending(*one) for one in posts)) == ["done"] * len(posts)
    return sorted(told)


def lines(action: str) -> int:
    with operating():
        return AuditLine.objects.filter(action=action).count()


def test_a_partnership_is_accepted_once_and_ended_once(cast: Cast) -> None:
    with acting_as(cast.amelie):
        made = services.propose_partnership(
            actor=cast.amelie, organisation=cast.network, number=str(cast.studio.manager_number)
        )
    diane = [signed_in(cast.diane) for _tab in range(2)]
    accept = f"/manager/partners/{made.pk}/accept/"
    assert all(status < 500 for status in twice(*((one, accept, {}) for one in diane)))
    with operating():
        assert Partnership.objects.get().state == "active"
    assert lines("access.partnership_accepted") == 2, "one for each side"

    key = linked(cast.amelie, cast.network, "111111111")
    shared(cast, made, key, CREATIVE)
    end = f"/manager/partners/{made.pk}/end/"
    both = [(signed_in(one), end, {"sure": "yes"}) for one in (cast.amelie, cast.diane)]
    assert all(status < 500 for status in twice(*both))
    with operating():
        assert Partnership.objects.get().state == "ended"
        assert not Share.objects.exists()
    assert lines("access.partnership_ended") == 2


def test_a_request_is_accepted_once(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    partners(cast)
    asked = {"platform": "linkedin_ads", "account": "111111111", "role": "VIEWER"}
    assert signed_in(cast.diane).post("/manager/requests/ask/", asked).status_code == 302
    with operating():
        number = AccessRequest.objects.get().pk
    path = f"/manager/requests/{number}/"
    answers = twice(
        *(
            (signed_in(cast.amelie), path, {"decision": "accept", "sure": "yes"})
            for _tab in range(2)
        )
    )
    assert answers == [302, 404]
    with operating():
        assert Share.objects.get(asset_id=key).asset_id == key
    assert lines("requests.accepted") == 1


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Whoever shares an audience waits, with everything written, until this is set."""
    written, go_on = threading.Event(), threading.Event()
    record = audiences._record

    def recorded(*given: object, **named: object) -> None:
        record(*given, **named)
        written.set()
        go_on.wait(2)

    monkeypatch.setattr(audiences, "_record", recorded)
    yield written
    go_on.set()


def test_an_audience_that_is_shared_while_the_partnership_ends_ends_with_it(
    cast: Cast, slowly: threading.Event
) -> None:
    partnership = partners(cast)
    with acting_as(cast.amelie):
        audience = audiences.create_audience(
            actor=cast.amelie, organisation=cast.network, said=CUSTOMERS
        )
    slowly.clear()

    def sharing() -> None:
        with suppress(RegieError), acting_as(cast.amelie):
            audiences.share_audience(
                actor=cast.amelie, audience_id=audience, recipient_id=cast.studio.pk,
                rights=Rights.TARGETING, purpose="Relance", expires_on=LATER,
            )  # fmt: skip
        connections.close_all()

    thread = threading.Thread(target=sharing)
    thread.start()
    assert slowly.wait(10)
    with acting_as(cast.diane):
        services.end_partnership(actor=cast.diane, partnership_id=partnership.pk)
    thread.join(20)
    with operating():
        assert not AudienceShare.objects.filter(withdrawn_at=None).exists()
