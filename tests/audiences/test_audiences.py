"""Audiences are loaded once, shared by administrators only, and true everywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from regie.apps.access import services as access
from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.audiences import policies, selectors, services
from regie.apps.audiences.models import Audience, AudienceMember
from regie.apps.audit.models import AuditLine
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Organisation, Role
from regie.domain.audiences.terms import Rights
from regie.domain.permissions.catalog import family
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, Refused, WrongUse
from tests.access.given import linked, partners
from tests.access.given import shared as lent
from tests.api.test_api import call, token_of
from tests.cast import Cast

LATER = clock.today() + timedelta(days=90)
CUSTOMERS = services.Described(
    name="Clients fidèles", source="customers", basis="consent",
    purpose="Remercier les clients fidèles", expires_on=LATER,
)  # fmt: skip
LIST = (
    b"\xef\xbb\xbfEmail;T\xc3\xa9l\xc3\xa9phone;Nom\n"
    + (
        "amelie@horizon.example;06 12 34 56 78\n"
        "Bruno@Horizon.example ;\n"
        ";+33 6 99 88 77 66\n"
        "\n"
        "chloe@horizon;\n"
        ";12\n"
        ";;Chlo\u00e9\n"
        "BRUNO@horizon.example;\n"
    ).encode()
)


def made(cast: Cast, content: bytes = LIST) -> int:
    with acting_as(cast.amelie):
        audience = services.create_audience(
            actor=cast.amelie, organisation=cast.network, said=CUSTOMERS
        )
        load(cast.amelie, audience, content)
    return audience


def load(actor: User, audience: int, content: bytes, *, replace: bool = True) -> services.Loaded:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return services.load_members(
            actor=actor, audience_id=audience, path=Path(file.name), country="FR", replace=replace
        )


def shared(
    cast: Cast, audience: int, recipient: Organisation, rights: str = Rights.TARGETING
) -> int:
    with acting_as(cast.amelie):
        return services.share_audience(
            actor=cast.amelie, audience_id=audience, recipient_id=recipient.pk, rights=rights,
            purpose="Soirée des clients", expires_on=LATER,
        )  # fmt: skip


def account(organisation: Organisation, number: str) -> int:
    with operating():
        return Asset.objects.create(
            organisation=organisation, platform="linkedin_ads", external_id=number
        ).pk


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_each_line_is_taken_or_refused_with_its_number_and_reason(cast: Cast) -> None:
    with acting_as(cast.amelie):
        audience = services.create_audience(
            actor=cast.amelie, organisation=cast.network, said=CUSTOMERS
        )
        loaded = load(cast.amelie, audience, LIST)
    assert (loaded.size, loaded.added, loaded.removed, loaded.repeated) == (3, 3, 0, 1)
    assert [(line, str(reason)) for line, reason in loaded.refused] == [
        (6, "This is not an e-mail address."),
        (7, "This is not a telephone number of FR."),
        (8, "Neither an e-mail address nor a telephone number."),
    ]


def test_the_same_list_again_changes_nothing_and_a_new_one_replaces_it(cast: Cast) -> None:
    audience = made(cast)
    with acting_as(cast.amelie):
        again = load(cast.amelie, audience, LIST)
        assert (again.added, again.removed, again.size) == (0, 0, 3)
        newer = load(cast.amelie, audience, b"email\namelie@horizon.example\nnew@horizon.example\n")
        assert (newer.added, newer.removed, newer.size) == (1, 2, 2)
        more = load(cast.amelie, audience, b"email\nlast@horizon.example\n", replace=False)
        assert (more.added, more.removed, more.size) == (1, 0, 3)
        assert Audience.objects.get(pk=audience).size == AudienceMember.objects.count() == 3


def test_neither_address_nor_number_is_kept_anywhere(cast: Cast) -> None:
    made(cast)
    with operating(), connection.cursor() as cursor:
        for table in ("audiences_audiencemember", "audiences_audience", "audit_auditline"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            (text,) = cursor.fetchone()
            assert "@horizon" not in text
            assert "612345678" not in text


def test_a_list_without_a_known_heading_is_refused_with_a_sentence(cast: Cast) -> None:
    with acting_as(cast.amelie):
        audience = services.create_audience(
            actor=cast.amelie, organisation=cast.network, said=CUSTOMERS
        )
        with pytest.raises(WrongUse, match="neither an e-mail column nor a telephone column"):
            load(cast.amelie, audience, b"name;town\nAm\xe9lie;Nantes\n")


def test_each_platform_gets_its_own_form_and_the_ledger_says_who_took_it(cast: Cast) -> None:
    audience = made(cast)
    with acting_as(cast.amelie):
        meta, google = (
            list(csv.reader(io.StringIO(services.export_members(
                actor=cast.amelie, audience_id=audience, platform=platform
            ))))
            for platform in ("meta_ads", "google_ads")
        )  # fmt: skip
        lines = selectors.ledger(cast.network)
    assert meta[0] == ["email", "phone"]
    assert [sha("amelie@horizon.example"), sha("33612345678")] in meta
    assert [sha("amelie@horizon.example"), sha("+33612345678")] in google
    assert ["", sha("33699887766")] in meta
    assert [(line.what, line.recipient, line.size, line.actor) for line in lines] == [
        ("exported", "google_ads", 3, "Amélie"), ("exported", "meta_ads", 3, "Amélie"),
    ]  # fmt: skip


@pytest.mark.requirement("BM-44", "BM-45", "BM-48")
def test_an_update_is_true_for_everyone_who_uses_the_audience(cast: Cast) -> None:
    audience = made(cast)
    shared(cast, audience, cast.nantes, Rights.INSIGHTS)
    place = account(cast.nantes, "123456789")
    with acting_as(cast.chloe):
        services.use_audience(actor=cast.chloe, audience_id=audience, asset_id=place)
        assert [card.size for card in selectors.usable_on(place)] == [3]
    with acting_as(cast.amelie):
        load(cast.amelie, audience, b"email\namelie@horizon.example\n")
    with acting_as(cast.chloe):
        (card,) = selectors.usable_on(place)
        assert (card.name, card.owner, card.size) == ("Clients fidèles", "Réseau Horizon", 1)


@pytest.mark.requirement("BM-43", "BM-44")
def test_who_receives_targets_but_neither_edits_nor_exports_nor_grows_from_it(cast: Cast) -> None:
    audience = made(cast)
    shared(cast, audience, cast.nantes)
    with acting_as(cast.chloe):
        (card,) = selectors.received_by(cast.nantes)
        assert (card.is_own, card.may_manage, card.size) == (False, False, None)
        for act in (
            lambda: load(cast.chloe, audience, LIST),
            lambda: services.change_audience(
                actor=cast.chloe, audience_id=audience, said=CUSTOMERS
            ),
            lambda: services.export_members(
                actor=cast.chloe, audience_id=audience, platform="meta_ads"
            ),
            lambda: services.share_audience(
                actor=cast.chloe, audience_id=audience, recipient_id=cast.rennes.pk,
                rights=Rights.TARGETING, purpose="x", expires_on=LATER,
            ),
            lambda: policies.check_may_seed(
                audience=Audience.objects.get(pk=audience), organisation=cast.nantes
            ),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                act()
        assert not AudienceMember.objects.exists()


@pytest.mark.requirement("BM-47")
def test_only_administrators_share(cast: Cast) -> None:
    audience = made(cast)
    with operating():
        colleague = User.objects.create_user(
            "colleague@horizon.example", "x" * 14, name="Colleague"
        )
        organisations.add_member(
            actor=None, organisation=cast.network, user=colleague, role=Role.EMPLOYEE
        )
    with acting_as(colleague), pytest.raises(Forbidden):
        services.share_audience(
            actor=colleague, audience_id=audience, recipient_id=cast.nantes.pk,
            rights=Rights.TARGETING, purpose="x", expires_on=LATER,
        )  # fmt: skip


def test_a_withdrawn_share_is_gone_at_once_from_every_account(cast: Cast) -> None:
    audience = made(cast)
    share = shared(cast, audience, cast.nantes)
    place = account(cast.nantes, "123456789")
    with acting_as(cast.chloe):
        services.use_audience(actor=cast.chloe, audience_id=audience, asset_id=place)
    with acting_as(cast.amelie):
        services.withdraw_share(actor=cast.amelie, share_id=share)
        (line,) = selectors.ledger(cast.network)
        assert line.withdrawn_at is not None
    with acting_as(cast.chloe):
        assert selectors.usable_on(place) == []
        assert selectors.received_by(cast.nantes) == []
        with pytest.raises(NotFound):
            services.use_audience(actor=cast.chloe, audience_id=audience, asset_id=place)
        with pytest.raises(NotFound):
            selectors.audience_card(audience, actor=cast.chloe, organisation=cast.nantes)


def test_a_new_owner_of_an_account_begins_without_the_audiences_of_the_one_before(
    cast: Cast,
) -> None:
    audience = made(cast)
    shared(cast, audience, cast.nantes)
    shared(cast, audience, cast.rennes)
    place = account(cast.nantes, "123456789")
    with acting_as(cast.chloe):
        services.use_audience(actor=cast.chloe, audience_id=audience, asset_id=place)
    with operating():
        Asset.objects.filter(pk=place).update(organisation=cast.rennes)
    with acting_as(cast.amelie):
        assert selectors.usable_on(place) == selectors.uses_of(audience) == []


def test_an_audience_is_put_on_ones_own_accounts_alone(cast: Cast) -> None:
    """A partner who may do everything with a shared account leaves its audiences to its owner."""
    place = linked(cast.amelie, cast.network, "123456789")
    lent(cast, partners(cast), place, family("ad_account").all)
    with acting_as(cast.diane):
        audience = services.create_audience(
            actor=cast.diane, organisation=cast.studio, said=CUSTOMERS
        )
        with pytest.raises(Forbidden, match="its owner chooses"):
            services.use_audience(actor=cast.diane, audience_id=audience, asset_id=place)
    asked = f"/audiences/{audience}/uses"
    answer = call(token_of(cast.diane, cast.studio), asked, "post", {"account_id": place})
    assert answer.status_code == 403


def test_who_withdraws_leaves_every_list_and_is_not_taken_in_again(cast: Cast) -> None:
    audience = made(cast)
    with acting_as(cast.amelie):
        services.export_members(actor=cast.amelie, audience_id=audience, platform="meta_ads")
        left = services.withdraw_person(
            actor=cast.amelie, organisation=cast.network, email="BRUNO@horizon.example", phone="",
            country="FR",
        )  # fmt: skip
        assert left == 1
        (card,) = selectors.audiences_of(cast.network, actor=cast.amelie)
        assert (card.size, card.stale_exports) == (2, 1)
        again = load(cast.amelie, audience, LIST)
        assert (again.added, again.withdrawn, again.size) == (0, 1, 2)


def test_an_outsider_sees_nothing_in_the_application_nor_in_plain_sql(cast: Cast) -> None:
    audience = made(cast)
    shared(cast, audience, cast.nantes)
    with acting_as(cast.diane), connection.cursor() as cursor:
        with pytest.raises(NotFound):
            selectors.audience_card(audience, actor=cast.diane, organisation=cast.studio)
        for table in ("audience", "audiencemember", "audienceshare", "audienceuse",
                      "audienceexport", "withdrawal"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM audiences_{table}")
            assert cursor.fetchone() == (0,)


def test_strangers_are_not_offered_and_not_accepted(cast: Cast) -> None:
    audience = made(cast)
    with acting_as(cast.amelie):
        names = [one.name for one in policies.possible_recipients(cast.network)]
        assert names == ["Horizon Nantes", "Horizon Ouest", "Horizon Rennes"]
    with pytest.raises(Refused, match="with a partner"):
        shared(cast, audience, cast.studio)


@pytest.mark.requirement("BM-43")
def test_a_partner_receives_and_loses_it_with_the_partnership(cast: Cast) -> None:
    audience = made(cast)
    with operating():
        partnership = access.propose_partnership(
            actor=None, organisation=cast.network, number=str(cast.studio.manager_number)
        ).pk
        access.accept_partnership(actor=None, partnership_id=partnership)
    shared(cast, audience, cast.studio)
    place = account(cast.studio, "987654321")
    with acting_as(cast.diane):
        assert [card.owner for card in selectors.received_by(cast.studio)] == ["Réseau Horizon"]
        services.use_audience(actor=cast.diane, audience_id=audience, asset_id=place)
        assert len(selectors.usable_on(place)) == 1
    with acting_as(cast.amelie):
        access.end_partnership(actor=cast.amelie, partnership_id=partnership)
    with acting_as(cast.diane):
        assert selectors.received_by(cast.studio) == []
        assert selectors.usable_on(place) == []


def test_the_database_itself_refuses_a_share_of_somebody_elses_audience(cast: Cast) -> None:
    audience = made(cast)
    with pytest.raises(IntegrityError), operating(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audiences_audienceshare (audience_id, owner_id, owner_name, recipient_id, "
            "recipient_name, rights, purpose, expires_on, size_then, shared_by, shared_at, "
            "withdrawn_by) VALUES (%s, %s, '', %s, '', 'targeting', '', %s, 0, '', now(), '')",
            [audience, cast.studio.pk, cast.studio.pk, date(2030, 1, 1)],
        )


def test_the_journal_tells_what_was_done(cast: Cast) -> None:
    audience = made(cast)
    share = shared(cast, audience, cast.nantes)
    with acting_as(cast.amelie):
        services.withdraw_share(actor=cast.amelie, share_id=share)
        services.archive_audience(actor=cast.amelie, audience_id=audience, archived=True)
        found = AuditLine.objects.filter(action__startswith="audiences.").order_by("pk")
        assert [line.action.partition(".")[2] for line in found] == [
            "created", "loaded", "shared", "withdrawn", "archived",
        ]  # fmt: skip
