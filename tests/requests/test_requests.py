"""Asking for a role: in the application, by a list, and by a signed file that comes back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from regie.apps.access import services as access
from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import permissions_on
from regie.apps.accounts.models import User
from regie.apps.audit.models import AuditLine
from regie.apps.identity.finding import Subject
from regie.apps.identity.remaining import remaining
from regie.apps.notifications import services as notifications
from regie.apps.notifications.models import Attachment, Mail
from regie.apps.notifications.selectors import naming
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.requests import selectors, services
from regie.apps.requests.models import AccessRequest, State
from regie.apps.requests.reading import Asked
from regie.domain.privacy.names import names_of
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, Refused
from regie.warehouse import home
from regie.warehouse.engine import scratch
from tests.access.given import CAMPAIGNS, VIEWER, colleague, partners, shared
from tests.cast import Cast
from tests.postbox import Postbox, deliver
from tests.web.test_every_page import signed_in

CAMPAIGN_MANAGER = "CAMPAIGN_MANAGER"


def wanted(account: str = "123456789", role: str = CAMPAIGN_MANAGER) -> Asked:
    return Asked(0, "linkedin_ads", account, role, "owner@brand.example", "Campagne de Noël")


def ask(cast: Cast, one: Asked | None = None) -> int:
    with acting_as(cast.diane):
        return services.ask(actor=cast.diane, organisation=cast.studio, wanted=one or wanted())


def linked(cast: Cast, platform: str = "linkedin_ads", number: str = "123456789") -> int:
    """An account of the network, kept by Amélie; of a page nobody is super admin yet."""
    with acting_as(cast.amelie):
        key, _is_new = access.link_asset(
            actor=cast.amelie, organisation=cast.network, platform=platform, external_id=number,
            is_keeper=False,
        )  # fmt: skip
    return key


def listed(person: User, organisation: Organisation) -> list[str]:
    with acting_as(person):
        return [one.external_id for one in selectors.waiting_for_me(organisation)]


def written(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8-sig", newline="")
    return path


@pytest.mark.requirement("BM-28")
def test_an_owner_without_regie_ticks_the_file_and_sends_it_back(
    cast: Cast, tmp_path: Path
) -> None:
    for number in ("111111111", "222222222", "333333333"):
        ask(cast, wanted(number))
    with acting_as(cast.diane):
        sent = services.file_for_owners(actor=cast.diane, organisation=cast.studio)
        rows = list(csv.reader(io.StringIO(sent), delimiter=";"))
        rows[1][7], rows[2][7] = "Oui", "no"
        rows[3][7], rows[3][0] = "yes", rows[1][0]  # a line copied onto another request
        back = io.StringIO()
        csv.writer(back, delimiter=";").writerows(rows)
        file = written(tmp_path, back.getvalue())
        answer, again = (
            services.bring_answers(actor=cast.diane, organisation=cast.studio, path=file)
            for _time in range(2)
        )
        states = {one.external_id: one.state for one in selectors.asked_by(cast.studio)}
    assert answer.done == 2
    assert len(answer.refused) == 1
    assert again.done == 0
    assert states == {
        "111111111": State.ACCEPTED, "222222222": State.DECLINED, "333333333": State.PENDING,
    }  # fmt: skip


@pytest.mark.requirement("BM-28")
def test_each_who_is_responsible_gets_his_own_requests(cast: Cast) -> None:
    ask(cast, wanted("111111111"))
    ask(cast, wanted("222222222"))
    other = Asked(0, "linkedin_ads", "333333333", "VIEWER", "other@brand.example", "")
    ask(cast, other)
    client = signed_in(cast.diane, "en")
    page = client.get("/manager/requests/").content.decode()

    for address, numbers in (
        ("owner@brand.example", ["111111111", "222222222"]), ("other@brand.example", ["333333333"]),
    ):  # fmt: skip
        link = f"/manager/requests/file.csv?to={quote(address, safe='')}"
        assert link in page
        assert f'name="to" value="{address}"' in page
        text = client.get(link).content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert [row["account"] for row in rows] == numbers
    stranger = signed_in(cast.amelie).get("/manager/requests/file.csv?to=other%40brand.example")
    assert "333333333" not in stranger.content.decode()


def test_a_changed_signature_is_refused(cast: Cast, tmp_path: Path) -> None:
    ask(cast)
    with acting_as(cast.diane):
        sent = services.file_for_owners(actor=cast.diane, organisation=cast.studio)
        forged = sent.replace(sent.strip()[-6:], "AAAAAA").replace(";;", ";yes;", 1)
        rows = list(csv.reader(io.StringIO(forged), delimiter=";"))
        rows[1][7] = "yes"
        back = io.StringIO()
        csv.writer(back, delimiter=";").writerows(rows)
        answer = services.bring_answers(
            actor=cast.diane, organisation=cast.studio, path=written(tmp_path, back.getvalue())
        )
    assert answer.done == 0
    assert "signature of this line is not ours" in str(answer.refused[0][1])


@pytest.mark.requirement("BM-29")
def test_an_owner_with_a_manager_proposes_a_partnership_then_shares(cast: Cast) -> None:
    account = linked(cast)
    request = ask(cast)
    assert listed(cast.amelie, cast.network) == ["123456789"]
    with acting_as(cast.amelie):
        first = services.accept_request(actor=cast.amelie, request_id=request)
    assert first is services.Outcome.PARTNERSHIP_PROPOSED
    with acting_as(cast.diane):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM access_partnership")
            ((partnership,),) = cursor.fetchall()
        access.accept_partnership(actor=cast.diane, partnership_id=partnership)
    with acting_as(cast.amelie):
        second = services.accept_request(actor=cast.amelie, request_id=request)
    assert second is services.Outcome.SHARED
    with acting_as(cast.diane):
        held = permissions_on(cast.diane, account)
        assert "campaigns.edit" in held
        assert "access.manage" not in held
        assert [one.state for one in selectors.asked_by(cast.studio)] == [State.ACCEPTED]


@pytest.mark.requirement("BM-31", "BM-32")
def test_a_page_needs_a_super_admin_and_the_request_goes_to_him_alone(cast: Cast) -> None:
    page = linked(cast, "linkedin_pages", "1337420")
    content_admin = Asked(0, "linkedin_pages", "1337420", "CONTENT_ADMIN", "", "")
    with pytest.raises(Refused, match="no super admin"):
        ask(cast, content_admin)
    with operating():
        colleague = User.objects.create_user(
            "colleague@horizon.example", "x" * 14, name="Colleague"
        )
        organisations.add_member(
            actor=None, organisation=cast.network, user=colleague, role=Role.EMPLOYEE
        )
        member = Member.objects.get(user=colleague)
        access.give_role(
            actor=None, asset_id=page, member_id=member.pk, given=access.Given("ADMINISTRATOR")
        )
    ask(cast, content_admin)
    assert listed(colleague, cast.network) == ["1337420"]
    assert listed(cast.amelie, cast.network) == []
    with operating():
        assert AccessRequest.objects.get().role == "CONTENT_ADMIN"


@pytest.mark.requirement("BM-13", "BM-40")
def test_who_manages_an_account_answers_for_it_and_a_ceiling_that_stands_is_raised(
    cast: Cast,
) -> None:
    account = linked(cast)
    partnership = partners(cast)
    with operating():
        manager = colleague("Colleague of Amélie", cast.network)
        access.give_role(actor=None, asset_id=account, member_id=manager.pk,
                         given=access.Given("ACCOUNT_MANAGER"))  # fmt: skip
    share = shared(cast, partnership, account, VIEWER)
    request = ask(cast)

    with acting_as(manager.user):
        outcome = services.accept_request(actor=manager.user, request_id=request)

    assert outcome is services.Outcome.SHARED
    with operating():
        share.refresh_from_db()
    assert set(share.ceiling) == CAMPAIGNS
    with acting_as(cast.diane):
        assert permissions_on(cast.diane, account) == CAMPAIGNS
        hers = AuditLine.objects.filter(organisation_id=cast.studio.pk).latest("pk")
        assert (hers.action, hers.actor) == ("access.ceiling_set", "Colleague of Amélie")
    with acting_as(cast.amelie):
        told = AuditLine.objects.filter(action="access.changed").latest("pk")
        assert (told.actor, told.details["person"]) == ("Colleague of Amélie", "Diane")
        assert told.details["gained"] == sorted(CAMPAIGNS - VIEWER)


def test_asking_tells_nothing_about_whether_the_owner_is_here(cast: Cast) -> None:
    linked(cast)
    known, unknown = ask(cast), ask(cast, wanted("999999999"))
    with acting_as(cast.diane), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM requests_route")
        assert cursor.fetchone() == (0,)
        for request in (known, unknown):
            with pytest.raises(NotFound):
                services.accept_request(actor=cast.diane, request_id=request)


def test_requests_of_others_are_hidden(cast: Cast) -> None:
    request = ask(cast)
    with acting_as(cast.chloe):
        assert selectors.asked_by(cast.studio) == []
        for act in (services.withdraw_request, services.accept_request, services.decline_request):
            with pytest.raises(NotFound):
                act(actor=cast.chloe, request_id=request)


def test_only_administrators_ask(cast: Cast) -> None:
    with operating():
        Member.objects.filter(user=cast.chloe).update(role=Role.EMPLOYEE)
    with acting_as(cast.chloe), pytest.raises(Forbidden):
        services.ask(actor=cast.chloe, organisation=cast.nantes, wanted=wanted())


def test_a_request_expires_and_can_be_asked_again_once_withdrawn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask(cast)
    with pytest.raises(Refused, match="asked before"):
        ask(cast)
    with acting_as(cast.diane):
        services.withdraw_request(actor=cast.diane, request_id=request)
    ask(cast)
    linked(cast)
    later = clock.today() + timedelta(days=31)
    monkeypatch.setattr(clock, "today", lambda: later)
    assert listed(cast.amelie, cast.network) == []
    with acting_as(cast.diane):
        assert selectors.is_expired(selectors.asked_by(cast.studio)[0])
        actions = AuditLine.objects.order_by("pk").values_list("action", flat=True)
        assert [one for one in actions if one.startswith("requests.")] == [
            "requests.asked", "requests.withdrawn", "requests.asked",
        ]  # fmt: skip


@pytest.mark.requirement("BM-28")
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_goes_to_who_is_responsible_by_mail_and_his_answer_is_read(
    language: str, cast: Cast, postbox: Postbox, tmp_path: Path
) -> None:
    ask(cast, wanted("111111111"))
    ask(cast, wanted("022222222"))
    ask(cast, Asked(0, "linkedin_ads", "333333333", "VIEWER", "other@brand.example", ""))
    client = signed_in(cast.diane, "en")
    sent = {"to": "owner@brand.example", "language": language}
    assert client.post("/manager/requests/send/", sent).status_code == 302
    with operating():
        kept = Attachment.objects.get()
        assert "111111111" not in kept.sealed_content  # of no use to who reads the table
        assert naming([cast.studio.pk], ["022222222"]) == 1
    assert "The letter is about to leave" in client.get("/manager/requests/").content.decode()
    deliver()

    (letter,) = postbox.to("owner@brand.example")
    assert postbox.to("other@brand.example") == []
    assert (letter["Reply-To"], letter["Content-Language"]) == (cast.diane.email, language)
    hello, decision, role = {
        "fr": ("Bonjour", "décision", "Gestionnaire de campagne"),
        "en": ("Hello", "decision", "Campaign manager"),
    }[language]
    body = letter.get_body()
    assert body is not None
    assert hello in body.get_content()
    (attached,) = letter.iter_attachments()
    assert attached.get_content_type() == "text/csv"
    content = attached.get_content()
    text = content if isinstance(content, str) else content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["111111111", "022222222"]
    assert {row[3] for row in rows[1:]} == {role}
    with operating():
        assert not Attachment.objects.exists()  # gone once it is sent
    assert "Letter sent" in client.get("/manager/requests/").content.decode()

    place = rows[0].index(decision)
    rows[1][place], rows[2][place] = "oui", "non"
    back = io.StringIO()
    csv.writer(back, delimiter=";").writerows(rows)
    with acting_as(cast.diane):
        file = written(tmp_path, back.getvalue())
        answer = services.bring_answers(actor=cast.diane, organisation=cast.studio, path=file)
        states = {one.external_id: one.state for one in selectors.asked_by(cast.studio)}
    assert (answer.done, answer.refused) == (2, [])
    assert states == {
        "111111111": State.ACCEPTED, "022222222": State.DECLINED, "333333333": State.PENDING,
    }  # fmt: skip


def test_no_letter_goes_to_whom_nothing_is_asked_nor_too_many_to_one(
    cast: Cast, postbox: Postbox
) -> None:
    ask(cast)
    client, other = signed_in(cast.diane, "en"), signed_in(cast.amelie, "en")
    sent = {"to": "owner@brand.example", "language": "en"}
    assert client.post("/manager/requests/send/", sent | {"to": "x@y.example"}).status_code == 404
    assert other.post("/manager/requests/send/", sent).status_code == 404
    for _time in range(4):
        page = client.post("/manager/requests/send/", sent, follow=True).content.decode()
    assert "got this list 3 times within a day" in page
    with operating():
        assert Mail.objects.count() == Attachment.objects.count() == 3
    with acting_as(cast.amelie):
        assert not Attachment.objects.exists()
    postbox.refuses = "550 no such person"
    deliver()
    with operating():  # what could not be sent is forgotten too
        assert not Attachment.objects.exists()
    with operating(), pytest.raises(Refused, match="At most 5 MB"):
        notifications.post(
            organisation_id=cast.studio.pk, actor_id=None, kind="x", to="x@y.example",
            language="en", subject="x", text="x",
            files=[notifications.File("x.csv", "text/csv", b"x" * 5_000_001)],
        )  # fmt: skip


@pytest.mark.slow
def test_whoever_is_named_in_a_list_that_waits_is_found_by_the_search_for_what_is_left(
    cast: Cast,
) -> None:
    told = Asked(0, "linkedin_ads", "111111111", "VIEWER", "owner@brand.example",
                 "For jeanne.personne@mail.example")  # fmt: skip
    ask(cast, told)
    sent = {"to": "owner@brand.example", "language": "en"}
    signed_in(cast.diane, "en").post("/manager/requests/send/", sent)
    names = names_of(["jeanne.personne@mail.example"], country="FR")
    subject = Subject((cast.studio.pk,), (), names)

    def left() -> dict[str, int]:
        with operating(), home.workplace() as folder, scratch(folder) as engine:
            return {one.where: one.count for one in remaining(engine, subject, ())}

    assert left()["notifications_mail"] == 1
    with operating():
        Mail.objects.update(state="sent")
    assert "notifications_mail" not in left()
