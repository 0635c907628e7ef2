"""Whose each event is, in numbers: by what names a person, else by the device, else by itself.

Keys are whole numbers: ``2 n`` for the device ``vn``, ``2 n + 1`` for the person ``pn``, below 0
for a key of another form; 0 says that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regie.domain.attribution.arrays import Flags, Longs


@dataclass(frozen=True)
class Told:
    """For each key that something is known of, in their order, whose it is; of one organisation."""

    keys: Longs
    owners: Longs
    people: Longs

    @classmethod
    def of(cls, keys: Longs, owners: Longs, people: Longs) -> Told:
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], owners[order], people[order])

    def find(self, keys: Longs, owners: Longs) -> Longs:
        """The person of each key, 0 where nothing is known."""
        if len(self.keys) == 0:
            return np.zeros(len(keys), np.int64)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        there = (self.keys[place] == keys) & (self.owners[place] == owners)
        return np.where(there, self.people[place], 0)

    def other_than(self, before: Told) -> Longs:
        """The keys of which it knows something else than ``before`` did."""
        return np.concatenate((
            self.keys[before.find(self.keys, self.owners) != self.people],
            before.keys[self.find(before.keys, before.owners) != before.people],
        ))  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """Pairs of a device and a person of which somebody said that the link is none."""

    visitors: Longs
    people: Longs

    def is_same(self, other: Cut) -> bool:
        return np.array_equal(self.visitors, other.visitors) and np.array_equal(
            self.people, other.people
        )

    def has(self, visitors: Longs, people: Longs) -> Flags:
        found = np.zeros(len(visitors), np.bool_)
        # They are what people cut one by one.
        for visitor, person in zip(self.visitors.tolist(), self.people.tolist(), strict=True):
            found |= (visitors == visitor) & (people == person)
        return found


@dataclass(frozen=True)
class WhoIsWho:
    """``known`` is what was worked out of people, ``met`` the one person that a device was."""

    known: Told
    met: Told
    cut: Cut

    def devices_other_than(self, before: WhoIsWho) -> Longs | None:
        """The devices that may be somebody else's than ``before`` said; None where anything may."""
        if self.known is not before.known or not self.cut.is_same(before.cut):
            return None
        return self.met.other_than(before.met)

    def of(self, visitors: Longs, people: Longs, owners: Longs, consented: Flags) -> Longs:
        """Whose each event is, of its device and of the person that it names; 0 for nobody's."""
        told = people
        if len(self.cut.visitors):
            told = np.where(self.cut.has(visitors, people), 0, people)
        met = self.met.find(visitors, owners)
        # A key that is empty is known of nobody.
        who = self.known.find(told, owners)
        for other in (told, self.known.find(visitors, owners), self.known.find(met, owners),
                      met, visitors):  # fmt: skip
            who = np.where(who == 0, other, who)
        return np.where(consented, who, visitors)
