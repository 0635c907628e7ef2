"""A world of organisations, people and accounts, and a small model of who may do what in it.

The model knows nothing of the product: plain sets, parents and dates. What it says is compared
with what the product answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tests.access.audience_model import Audiences

VIEW = "figures.view"
DAYS = (date(2026, 10, 1), date(2026, 10, 2))  # on which the two campaigns of an account spend
ALL = frozenset({
    VIEW, "campaigns.create", "campaigns.edit", "ads.edit", "access.manage", "account.edit",
    "notifications.receive", "billing.view", "billing.edit", "receipts.print",
})  # fmt: skip


@dataclass
class Place:
    """A membership."""

    person: str
    organisation: int
    role: str
    ends_on: date | None = None


@dataclass
class Role:
    """A role on an account; through a share where ``share`` names one.

    ``keeps`` is that of a billing admin, which follows by itself where there is none.
    """

    place: int
    asset: int
    permissions: frozenset[str]
    share: int | None = None
    ends_on: date | None = None
    keeps: bool = False


@dataclass
class Shared:
    asset: int
    owner: int
    partner: int
    partnership: int
    ceiling: frozenset[str]


@dataclass
class Ruled:
    """For whom one of the two campaigns of an account works, on which days."""

    asset: int
    campaign: int
    serves: int
    starts: date | None
    ends: date | None

    def holds(self, day: date) -> bool:
        return (self.starts or date.min) <= day <= (self.ends or date.max)


@dataclass
class World:
    parents: dict[int, int | None] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    open_to_members: dict[int, bool] = field(default_factory=dict)
    open_until: dict[int, date | None] = field(default_factory=dict)
    policies: dict[int, frozenset[str]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    places: dict[int, Place] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    partnerships: dict[int, tuple[int, int]] = field(default_factory=dict)
    shares: dict[int, Shared] = field(default_factory=dict)
    rules: dict[int, Ruled] = field(default_factory=dict)
    audiences: Audiences = field(init=False)

    def __post_init__(self) -> None:
        self.audiences = Audiences(self)

    def line(self, organisation: int) -> list[int]:
        """The organisation and those above it."""
        found = [organisation]
        while (above := self.parents[found[-1]]) is not None:
            found.append(above)
        return found

    def today(self, organisation: int) -> date:
        return datetime.now(UTC).astimezone(ZoneInfo(self.zones[organisation])).date()

    def is_open(self, organisation: int) -> bool:
        """Its members see all of its branch, until the day from which they no longer do."""
        until = self.open_until.get(organisation)
        return self.open_to_members[organisation] and (
            until is None or self.today(organisation) < until
        )

    def is_in(self, place: Place) -> bool:
        here = place.organisation
        if here in self.closed and place.role != "administrator":
            return False
        return place.ends_on is None or place.ends_on >= self.today(here)

    def visible(self, person: str) -> set[int]:
        """Organisations that he knows of: those of his places, and what is below where he may."""
        return {
            one
            for one in self.parents
            for place in self.places.values()
            if place.person == person
            and self.is_in(place)
            and (
                place.organisation == one
                or (place.organisation in self.line(one) and self._sees_below(place))
            )
        }

    def acts_for(self, person: str) -> set[int]:
        """A closed one is chosen by nobody who has another."""
        return self.visible(person) - self.closed or self.visible(person)

    def administers(self, person: str, organisation: int) -> bool:
        return any(
            place.person == person
            and self.is_in(place)
            and place.role == "administrator"
            and place.organisation in self.line(organisation)
            for place in self.places.values()
        )

    def _sees_below(self, place: Place) -> bool:
        return place.role == "administrator" or self.is_open(place.organisation)

    def may(self, person: str, asset: int) -> frozenset[str]:
        """What ``person`` may do with ``asset``: the union over every path."""
        found: set[str] = set()
        for number, place in self.places.items():
            if place.person == person and self.is_in(place):
                found |= self._by_place(number, place, asset)
        for above in self.line(self.owners[asset]):
            if self.policies.get(above):
                found &= self.policies[above]
        return frozenset(found)

    def _by_place(self, number: int, place: Place, asset: int) -> set[str]:
        found: set[str] = set()
        is_own = place.organisation in self.line(self.owners[asset])
        if is_own and place.role == "administrator":
            found |= ALL
        if is_own and self.is_open(place.organisation):
            found.add(VIEW)
        for role in self._roles(number, asset):
            if role.share is None and is_own:
                found |= role.permissions
        for share_number, share in self.shares.items():
            if share.asset != asset or {share.owner, share.partner} & self.closed:
                continue
            if place.organisation not in self.line(share.partner):
                continue
            if place.role == "administrator":
                found |= share.ceiling
            for role in self._roles(number, asset):
                if role.share == share_number:
                    found |= role.permissions & share.ceiling
        return found

    def _roles(self, place: int, asset: int) -> list[Role]:
        today = self.today(self.places[place].organisation)
        return [
            role
            for role in self.roles.values()
            if role.place == place
            and role.asset == asset
            and (role.ends_on is None or role.ends_on >= today)
        ]

    def keep(self) -> None:
        """Where nobody keeps an account for good any more, its nearest administrator follows."""
        for asset, owner in self.owners.items():
            line = self.line(owner)
            if any(role.asset == asset and self._keeps(role, line) for role in self.roles.values()):
                continue
            heads = [
                (line.index(place.organisation), number)
                for number, place in self.places.items()
                if place.organisation in line and place.role == "administrator"
            ]
            if heads:
                number = min([0, *self.roles]) - 1  # what others have is known by its row
                self.roles[number] = Role(min(heads)[1], asset, ALL, keeps=True)

    def _keeps(self, role: Role, line: list[int]) -> bool:
        place = self.places[role.place]
        is_there = place.role == "administrator" or place.organisation not in self.closed
        return role.keeps and place.ends_on is None and is_there and place.organisation in line

    def sees(self, person: str) -> set[int]:
        """Accounts whose names he may know: those of his branch, and those he may do something
        with."""
        return {one for one in self.owners if self._is_of_his(person, one)} | {
            one for one in self.owners if self.may(person, one)
        }

    def _is_of_his(self, person: str, asset: int) -> bool:
        return any(
            place.person == person
            and self.is_in(place)
            and place.organisation in self.line(self.owners[asset])
            and self._sees_below(place)
            for place in self.places.values()
        )

    def reads(self, person: str) -> set[int]:
        """Accounts whose figures he reads."""
        return {one for one in self.owners if VIEW in self.may(person, one)}

    def works_for(self, person: str) -> set[tuple[int, int]]:
        """Campaigns of accounts, whoever owns them, that work for those whom he reads whole."""
        return {one for one in self._served() if self.reads_all_of(person, self._served()[one])}

    def _served(self) -> dict[tuple[int, int], int]:
        """Whom each campaign works for on its one day, where that is in the owner's branch.

        Of the rules of a day the one that begins last counts, then the one written first.
        """
        found: dict[tuple[int, int], tuple[tuple[int, int], int]] = {}
        for number, rule in self.rules.items():
            if not rule.holds(DAYS[rule.campaign]):
                continue
            rank = (-rule.starts.toordinal() if rule.starts else 0, number)
            key = (rule.asset, rule.campaign)
            found[key] = min(found.get(key, (rank, rule.serves)), (rank, rule.serves))
        return {
            key: serves
            for key, (_rank, serves) in found.items()
            if self.owners[key[0]] in self.line(serves)
        }

    def reads_all_of(self, person: str, organisation: int) -> bool:
        """Whether all figures of the organisation are his to read, and so what files told."""
        here = self.line(organisation)
        if any(self.policies.get(one) and VIEW not in self.policies[one] for one in here):
            return False
        return any(
            place.person == person
            and self.is_in(place)
            and place.organisation in here
            and self._sees_below(place)
            for place in self.places.values()
        )

    def forget_share(self, number: int) -> None:
        """With a share go the roles that were given through it."""
        self.shares.pop(number, None)
        self.roles = {key: role for key, role in self.roles.items() if role.share != number}
