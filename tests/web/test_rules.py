"""Rules of an organisation: a second factor that is required, and a deadline that is announced."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.organisations import selectors
from regie.apps.organisations.models import Member, Organisation
from tests.cast import Cast
from tests.postbox import Postbox, deliver
from tests.today import today
from tests.web.test_every_page import signed_in

TODAY = today()


@pytest.fixture
def newcomer(cast: Cast) -> User:
    with operating():
        person = User.objects.create_user(
            "newcomer@horizon.example", name="Newcomer", language="en"
        )
        Member.objects.create(organisation=cast.network, user=person)
    return person


def require(cast: Cast, **said: str) -> None:
    answer = signed_in(cast.amelie).post(
        "/manager/rules/second-factor/", {"required": "on", **said}
    )
    assert answer.status_code == 302


@pytest.mark.requirement("BM-9")
def test_without_a_second_factor_one_is_led_to_it_and_sees_nothing_else(
    cast: Cast,
) -> None:
    TOTP.activate(cast.amelie, generate_totp_secret())
    require(cast)

    # It holds below too, where the organisation that requires it is out of sight.
    for person in (cast.bruno, cast.chloe):
        client = signed_in(person, "en")
        for page in ("/report/", "/report/table.csv", "/manager/", "/imports/", "/settings/"):
            answer = client.get(page)
            assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")
        assert client.get("/report/", headers={"HX-Request": "true"})["HX-Redirect"]
        assert client.post("/manager/rules/second-factor/", {}).status_code == 302
        assert "requires a second factor" in client.get("/accounts/2fa/").content.decode()
    assert signed_in(cast.amelie).get("/report/").status_code == 200
    assert signed_in(cast.diane).get("/report/").status_code == 200
    TOTP.activate(cast.chloe, generate_totp_secret())
    assert signed_in(cast.chloe).get("/report/").status_code == 200


@pytest.mark.requirement("BM-9", "BM-15")
def test_until_the_day_it_is_announced_and_nothing_is_closed(cast: Cast) -> None:
    require(cast, begins_on=str(TODAY + timedelta(days=7)))

    text = signed_in(cast.bruno, "en").get("/report/").content.decode()

    assert "requires a second factor" in text
    assert "/accounts/2fa/" in text
    assert (
        "requires a second factor"
        not in signed_in(cast.diane, "en").get("/report/").content.decode()
    )


def test_a_rule_of_the_past_or_of_another_is_not_kept(cast: Cast, newcomer: User) -> None:
    require(cast, begins_on=str(TODAY - timedelta(days=1)))
    assert (
        signed_in(newcomer).post("/manager/rules/second-factor/", {"required": "on"}).status_code
        == 403
    )
    assert signed_in(newcomer).post("/manager/rules/access/", {}).status_code == 403

    with operating():
        assert not Organisation.objects.filter(requires_two_factor=True).exists()


def narrow(cast: Cast, until: str = "", see_all: bool = True) -> None:
    said = {"until": until, "sure": "yes", **({"see_all": "on"} if see_all else {})}
    assert signed_in(cast.amelie).post("/manager/rules/access/", said).status_code == 302


def seen(person: User) -> int:
    with acting_as(person):
        return len(selectors.visible_organisations())


@pytest.mark.requirement("BM-15")
def test_old_access_works_until_a_deadline_that_is_announced(
    cast: Cast, newcomer: User, postbox: Postbox
) -> None:
    assert seen(newcomer) == 4

    narrow(cast, str(TODAY + timedelta(days=30)))

    assert seen(newcomer) == 4
    deliver()
    assert [one["To"] for one in postbox.messages] == ["newcomer@horizon.example"]
    assert "Until then nothing changes" in postbox.messages[0].get_content()
    assert (
        "you see what was given to you"
        in signed_in(newcomer, "en").get("/report/").content.decode()
    )
    assert "was given to you" not in signed_in(cast.amelie, "en").get("/report/").content.decode()
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(assigned_only_from=TODAY)
    assert seen(newcomer) == 1
    assert seen(cast.amelie) == 4
    narrow(cast)
    assert seen(newcomer) == 4
    narrow(cast, see_all=False)
    assert seen(newcomer) == 1
