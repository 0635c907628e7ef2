"""What may happen in a world: each happening is done to the product and told to the model."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import IntegrityError, connection, transaction

from regie.apps.access import services
from regie.apps.access.models import Grant, Partnership, Share
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.beneficiaries.models import Rule
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.services import create_organisation
from regie.domain.permissions.catalog import family
from tests.access.audience_happenings import AudienceHappenings
from tests.access.world import ALL, VIEW, Place, Role, Ruled, Shared, World

ZONES = ("Europe/Paris", "Pacific/Auckland", "America/Los_Angeles", "UTC")
ROLES = {one.code: one.permissions for one in family("ad_account").roles}
# Whoever keeps an account got this role by itself.
KEEPER = family("ad_account").keeper
GIVEN = [code for code in ROLES if code != KEEPER]


class Happenings:
    """Everything is done as the local operator; who may do it is the matter of other tests."""

    def __init__(self, world: World, people: dict[str, User], random: Random) -> None:
        self.world, self.people, self.random = world, people, random
        self.told: list[str] = []
        self.audiences = AudienceHappenings(world, people, random)

    def something(self) -> str:
        """One happening that is possible now; what it was."""
        lists = self.audiences
        kinds: tuple[tuple[Callable[[], Any], int], ...] = (
            (self.organisation, 3), (self.place, 5), (self.role_changes, 2), (self.place_ends, 2),
            (self.leaves, 1), (self.account_moves, 3), (self.role_given, 8),
            (self.role_withdrawn, 2), (self.partnership, 4), (self.share, 8), (self.ceiling, 6),
            (self.unshare, 1), (self.partnership_ends, 1), (self.branch_moves, 2),
            (self.openness, 2), (self.policy, 2), (self.closing, 2), (self.ruled, 6),
            (self.unruled, 1), (self.franchisee, 3), (lists.listed, 4), (lists.lent, 8),
            (lists.taken_back, 1), (lists.put_away, 1), (lists.audience_ends, 2),
            (lists.put_on, 5), (lists.taken_off, 1),
        )  # fmt: skip
        (chosen,) = self.random.choices([k for k, _ in kinds], [w for _, w in kinds])
        before = deepcopy(vars(self.world))
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                said = f"{chosen.__name__}: {chosen()}"
                self.world.keep()
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except IntegrityError as error:
            if "keeps an administrator" not in str(error):
                raise
            # The product refuses to leave an organisation without a head: nothing happened.
            vars(self.world).update(before)
            self.world.audiences.world = self.world
            said = f"{chosen.__name__}: refused"
        self.told.append(said)
        return said

    def _one(self, of: Collection[Any]) -> Any:
        return self.random.choice(sorted(of)) if of else None

    def _some(self, of: Collection[str]) -> frozenset[str]:
        return frozenset(one for one in sorted(of) if self.random.random() < 0.5)

    def _day(self) -> date | None:
        near = self.random.choice((None, -2, -1, 0, 1, 2))
        return None if near is None else datetime.now(UTC).date() + timedelta(days=near)

    def organisation(self) -> Any:
        if len(self.world.parents) >= 14:
            return None
        parent = self._one([*self.world.parents, *self.world.parents]) if (
            self.world.parents and self.random.random() < 0.7) else None  # fmt: skip
        number = len(self.world.parents) + 1
        above = Organisation.objects.get(pk=parent) if parent else None
        made = create_organisation(
            actor=None, name=f"Maison {number}", slug=f"maison-{number}", parent=above,
            time_zone=self.random.choice(ZONES), is_manager=True,
        )  # fmt: skip
        self.world.parents[made.pk] = parent
        self.world.zones[made.pk] = made.time_zone
        self.world.open_to_members[made.pk] = made.members_see_all
        return made.pk, parent

    def place(self) -> Any:
        person, here = self._one(self.people), self._one(self.world.parents)
        taken = {(one.person, one.organisation) for one in self.world.places.values()}
        if here is None or (person, here) in taken:
            return None
        role = self.random.choice(("administrator", "employee", "contractor"))
        ends_on = None if role == "administrator" else self._day()
        if role == "contractor" and ends_on is None:
            role = "employee"
        made = Member.objects.create(
            organisation_id=here, user=self.people[person], role=role, ends_on=ends_on
        )
        self.world.places[made.pk] = Place(person, here, role, ends_on)
        return person, here, role, ends_on

    def role_changes(self) -> Any:
        number = self._one(self.world.places)
        if number is None:
            return None
        place = self.world.places[number]
        place.role = "employee" if place.role != "employee" else "administrator"
        place.ends_on = None
        Member.objects.filter(pk=number).update(role=place.role, ends_on=None)
        return number, place.role

    def place_ends(self) -> Any:
        number = self._one([k for k, p in self.world.places.items() if p.role == "employee"])
        if number is None:
            return None
        place = self.world.places[number]
        place.ends_on = self._day()
        Member.objects.filter(pk=number).update(ends_on=place.ends_on)
        return number, place.ends_on

    def leaves(self) -> Any:
        number = self._one(self.world.places)
        if number is None:
            return None
        Member.objects.filter(pk=number).delete()
        del self.world.places[number]
        kept = {k: r for k, r in self.world.roles.items() if r.place != number}
        self.world.roles = kept
        return number

    def account_moves(self) -> Any:
        """To another owner: what the former one shared ends, his people's roles stay his."""
        used = [asset for _audience, asset in self.world.audiences.uses]
        asset = self._one(used if used and self.random.random() < 0.5 else self.world.owners)
        there = self._one(self.world.parents)
        if asset is None or there is None or self.world.owners[asset] == there:
            return None
        Asset.objects.filter(pk=asset).update(organisation_id=there)
        self.world.owners[asset] = there
        for number in [k for k, s in self.world.shares.items() if s.asset == asset]:
            self.world.forget_share(number)
        self.world.rules = {k: r for k, r in self.world.rules.items() if r.asset != asset}
        self.world.audiences.changes_hands(asset)
        return asset, there

    def role_given(self) -> Any:
        number, asset = self._one(self.world.places), self._one(self.world.owners)
        if number is None:
            return None
        place, owner = self.world.places[number], self.world.owners[asset]
        code = self._one(GIVEN)
        share = None
        if place.organisation not in self.world.line(owner):
            fitting = [
                k for k, s in self.world.shares.items()
                if s.asset == asset and place.organisation in self.world.line(s.partner)
                and ROLES[code] <= s.ceiling and not {s.owner, s.partner} & self.world.closed
            ]  # fmt: skip
            if not fitting:
                return None
            share = min(fitting)
        ends_on = self._day()
        made = services.give_role(
            actor=None, asset_id=asset, member_id=number, given=services.Given(code),
            ends_on=ends_on,
        )  # fmt: skip
        assert made.share_id == share
        self.world.roles[made.pk] = Role(number, asset, ROLES[code], share, ends_on)
        return number, asset, code, share, ends_on

    def role_withdrawn(self) -> Any:
        number = self._one(self.world.roles)
        if number is None:
            return None
        role = self.world.roles[number]
        kept = {"asset_id": role.asset, "member_id": role.place, "role": KEEPER, "share": None}
        Grant.objects.filter(**kept if role.keeps else {"pk": number}).delete()
        del self.world.roles[number]
        return number

    def partnership(self) -> Any:
        owner, partner = self._one(self.world.parents), self._one(self.world.parents)
        if owner == partner or (owner, partner) in self.world.partnerships.values():
            return None
        if self.world.closed & {owner, partner}:
            return None
        made = services.propose_partnership(
            actor=None,
            organisation=Organisation.objects.get(pk=owner),
            number=str(Organisation.objects.get(pk=partner).manager_number),
        )
        services.accept_partnership(actor=None, partnership_id=made.pk)
        self.world.partnerships[made.pk] = (owner, partner)
        return owner, partner

    def share(self) -> Any:
        number = self._one(self.world.partnerships)
        if number is None:
            return None
        owner, partner = self.world.partnerships[number]
        shared = {(s.asset, s.partnership) for s in self.world.shares.values()}
        asset = self._one([
            a for a, o in self.world.owners.items() if o == owner and (a, number) not in shared
        ])  # fmt: skip
        ceiling = self.random.choice((self._some(ALL), *ROLES.values()))
        if asset is None or not ceiling:
            return None
        (made,) = services.share_assets(
            actor=None, partnership_id=number, asset_ids=[asset], ceiling=ceiling
        )
        self.world.shares[made.pk] = Shared(asset, owner, partner, number, ceiling)
        return owner, partner, asset, sorted(ceiling)

    def ceiling(self) -> Any:
        number = self._one(self.world.shares)
        ceiling = self.random.choice((self._some(ALL), *ROLES.values()))
        if number is None or not ceiling:
            return None
        Share.objects.filter(pk=number).update(ceiling=sorted(ceiling))
        self.world.shares[number].ceiling = ceiling
        return number, sorted(ceiling)

    def unshare(self) -> Any:
        number = self._one(self.world.shares)
        if number is None:
            return None
        Share.objects.filter(pk=number).delete()
        self.world.forget_share(number)
        return number

    def partnership_ends(self) -> Any:
        number = self._one(self.world.partnerships)
        if number is None:
            return None
        Partnership.objects.filter(pk=number).update(state="ended")
        self.world.audiences.end_between(*self.world.partnerships.pop(number))
        for share in [k for k, s in self.world.shares.items() if s.partnership == number]:
            self.world.forget_share(share)
        return number

    def branch_moves(self) -> Any:
        moved, there = self._one(self.world.parents), self._one(self.world.parents)
        if moved in self.world.line(there):
            return None
        Organisation.objects.filter(pk=moved).update(parent_id=there)
        self.world.parents[moved] = there
        return moved, there

    def openness(self) -> Any:
        here = self._one(self.world.parents)
        is_open = not self.world.open_to_members[here]
        until = self._day() if is_open else None
        Organisation.objects.filter(pk=here).update(
            members_see_all=is_open, assigned_only_from=until
        )
        self.world.open_to_members[here], self.world.open_until[here] = is_open, until
        return here, is_open, until

    def policy(self) -> Any:
        here = self._one(self.world.parents)
        some = self._some(ALL)
        # One that hides all figures would leave little to compare: seldom, and not for long.
        policy = self.random.choice(
            (frozenset(), frozenset(), some | {VIEW}, ALL - {"billing.edit"}, some)
        )
        Organisation.objects.filter(pk=here).update(policy=sorted(policy))
        self.world.policies[here] = policy
        return here, sorted(policy)

    def closing(self) -> Any:
        here = self._one(self.world.parents)
        is_closed = here not in self.world.closed
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE organisations_organisation SET closed_at = CASE WHEN %s THEN now() END "
                "WHERE id = %s",
                [is_closed, here],
            )
        (self.world.closed.add if is_closed else self.world.closed.discard)(here)
        return here, is_closed

    def franchisee(self) -> Any:
        """Somebody new in the network, with a campaign of the account of those above."""
        if len(self.world.parents) >= 14:
            return None
        above = self.world.owners[self._one(self.world.owners)]
        number = len(self.world.parents) + 1
        made = create_organisation(
            actor=None, name=f"Maison {number}", slug=f"maison-{number}", is_manager=True,
            parent=Organisation.objects.get(pk=above),
        )  # fmt: skip
        self.world.parents[made.pk], self.world.zones[made.pk] = above, made.time_zone
        self.world.open_to_members[made.pk] = made.members_see_all
        places = [one.person for one in self.world.places.values()]
        person = min(sorted(self.people), key=places.count)
        role = self.random.choice(("administrator", "employee"))
        place = Member.objects.create(organisation=made, user=self.people[person], role=role)
        self.world.places[place.pk] = Place(person, made.pk, role)
        return made.pk, person, role, self.ruled()

    def ruled(self) -> Any:
        """A campaign of an account works for somebody of the branch, on some days."""
        key = self._one(self.world.owners)
        owner = self.world.owners[key]
        branch = [one for one in self.world.parents if owner in self.world.line(one)]
        serves = self._one([one for one in branch if one != owner] or branch)
        campaign = self.random.choice((0, 1))
        days = [None, *(date(2026, 10, 1) + timedelta(days=n) for n in (-1, 0, 1, 2))]
        starts, ends = self.random.choice(days), self.random.choice(days)
        if starts and ends and ends < starts:
            starts, ends = ends, starts
        new = Ruled(key, campaign, serves, starts, ends)
        if new in self.world.rules.values():
            return None
        slug = Organisation.objects.get(pk=serves).slug
        number = Asset.objects.get(pk=key).external_id[-1]
        rule = beneficiaries.NewRule(
            "campaign", "id", f"{campaign + 2}0{number}", slug, starts, ends
        )
        change = beneficiaries.add_rules(actor=None, asset_id=key, rules=[rule])
        self.world.rules[Rule.objects.get(added_by=change).pk] = new
        return new

    def unruled(self) -> Any:
        number = self._one(self.world.rules)
        if number is None:
            return None
        gone = self.world.rules.pop(number)
        beneficiaries.remove_rules(actor=None, asset_id=gone.asset, rule_ids=[number])
        return number
