"""Accounts are linked by the ids that platforms write, counted, and let go losing no figure."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.selectors import permissions_on
from regie.apps.accounts.models import User
from regie.apps.assets.models import MOST_AD_ACCOUNTS, Asset, Status
from regie.apps.assets.services import resolve_accounts
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.services import add_member, create_organisation
from regie.ingestion.accounts import FoundAccount
from regie.kernel.errors import Forbidden, NotFound, Refused, RegieError, WrongUse
from tests import cluster
from tests.access.given import colleague, linked
from tests.cast import Cast, bring, total
from tests.environment import new_database

IDS = ["12345678", "1234567890", "12345678a", " 123456789 ", "０１２３４５６７８", "012345678"]


def linking(actor: User, organisation: Organisation, written: str, **said) -> int:
    with acting_as(actor):
        return services.link_asset(
            actor=actor, organisation=organisation,
            **{"platform": "linkedin_ads", "external_id": written, **said},
        )[0]  # fmt: skip


@pytest.mark.requirement("BM-26")
def test_only_nine_digits_are_an_account_of_linkedin_and_zeros_stay(cast: Cast) -> None:
    taken = []
    for written in IDS:
        try:
            linking(cast.amelie, cast.network, written)
        except WrongUse:
            continue
        taken.append(written)

    assert taken == [" 123456789 ", "012345678"]
    with acting_as(cast.amelie):
        kept = set(Asset.objects.values_list("external_id", flat=True))
    assert kept == {"123456789", "012345678"}


@pytest.mark.parametrize(
    ("platform", "written", "kept"),
    [
        ("google_ads", "1234567890", "123-456-7890"),
        ("google_ads", "123-456-7890", "123-456-7890"),
        ("meta_ads", "1020300400500", "act_1020300400500"),
        ("meta_ads", "act_1020300400500", "act_1020300400500"),
        ("tiktok_ads", "7011223344556677889", "7011223344556677889"),
        ("microsoft_ads", "F1234567", "F1234567"),
        ("youtube", "UCabcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuv"),
        ("google_business_profile", "locations/123456789", "123456789"),
    ],
)
def test_each_platform_has_its_own_form_of_id(
    cast: Cast, platform: str, written: str, kept: str
) -> None:
    key = linking(cast.amelie, cast.network, written, platform=platform)

    with acting_as(cast.amelie):
        assert Asset.objects.get(pk=key).external_id == kept
    with pytest.raises(WrongUse):
        linking(cast.amelie, cast.network, "-", platform=platform)


@pytest.mark.requirement("BM-10", "BM-27")
def test_the_thousandth_account_is_linked_and_the_next_is_refused(cast: Cast) -> None:
    with operating():
        canada = create_organisation(
            actor=None, name="Canada", slug="canada", parent=cast.network, is_manager=True
        )
        quebec = create_organisation(
            actor=None, name="Québec", slug="quebec", parent=canada, is_manager=True
        )
        filled(quebec, MOST_AD_ACCOUNTS - 1)
    linking(cast.amelie, quebec, "123456789")

    with pytest.raises(Refused, match="at most 1000"):
        linking(cast.amelie, quebec, "123456790")

    with acting_as(cast.amelie):
        assert Asset.objects.filter(organisation=quebec).count() == MOST_AD_ACCOUNTS
        assert not Asset.objects.filter(external_id="123456790").exists()
    linking(cast.amelie, canada, "123456790")  # another manager has a count of its own
    linking(cast.amelie, quebec, "1337420", platform="linkedin_pages")  # pages are not counted


def filled(organisation: Organisation, number: int) -> None:
    """So many ad accounts, linked long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assets_asset (organisation_id, kind, platform, external_id, name, "
            "currency, time_zone, location, status, created_at) "
            "SELECT %s, 'ad_account', 'linkedin_ads', (200000000 + n)::text, '', '', '', '', "
            "'linked', now() FROM generate_series(1, %s) n",
            [organisation.pk, number],
        )


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a database of its own, in which transactions really end."""
    name = new_database()
    yield cluster.access("app", name).dsn()
    cluster.drop(name)


@pytest.mark.requirement("BM-27")
@pytest.mark.slow
def test_of_many_who_link_at_once_as_many_as_fit_succeed(elsewhere: str) -> None:
    insert = (
        "INSERT INTO assets_asset (organisation_id, kind, platform, external_id, name, currency, "
        "time_zone, location, status, created_at) SELECT %s, 'ad_account', 'linkedin_ads', "
        "(%s + n)::text, '', '', '', '', 'linked', now() FROM generate_series(1, %s) n"
    )
    here = (
        "INSERT INTO organisations_organisation (name, slug, kind, path, time_zone, currency, "
        "location, manager_number) VALUES ('Presque', 'presque', 'brand', '', 'UTC', 'EUR', '', "
        "'100000000001') RETURNING id"
    )

    def act(statement: str, *values: int) -> list[tuple[int, ...]] | None:
        with psycopg.connect(elsewhere) as connection:
            connection.execute("SELECT set_config('regie.operator', 'on', true)")
            done = connection.execute(statement, values)
            return done.fetchall() if done.description else None

    ((full,),) = act(here) or []
    act(insert, full, 200_000_000, MOST_AD_ACCOUNTS - 2)

    def attempt(number: int) -> bool:
        try:
            act(insert, full, 300_000_000 + number, 1)
        except psycopg.errors.CheckViolation:
            return False
        return True

    with ThreadPoolExecutor(6) as people:
        done = list(people.map(attempt, range(6)))

    assert sorted(done) == [False] * 4 + [True] * 2
    held = "SELECT count(*) FROM assets_asset WHERE status = 'linked'"
    assert act(held) == [(MOST_AD_ACCOUNTS,)]


def test_an_account_that_an_import_met_is_the_same_account(cast: Cast, tmp_path: Path) -> None:
    bring(cast.nantes, _google_file(tmp_path), account="1234567890")
    with acting_as(cast.chloe):
        (met,) = Asset.objects.all()
        assert (met.status, met.kind) == (Status.FOUND, "ad_account")

    key = linking(cast.chloe, cast.nantes, "123-456-7890", platform="google_ads")
    bring(cast.nantes, _google_file(tmp_path, cost="20.00"), account="123-456-7890")

    assert key == met.pk
    with acting_as(cast.chloe):
        assert Asset.objects.count() == 1
    assert total(cast.chloe, "spend") == {"EUR": 20}


def _google_file(folder: Path, cost: str = "10.00") -> Path:
    path = folder / "google.csv"
    path.write_text(
        'Campaign report\n"All time"\n'
        "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"
        f"Marque,201,2026-10-01,EUR,{cost},100,5,1.00,20.00\n",
        encoding="utf-8",
    )
    return path


def test_an_account_linked_first_is_the_one_that_files_name(cast: Cast) -> None:
    key = linking(cast.chloe, cast.nantes, "1234567890", platform="google_ads")

    with acting_as(cast.chloe):
        known = resolve_accounts(cast.nantes, [FoundAccount("google_ads", "1234567890", "Nantes")])
        assert known["1234567890"].key == key
        assert Asset.objects.get(pk=key).name == "Nantes"


@pytest.mark.requirement("BM-8")
@pytest.mark.parametrize("let_go", [services.detach_asset, services.delete_asset])
def test_an_account_is_let_go_in_self_service_and_its_figures_stay(
    cast: Cast, tmp_path: Path, let_go
) -> None:
    bring(cast.nantes, _google_file(tmp_path), account="123-456-7890")
    key = linking(cast.chloe, cast.nantes, "1234567890", platform="google_ads")
    ana = colleague("Colleague of Chloé", cast.nantes)
    with acting_as(cast.chloe):
        manager = services.Given("ACCOUNT_MANAGER")
        services.give_role(actor=cast.chloe, asset_id=key, member_id=ana.pk, given=manager)
        effects = let_go(actor=cast.chloe, asset_id=key)
        assert not Grant.objects.exists()

    assert {one.person for one in effects} == {"Colleague of Chloé"}
    assert total(cast.chloe, "spend") == {"EUR": 10}
    assert linking(cast.chloe, cast.nantes, "1234567890", platform="google_ads") == key


def test_only_administrators_link_and_let_go(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    ana = colleague("Colleague of Amélie", cast.network)

    for act in (
        lambda: linking(ana.user, cast.network, "222222222"),
        lambda: linking(cast.diane, cast.studio, "12"),
        lambda: services.detach_asset(actor=ana.user, asset_id=key),
    ):
        with acting_as(ana.user), pytest.raises(RegieError):
            act()
    with acting_as(cast.diane), pytest.raises(NotFound):
        services.delete_asset(actor=cast.diane, asset_id=key)
    with acting_as(ana.user), pytest.raises(Forbidden):
        services.delete_asset(actor=ana.user, asset_id=key)


@pytest.mark.requirement("BM-20")
def test_an_ad_account_always_has_a_billing_admin(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    with operating():
        second = _administrator(cast.network)
    with acting_as(cast.amelie):
        (only,) = Grant.objects.filter(asset_id=key)
        assert only.user_id == cast.amelie.pk
        with pytest.raises(Refused, match="last billing admin"):
            services.withdraw_role(actor=cast.amelie, grant_id=only.pk)
    with operating():
        Member.objects.filter(user=cast.amelie).delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    with acting_as(second):
        (heir,) = Grant.objects.filter(asset_id=key)
        assert heir.user_id == second.pk
        assert "billing.edit" in permissions_on(second, key)


def _administrator(organisation: Organisation) -> User:
    person = User.objects.create_user(
        "newcomer@horizon.example", "correct horse battery", name="Newcomer"
    )
    add_member(actor=None, organisation=organisation, user=person, role=Role.ADMINISTRATOR)
    return person


def test_a_member_who_sees_only_what_he_was_given_brings_no_files_in(
    cast: Cast, tmp_path: Path
) -> None:
    ana = colleague("Colleague of Chloé", cast.nantes)
    with operating():
        Organisation.objects.filter(pk=cast.nantes.pk).update(members_see_all=False)

    with pytest.raises(Forbidden, match="bring files"):
        bring(cast.nantes, _google_file(tmp_path), actor=ana.user, account="123-456-7890")
    (record,) = bring(cast.nantes, _google_file(tmp_path), actor=cast.chloe, account="1")
    assert record.state == "published"
