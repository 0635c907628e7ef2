"""An ad account always has a billing admin where anybody administers; a page, a super admin first.

A machine does whatever can take keepers away, in any order; a small model of its own looks at the
rows after every step.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant, Share
from regie.apps.access.selectors import keepers_of
from regie.apps.access.services import Given
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.assets.services import resolve_accounts
from regie.apps.audit.models import AuditLine
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.selectors import today_in
from regie.domain.permissions.catalog import role
from regie.ingestion.accounts import FoundAccount
from regie.kernel.errors import Refused, RegieError
from tests.access.given import colleague, linked, partners
from tests.cast import Cast

BILLING, SUPER = "ACCOUNT_BILLING_ADMIN", "ADMINISTRATOR"
ANALYST = role("page", "ANALYST").permissions
NUMBERS = ("111111111", "222222222", "333333333")


def settle() -> None:
    """As at the end of a transaction: what is looked at then is looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def kept_by(asset_id: int) -> set[str]:
    """The model: who keeps an ad account for good, read row by row."""
    asset = Asset.objects.select_related("organisation").get(pk=asset_id)
    line = {int(one) for one in asset.organisation.path.strip("/").split("/")}
    held = Grant.objects.filter(asset_id=asset_id, role=BILLING).select_related(
        "member__organisation", "user"
    )
    return {
        one.user.email
        for one in held
        if one.share_id is None
        and one.ends_on is None
        and one.member.ends_on is None
        and one.user.is_active
        and one.member.organisation_id in line
        and (one.member.role == Role.ADMINISTRATOR or one.member.organisation.closed_at is None)
    }


def is_administered(organisation: Organisation) -> bool:
    line = [int(one) for one in organisation.path.strip("/").split("/")]
    return Member.objects.filter(
        organisation_id__in=line, role=Role.ADMINISTRATOR, ends_on=None, user__is_active=True
    ).exists()


