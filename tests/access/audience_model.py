"""What the model says of audiences: who sees one, who may target it, and on which accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.access.world import World


@dataclass
class Listed:
    """An audience of ``owner``."""

    owner: int
    expires_on: date
    is_put_away: bool = False


@dataclass
class Lent:
    """An audience that ``recipient`` may target; withdrawn ones are gone."""

    audience: int
    recipient: int
    expires_on: date


@dataclass
class Audiences:
    """``uses`` are audiences on accounts, with the share by which they came there."""

    world: World
    listed: dict[int, Listed] = field(default_factory=dict)
    lent: dict[int, Lent] = field(default_factory=dict)
    uses: dict[tuple[int, int], int | None] = field(default_factory=dict)

    def is_live(self, audience: int) -> bool:
        one = self.listed[audience]
        return not one.is_put_away and one.expires_on >= self.world.today(one.owner)

    def holds(self, number: int) -> bool:
        """While both are open, and of one tree or partners; until its day, that of the owner."""
        lent = self.lent[number]
        owner = self.listed[lent.audience].owner
        return (
            self.is_live(lent.audience)
            and lent.expires_on >= self.world.today(owner)
            and not {owner, lent.recipient} & self.world.closed
            and self.are_near(owner, lent.recipient)
        )

    def are_near(self, one: int, other: int) -> bool:
        return self._is_one_tree(one, other) or self.are_partners(one, other)

    def own(self, here: int) -> set[int]:
        return {key for key, one in self.listed.items() if one.owner == here}

    def received(self, here: int) -> set[int]:
        return {
            lent.audience
            for number, lent in self.lent.items()
            if lent.recipient == here and self.holds(number)
        }

    def seen_as_own(self, person: str) -> set[int]:
        """Whose people he may know of, too."""
        visible = self.world.visible(person)
        return {key for key, one in self.listed.items() if one.owner in visible}

    def sees(self, person: str) -> set[int]:
        visible = self.world.visible(person)
        return self.seen_as_own(person).union(*(self.received(one) for one in visible))

    def may_put(self, person: str, audience: int, asset: int) -> bool:
        """Administrators of the account's owner: their own, or one that they receive."""
        owner = self.world.owners[asset]
        return self.world.administers(person, owner) and (
            (self.listed[audience].owner == owner and self.is_live(audience))
            or audience in self.received(owner)
        )

    def offered(self, asset: int) -> set[int]:
        """What a campaign of the account can target today."""
        return {
            audience
            for (audience, on), through in self.uses.items()
            if on == asset and (self.is_live(audience) if through is None else self.holds(through))
        }

    def offered_to(self, person: str, asset: int) -> set[int]:
        """As far as he knows the account's owner, or that of the audience."""
        visible = self.world.visible(person)
        return {
            one
            for one in self.offered(asset)
            if {self.world.owners[asset], self.listed[one].owner} & visible
        }

    def withdraw(self, number: int) -> None:
        """With a share goes every use through it."""
        self.lent.pop(number)
        self.uses = {key: through for key, through in self.uses.items() if through != number}

    def end_between(self, one: int, other: int) -> None:
        """What their last partnership alone carried."""
        if self.are_near(one, other):
            return
        for number, lent in list(self.lent.items()):
            if {self.listed[lent.audience].owner, lent.recipient} == {one, other}:
                self.withdraw(number)

    def changes_hands(self, asset: int) -> None:
        """A new owner begins without the audiences of the one before."""
        self.uses = {key: through for key, through in self.uses.items() if key[1] != asset}

    def _is_one_tree(self, one: int, other: int) -> bool:
        return self.world.line(one)[-1] == self.world.line(other)[-1]

    def are_partners(self, one: int, other: int) -> bool:
        return any({one, other} == set(both) for both in self.world.partnerships.values())
