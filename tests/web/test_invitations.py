"""Invitations through the pages, with real letters: who gets in, and who does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.audit.models import AuditLine
from regie.apps.notifications.models import Mail
from regie.apps.organisations import services
from regie.apps.organisations.models import Invitation, Member, Organisation
from regie.apps.organisations.services import Wanted
from regie.kernel import clock
from tests.api.test_api import call, token_of
from tests.cast import PASSWORD, Cast
from tests.postbox import Postbox, deliver
from tests.today import today
from tests.web.test_every_page import signed_in

NEWCOMER = "newcomer@horizon.example"
ENTERS = {"name": "Newcomer", "password": "une phrase facile à retenir"}


@pytest.fixture(autouse=True)
def nobody_has_tried_too_often(cast: Cast) -> None:
    cache.clear()
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])


def invite(client: Client, emails: str = NEWCOMER, **said):
    form = {"emails": emails, "role": "employee", "ends_on": "", "language": "fr", **said}
    return client.post("/manager/invitations/", form)


def open_link(postbox: Postbox, address: str = NEWCOMER, client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.get(postbox.link(address))
    assert (answer.status_code, answer["Location"]) == (302, "/invitation/")
    return client


def membership(email: str = NEWCOMER) -> Member | None:
    with operating():
        return Member.objects.filter(user__email=email).select_related("organisation").first()


@pytest.mark.requirement("BM-49")
def test_the_first_invitation_asks_in_place_what_an_address_at_work_looks_like(
    cast: Cast, postbox: Postbox
) -> None:
    with operating():
        Organisation.objects.update(email_domains=[])
    client = signed_in(cast.amelie, "en")
    page = client.get("/manager/invitations/?role=administrator").content.decode()
    assert 'name="emails"' in page
    assert page.count('name="entries"') == 1
    assert 'value="administrator" selected' in page

    for wrong in ("", "gmail.com", "not a domain"):
        told = invite(client, role="administrator", entries=wrong)
        assert told.status_code == 400
        assert NEWCOMER in told.content.decode(), "what was written stays"
    with operating():
        assert not Invitation.objects.exists()
    sent = invite(client, role="administrator", entries="horizon.example")
    assert sent.status_code == 302
    deliver()
    assert len(postbox.to(NEWCOMER)) == 1
    # Once it is said, an invitation says nothing more of it.
    invite(client, "stranger@elsewhere.example", entries="elsewhere.example")
    with operating():
        assert Organisation.objects.get(pk=cast.network.pk).email_domains == ["horizon.example"]
        assert [one.email for one in Invitation.objects.all()] == [NEWCOMER]


@pytest.mark.requirement("BM-24", "BM-25")
def test_the_role_of_an_invitation_counts_once_it_is_accepted(cast: Cast, postbox: Postbox) -> None:
    in_ten_days = today() + timedelta(days=10)
    answer = invite(signed_in(cast.bruno), role="contractor", ends_on=str(in_ten_days))
    assert (answer.status_code, answer["Location"]) == (302, "/manager/invitations/")
    assert not User.objects.filter(email=NEWCOMER).exists()
    deliver()
    (letter,) = postbox.to(NEWCOMER)
    assert letter["Subject"].strip() == "Bruno vous invite à rejoindre Horizon Ouest sur Régie"
    assert "contractuel" in letter.get_content()

    client = open_link(postbox)
    assert membership() is None, "reading the page gives nothing"
    answer = client.post("/invitation/", ENTERS)

    assert answer["Location"] == "/report/"
    joined = membership()
    assert joined is not None
    assert (joined.organisation, joined.role, joined.ends_on) == (
        cast.west, "contractor", in_ten_days,
    )  # fmt: skip
    assert "Horizon Ouest" in client.get("/report/").content.decode()
    with operating():
        told = list(AuditLine.objects.order_by("pk").values_list("action", "actor"))
    assert ("organisations.invited", "Bruno") in told
    assert ("organisations.invitation_accepted", "Newcomer") in told


def test_the_letter_is_in_the_language_of_who_reads_it(cast: Cast, postbox: Postbox) -> None:
    invite(signed_in(cast.bruno, "fr"), language="en")
    deliver()

    assert (
        postbox.to(NEWCOMER)[0]["Subject"].strip() == "Bruno invites you to Horizon Ouest on Régie"
    )


@pytest.mark.requirement("BM-25")
def test_a_link_works_once(cast: Cast, postbox: Postbox) -> None:
    invite(signed_in(cast.bruno))
    deliver()
    open_link(postbox).post("/invitation/", ENTERS)
    with operating():
        Member.objects.filter(user__email=NEWCOMER).delete()

    for client in (open_link(postbox), open_link(postbox, client=_signed_in_with_password())):
        assert client.get("/invitation/").status_code == 404
        assert client.post("/invitation/", ENTERS).status_code == 404
    assert membership() is None


def _signed_in_with_password() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": NEWCOMER, "password": ENTERS["password"]})
    return client


def test_links_that_are_unknown_spent_withdrawn_replaced_or_old_are_one_page(
    cast: Cast, postbox: Postbox
) -> None:
    bruno = signed_in(cast.bruno)
    people = ["used", "gone", "again", "old", "late", "shut"]
    invite(bruno, " ".join(f"{name}@horizon.example" for name in people[:5]))
    invite(signed_in(cast.chloe), "shut@horizon.example")
    deliver()
    first = {name: postbox.link(f"{name}@horizon.example") for name in people}
    open_link(postbox, "used@horizon.example").post("/invitation/", ENTERS)
    with operating():
        cast_off = datetime.now(ZoneInfo("UTC")) - timedelta(hours=1)
        of = {one.email.split("@")[0]: one.pk for one in Invitation.objects.all()}
        Invitation.objects.filter(pk=of["old"]).update(expires_at=cast_off)
        yesterday = today() - timedelta(days=1)
        Invitation.objects.filter(pk=of["late"]).update(role="contractor", ends_on=yesterday)
        Organisation.objects.filter(pk=cast.nantes.pk).update(
            closed_at=datetime.now(ZoneInfo("UTC"))
        )
    bruno.post(f"/manager/invitations/{of['gone']}/withdraw/")
    bruno.post(f"/manager/invitations/{of['again']}/resend/")

    seen = set()
    for link in (*first.values(), "/invitation/made-up/"):
        client = Client()
        client.get(link)
        answer = client.get("/invitation/")
        body = answer.content.decode().replace(client.cookies["csrftoken"].value, "")
        seen.add((answer.status_code, len(body)))
    assert len(seen) == 1, seen
    assert seen.pop()[0] == 404
    deliver()
    assert open_link(postbox, "again@horizon.example").get("/invitation/").status_code == 200


@pytest.mark.requirement("BM-23")
def test_only_addresses_of_the_organisation_are_invited(cast: Cast, postbox: Postbox) -> None:
    client = signed_in(cast.chloe, "en")

    answer = invite(client, "a@gmail.com, b@horizon.example.evil.example, c@paris.horizon.example")
    text = answer.content.decode()

    assert answer.status_code == 400
    assert "gmail.com is not a domain of this organisation" in text
    assert "horizon.example.evil.example is not a domain" in text
    with operating():
        assert [one.email for one in Invitation.objects.all()] == ["c@paris.horizon.example"]
    client.post("/manager/invitations/domains/", {"entries": "gmail.com"})
    client.post("/manager/invitations/domains/", {"entries": "a@gmail.com\nnantes.example"})
    assert invite(client, "a@gmail.com d@nantes.example").status_code == 302
    assert "b@gmail.com" in invite(client, "b@gmail.com").content.decode()


@pytest.mark.requirement("BM-18")
def test_employees_and_contractors_invite_nobody(cast: Cast, postbox: Postbox) -> None:
    with operating():
        tomorrow = today() + timedelta(days=1)
        Member.objects.create(organisation=cast.west, user=cast.diane, role="contractor",
                              ends_on=tomorrow)  # fmt: skip
    client = signed_in(cast.diane)
    client.post("/organisation/", {"organisation": cast.west.slug})

    assert invite(client).status_code == 403
    assert client.get("/manager/invitations/").status_code == 403
    wanted = [Wanted(NEWCOMER, "employee")]
    with acting_as(cast.diane), pytest.raises(Exception, match="administrator"):
        services.invite(actor=cast.diane, organisation=cast.west, people=wanted,
                        language="fr", address="http://x")  # fmt: skip
    with operating():
        assert not Invitation.objects.exists()


def test_the_token_lies_nowhere(cast: Cast, postbox: Postbox) -> None:
    invite(signed_in(cast.bruno))
    waiting = _everything_written()
    deliver()
    token = postbox.link(NEWCOMER).split("/")[2]

    assert len(token) > 40
    assert token not in waiting
    assert token not in _everything_written()
    text = Client().get(postbox.link(NEWCOMER), follow=True).content.decode()
    assert token not in text


def _everything_written() -> str:
    with operating(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(i::text, ' ') FROM organisations_invitation i UNION ALL "
            "SELECT string_agg(m::text, ' ') FROM notifications_mail m UNION ALL "
            "SELECT string_agg(a::text, ' ') FROM audit_auditline a UNION ALL "
            "SELECT string_agg(j.args::text, ' ') FROM procrastinate_jobs j"
        )
        return " ".join(str(row[0]) for row in cursor.fetchall())


def test_somebody_with_a_confirmed_account_signs_in_to_accept(cast: Cast, postbox: Postbox) -> None:
    newcomer = User.objects.create_user(NEWCOMER, PASSWORD, name="Newcomer")
    EmailAddress.objects.create(user=newcomer, email=NEWCOMER, verified=True, primary=True)
    invite(signed_in(cast.bruno))
    deliver()

    client = open_link(postbox)
    assert "password" not in client.get("/invitation/").content.decode().split("<main")[1]
    assert client.post("/invitation/", ENTERS).status_code == 200
    assert membership() is None
    client.post("/accounts/login/", {"login": NEWCOMER, "password": PASSWORD})
    assert client.post("/invitation/").status_code == 302

    assert membership() is not None
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_an_account_that_somebody_opened_in_advance_is_of_no_use_to_him(
    cast: Cast, postbox: Postbox
) -> None:
    squatter = Client()
    squatter.post("/accounts/signup/", {"email": NEWCOMER, "password1": "a phrase of a squatter"})
    person = User.objects.get(email=NEWCOMER)
    TOTP.activate(person, generate_totp_secret())
    squatter.post("/start/", {"name": "In advance", "kind": "agency", "currency": "EUR",
                              "time_zone": "UTC"})  # fmt: skip
    with operating():
        program = token_of(person, Organisation.objects.get(name="In advance"))
    assert call(program, "/organisations").status_code == 200
    invite(signed_in(cast.bruno))
    deliver()

    open_link(postbox).post("/invitation/", ENTERS)

    assert membership() is not None
    assert call(program, "/organisations").status_code == 401, "his program is out too"
    assert squatter.get("/report/").status_code == 302, "his session is over"
    person = User.objects.get(email=NEWCOMER)
    assert not person.check_password("a phrase of a squatter")
    assert not person.authenticator_set.exists()


def test_somebody_else_cannot_accept(cast: Cast, postbox: Postbox) -> None:
    invite(signed_in(cast.bruno))
    deliver()
    diane = open_link(postbox, client=signed_in(cast.diane))

    assert "newcomer@horizon.example" in diane.get("/invitation/").content.decode()
    diane.post("/invitation/", ENTERS)

    assert membership() is None
    with operating():
        assert Member.objects.filter(user=cast.diane).count() == 1


def test_the_session_gets_a_new_key_when_somebody_enters(cast: Cast, postbox: Postbox) -> None:
    invite(signed_in(cast.bruno))
    deliver()
    client = open_link(postbox)
    before = client.session.session_key

    client.post("/invitation/", ENTERS)

    assert client.session.session_key != before


def test_acceptance_needs_the_page_s_own_form(cast: Cast, postbox: Postbox) -> None:
    invite(signed_in(cast.bruno))
    deliver()
    client = open_link(postbox, client=Client(enforce_csrf_checks=True))

    assert client.post("/invitation/", ENTERS).status_code == 403
    assert membership() is None


def test_links_are_not_guessed_at_length(cast: Cast) -> None:
    client = Client()
    answers = [client.get(f"/invitation/guess-{n}/").status_code for n in range(32)]

    assert answers[:30] == [302] * 30
    assert answers[30:] == [429, 429]


def test_what_the_mail_server_says_is_shown(cast: Cast, postbox: Postbox) -> None:
    client = signed_in(cast.bruno, "en")
    postbox.refuses = "451 come back later"
    invite(client)
    deliver()
    assert "tried again" in client.get("/manager/invitations/").content.decode()
    postbox.refuses = "550 no such person here"
    deliver()
    text = client.get("/manager/invitations/").content.decode()
    assert "could not be sent" in text
    assert "no such person here" in text

    postbox.refuses = ""
    with operating():
        again = Invitation.objects.get().pk
    client.post(f"/manager/invitations/{again}/resend/")
    deliver()
    assert len(postbox.to(NEWCOMER)) == 1


def test_others_cannot_touch_an_invitation(cast: Cast, postbox: Postbox) -> None:
    invite(signed_in(cast.bruno))
    with operating():
        made = Invitation.objects.get().pk

    for client in (signed_in(cast.diane), signed_in(cast.chloe)):
        for act in ("resend", "withdraw"):
            assert client.post(f"/manager/invitations/{made}/{act}/").status_code == 404
    assert signed_in(cast.amelie).post(f"/manager/invitations/{made}/withdraw/").status_code == 302


def test_nobody_sends_more_than_a_thousand_letters_in_a_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regie.apps.organisations.inviting.MOST_A_DAY", 3)
    client = signed_in(cast.amelie, "en")
    invite(client, "a@horizon.example b@horizon.example")
    answer = invite(client, "c@horizon.example d@horizon.example")
    text = answer.content.decode()
    assert "sends at most 3 invitations a day" in text
    twice = invite(client, "a@horizon.example e@horizon.example").content.decode()
    assert "This person is invited already." in twice, "what is so already is said first"
    with operating():
        found = {one.email: one for one in Invitation.objects.all()}
    assert sorted(found) == ["a@horizon.example", "b@horizon.example", "c@horizon.example"]
    again = found["a@horizon.example"]
    before = again.token_hash
    client.post(f"/manager/invitations/{again.pk}/resend/")
    with operating():
        assert Invitation.objects.get(pk=again.pk).token_hash == before
        Mail.objects.update(created_at=clock.now() - timedelta(days=2))
    client.post(f"/manager/invitations/{again.pk}/resend/")
    with operating():
        assert Invitation.objects.get(pk=again.pk).token_hash != before