class Keepers(RuleBasedStateMachine):
    """A network, a studio and an organisation that nobody administers yet."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        with operating():
            self.empty = organisations.create_organisation(
                actor=None, name="Maison vide", slug="maison-vide"
            )
        cast = self.cast
        self.places = [cast.network, cast.west, cast.nantes, cast.studio, self.empty]
        self.people = [cast.amelie, cast.bruno, cast.chloe, cast.diane]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def tried(self, actor: User | None, act: Callable[[], object]) -> None:
        """A refusal is an answer; anything else that is raised is a fault."""
        try:
            with transaction.atomic(), acting_as(actor) if actor else operating():
                act()
                settle()
        except RegieError:
            pass

    def members(self) -> list[Member]:
        with operating():
            return list(Member.objects.select_related("organisation", "user").order_by("pk"))

    def grants(self) -> list[Grant]:
        with operating():
            return list(Grant.objects.filter(role=BILLING).order_by("pk"))

    def someone(self, n: int) -> User | None:
        return [*self.people, None][n % (len(self.people) + 1)]

    @rule(who=st.integers(0, 4), where=st.integers(0, 4), which=st.integers(0, 2))
    def link(self, who: int, where: int, which: int) -> None:
        actor, place = self.someone(who), self.places[where]
        self.tried(actor, lambda: services.link_asset(
            actor=actor, organisation=place, platform="linkedin_ads", external_id=NUMBERS[which]
        ))  # fmt: skip

    @rule(where=st.integers(0, 4), which=st.integers(0, 2))
    def an_import_meets_it(self, where: int, which: int) -> None:
        met = FoundAccount("linkedin_ads", NUMBERS[which], "Compte", "EUR", "")
        self.tried(None, lambda: resolve_accounts(self.places[where], [met]))

    @rule(who=st.integers(0, 4), which=st.integers(0, 9))
    def let_go(self, who: int, which: int) -> None:
        with operating():
            keys = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
        if keys:
            actor = self.someone(who)
            key = keys[which % len(keys)]
            self.tried(actor, lambda: services.detach_asset(actor=actor, asset_id=key))

    @rule(who=st.integers(0, 4), whom=st.integers(0, 20), which=st.integers(0, 9),
          ends=st.booleans())  # fmt: skip
    def give(self, who: int, whom: int, which: int, *, ends: bool) -> None:
        with operating():
            keys = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
        members = self.members()
        if not keys:
            return
        member, actor = members[whom % len(members)], self.someone(who)
        day = today_in(member.organisation) + timedelta(days=9) if ends else None
        self.tried(actor, lambda: services.give_roles(
            actor=actor, asset_ids=keys, member_ids=[member.pk], given=Given(BILLING), ends_on=day
        ))  # fmt: skip

    @rule(who=st.integers(0, 4), which=st.integers(0, 20))
    def withdraw(self, who: int, which: int) -> None:
        if grants := self.grants():
            actor, grant = self.someone(who), grants[which % len(grants)]
            self.tried(actor, lambda: services.withdraw_role(actor=actor, grant_id=grant.pk))

    @rule(which=st.integers(0, 20))
    def a_row_vanishes(self, which: int) -> None:
        """By no service at all."""
        if grants := self.grants():
            pk = grants[which % len(grants)].pk
            self.tried(None, lambda: Grant.objects.filter(pk=pk).delete())

    @rule(where=st.integers(0, 4), who=st.integers(0, 3),
          as_=st.sampled_from([Role.ADMINISTRATOR, Role.EMPLOYEE]))  # fmt: skip
    def join(self, where: int, who: int, as_: str) -> None:
        place, person = self.places[where], self.people[who]
        if any(m.organisation_id == place.pk and m.user_id == person.pk for m in self.members()):
            return
        self.tried(None, lambda: organisations.add_member(
            actor=None, organisation=place, user=person, role=as_
        ))  # fmt: skip

    @rule(who=st.integers(0, 3), whom=st.integers(0, 20), as_=st.sampled_from(Role.values))
    def become(self, who: int, whom: int, as_: str) -> None:
        members = self.members()
        member, actor = members[whom % len(members)], self.people[who]
        day = today_in(member.organisation) + timedelta(days=5) if as_ == "contractor" else None
        self.tried(actor, lambda: organisations.change_member(
            actor=actor, member_id=member.pk, role=as_, ends_on=day
        ))  # fmt: skip

    @rule(who=st.integers(0, 3), whom=st.integers(0, 20), back=st.booleans())
    def leave(self, who: int, whom: int, *, back: bool) -> None:
        members = self.members()
        member, actor = members[whom % len(members)], self.people[who]

        def out() -> None:
            gone = organisations.remove_member(actor=actor, member_id=member.pk)
            if back:
                organisations.restore_member(actor=actor, removed=gone)

        self.tried(actor, out)

    @rule(who=st.integers(0, 3), which=st.integers(0, 4), to=st.integers(0, 4),
          how=st.sampled_from(["move", "merge", "close", "open"]))  # fmt: skip
    def steer(self, who: int, which: int, to: int, how: str) -> None:
        actor, here, there = self.people[who], self.places[which], self.places[to]
        acts: dict[str, Callable[[], object]] = {
            "move": lambda: organisations.move_organisation(
                actor=actor, organisation=here, to=there),
            "merge": lambda: organisations.merge_organisation(
                actor=actor, organisation=here, into=there),
            "close": lambda: organisations.close_organisation(actor=actor, organisation=here),
            "open": lambda: organisations.open_again(actor=actor, organisation=here),
        }  # fmt: skip
        if here.pk != there.pk or how in {"close", "open"}:
            self.tried(actor, acts[how])

    @rule(who=st.integers(1, 3), on=st.booleans())
    def stop(self, who: int, *, on: bool) -> None:
        """An account of a person is closed, or opened again; the first one stays."""
        person = self.people[who]
        try:
            with transaction.atomic(), operating():
                User.objects.filter(pk=person.pk).update(is_active=on)
                settle()
        except Exception as error:  # the last administrator of an organisation stays
            if "keeps an administrator" not in str(error):
                raise

    @invariant()
    def every_account_is_kept(self) -> None:
        with operating():
            for asset in Asset.objects.filter(kind="ad_account", status="linked"):
                where = Organisation.objects.get(pk=asset.organisation_id)
                if is_administered(where):
                    assert kept_by(asset.pk), f"nobody keeps {asset} of {where.path}"
                known = User.objects.filter(pk__in=keepers_of(asset.pk))
                assert {one.email for one in known} == kept_by(asset.pk)


def drive(cast: Cast, *, examples: int, steps: int) -> None:
    machine = type("Machine", (Keepers,), {"cast": cast})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_whatever_happens_every_account_keeps_a_billing_admin(cast: Cast) -> None:
    drive(cast, examples=6, steps=20)


@pytest.mark.long
def test_whatever_happens_often_every_account_keeps_a_billing_admin(cast: Cast) -> None:
    drive(cast, examples=150, steps=50)


def test_an_heir_who_held_the_role_until_a_day_holds_it_for_good(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, NUMBERS[0])
    second = colleague("Second", cast.network, Role.ADMINISTRATOR)
    day = today_in(cast.network) + timedelta(days=9)
    with acting_as(cast.amelie):
        services.give_role(actor=cast.amelie, asset_id=key, member_id=second.pk,
                           given=Given(BILLING), ends_on=day)  # fmt: skip
    with acting_as(second.user):
        own = Member.objects.get(organisation=cast.network, user=cast.amelie)
        organisations.remove_member(actor=second.user, member_id=own.pk)
        settle()
    with operating():
        assert kept_by(key) == {second.user.email}
        assert Grant.objects.filter(asset_id=key, member=second).count() == 1


def test_of_many_who_become_administrators_together_one_follows(cast: Cast) -> None:
    with operating():
        empty = organisations.create_organisation(actor=None, name="Maison vide", slug="vide")
        keys = [
            services.link_asset(
                actor=None, organisation=empty, platform="linkedin_ads", external_id=number
            )[0]
            for number in NUMBERS
        ]
        people = [colleague(f"Colleague {n}", empty) for n in range(3)]
        settle()
        Member.objects.filter(pk__in=[one.pk for one in people]).update(role=Role.ADMINISTRATOR)
        settle()
        assert {frozenset(kept_by(key)) for key in keys} == {frozenset([people[0].user.email])}
        followed = AuditLine.objects.filter(action="access.billing_admin_followed")
        assert followed.filter(organisation_id=empty.pk).count() == len(keys)


def test_what_the_operator_links_where_nobody_is_waits_for_the_first_administrator(
    cast: Cast,
) -> None:
    with operating():
        empty = organisations.create_organisation(actor=None, name="Maison vide", slug="vide")
        key, _new = services.link_asset(
            actor=None, organisation=empty, platform="linkedin_ads", external_id=NUMBERS[0]
        )
        settle()
        assert kept_by(key) == set()
        organisations.add_member(
            actor=None, organisation=empty, user=cast.diane, role=Role.ADMINISTRATOR
        )
        settle()
        assert kept_by(key) == {cast.diane.email}
        (grant,) = Grant.objects.filter(asset_id=key)
    assert frozenset(grant.permissions) == role("ad_account", BILLING).permissions


def test_the_last_billing_admin_is_given_no_last_day(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, NUMBERS[0])
    with acting_as(cast.amelie):
        member = Member.objects.get(user=cast.amelie)
        with pytest.raises(Refused, match="last billing admin"):
            services.give_role(
                actor=cast.amelie, asset_id=key, member_id=member.pk, given=Given(BILLING),
                ends_on=today_in(cast.network),
            )  # fmt: skip
        assert keepers_of(key) == [cast.amelie.pk]


def page_of(cast: Cast, *, is_keeper: bool) -> int:
    with acting_as(cast.amelie):
        key, _new = services.link_asset(
            actor=cast.amelie, organisation=cast.network, platform="linkedin_pages",
            external_id="1337420", is_keeper=is_keeper,
        )  # fmt: skip
    return key


def test_a_page_is_shared_once_it_has_a_super_admin(cast: Cast) -> None:
    partnership, page = partners(cast), page_of(cast, is_keeper=False)

    def share() -> None:
        services.share_assets(
            actor=cast.amelie, partnership_id=partnership.pk, asset_ids=[page], ceiling=ANALYST
        )

    with acting_as(cast.amelie):
        with pytest.raises(Refused, match="no super admin"):
            share()
        with pytest.raises(Exception, match="no super admin"), transaction.atomic():
            Share.objects.create(
                partnership=partnership, asset_id=page, owner=cast.network, partner=cast.studio,
                ceiling=sorted(ANALYST), shared_by="",
            )  # fmt: skip
        member = Member.objects.get(user=cast.amelie)
        services.give_role(
            actor=cast.amelie, asset_id=page, member_id=member.pk, given=Given(SUPER)
        )
        share()
    with operating():
        assert Share.objects.filter(asset_id=page).count() == 1


def test_a_super_admin_who_left_answers_for_no_page(cast: Cast) -> None:
    page = page_of(cast, is_keeper=False)
    gone = colleague("Super", cast.network)
    with acting_as(cast.amelie):
        services.give_role(actor=cast.amelie, asset_id=page, member_id=gone.pk, given=Given(SUPER))
        assert keepers_of(page) == [gone.user_id]
        organisations.remove_member(actor=cast.amelie, member_id=gone.pk)
        assert keepers_of(page) == []
