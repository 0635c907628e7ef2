"""What may happen to audiences; done as a person, who may or may not: the model tells."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from regie.apps.access.context import acting_as
from regie.apps.accounts.models import User
from regie.apps.audiences import services
from regie.apps.audiences.models import Audience, AudienceMember, AudienceShare, AudienceUse
from regie.apps.organisations.models import Organisation
from regie.domain.audiences.terms import Rights
from regie.kernel.errors import RegieError
from tests.access.audience_model import Audiences, Lent, Listed
from tests.access.world import World


class AudienceHappenings:
    def __init__(self, world: World, people: dict[str, User], random: Random) -> None:
        self.world, self.people, self.random = world, people, random

    @property
    def audiences(self) -> Audiences:
        return self.world.audiences

    def listed(self) -> Any:
        """A new audience, of one person."""
        here = self._one(set(self.world.parents) - self.world.closed)
        if here is None or len(self.audiences.listed) >= 12:
            return None
        name = self._head_of(here)
        said = services.Described(
            f"Audience {len(self.audiences.listed) + 1}", "customers", "consent", "Relance",
            self._today() + timedelta(days=9),
        )  # fmt: skip
        organisation = Organisation.objects.get(pk=here)
        made = self._try(
            name, self.world.administers(name, here),
            lambda who: services.create_audience(actor=who, organisation=organisation, said=said),
        )  # fmt: skip
        if made is not None:
            AudienceMember.objects.create(audience_id=made, organisation_id=here, key=b"x" * 32)
            self.audiences.listed[made] = Listed(here, said.expires_on)
        return name, here, made

    def lent(self) -> Any:
        key = self._one(one for one in self.audiences.listed if self.audiences.is_live(one))
        if key is None:
            return None
        owner = self.audiences.listed[key].owner
        name, there = self._head_of(owner), self._one(set(self.world.parents) - self.world.closed)
        until = self._today() + timedelta(days=self.random.choice((2, 5)))
        last = self.audiences.listed[key].expires_on
        if there is None or owner in self.world.closed or until > last:
            return None
        is_lent = any(
            (one.audience, one.recipient) == (key, there) for one in self.audiences.lent.values()
        )
        is_known = there in self.world.visible(name) or self.audiences.are_partners(owner, there)
        made = self._try(
            name,
            self.world.administers(name, owner) and there != owner and not is_lent
            and is_known and self.audiences.are_near(owner, there),
            lambda who: services.share_audience(
                actor=who, audience_id=key, recipient_id=there, rights=Rights.TARGETING,
                purpose="Relance", expires_on=until,
            ),
        )  # fmt: skip
        if made is not None:
            self.audiences.lent[made] = Lent(key, there, until)
        return name, key, owner, there, made

    def taken_back(self) -> Any:
        number = self._one(self.audiences.lent)
        if number is None:
            return None
        owner = self.audiences.listed[self.audiences.lent[number].audience].owner
        name = self._head_of(owner)
        may = self.world.administers(name, owner)
        self._try(name, may, lambda who: services.withdraw_share(actor=who, share_id=number))
        if may:
            self.audiences.withdraw(number)
        return name, number, may

    def put_away(self) -> Any:
        key = self._one(self.audiences.listed)
        if key is None:
            return None
        one = self.audiences.listed[key]
        name, away = self._head_of(one.owner), not one.is_put_away
        may = self.world.administers(name, one.owner)
        self._try(
            name, may,
            lambda who: services.archive_audience(actor=who, audience_id=key, archived=away),
        )  # fmt: skip
        if may:
            one.is_put_away = away
        return name, key, away, may

    def audience_ends(self) -> Any:
        """The last day of an audience or of a share comes near, or is put off."""
        day = self._today() + timedelta(days=self.random.choice((-2, -1, 0, 1, 2, 9)))
        if self.audiences.lent and self.random.random() < 0.6:
            number = self._one(self.audiences.lent)
            AudienceShare.objects.filter(pk=number).update(expires_on=day)
            self.audiences.lent[number].expires_on = day
            return "share", number, day
        key = self._one(self.audiences.listed)
        if key is not None:
            Audience.objects.filter(pk=key).update(expires_on=day)
            self.audiences.listed[key].expires_on = day
        return "audience", key, day

    def put_on(self) -> Any:
        """On an account: often on one of somebody who has the audience."""
        key = self._one(self.audiences.listed)
        if key is None:
            return None
        having = {self.audiences.listed[key].owner} | {
            one.recipient for one in self.audiences.lent.values() if one.audience == key
        }
        near = [one for one, owner in self.world.owners.items() if owner in having]
        asset = self._one(near if near and self.random.random() < 0.7 else self.world.owners)
        name = self._head_of(self.world.owners[asset])
        may = self.audiences.may_put(name, key, asset)
        self._try(
            name, may,
            lambda who: services.use_audience(actor=who, audience_id=key, asset_id=asset),
        )  # fmt: skip
        if may:
            through = AudienceUse.objects.get(audience=key, asset=asset).share_id
            self.audiences.uses.setdefault((key, asset), through)
        return name, key, asset, may

    def taken_off(self) -> Any:
        used = self._one(self.audiences.uses)
        if used is None:
            return None
        owner = self.world.owners[used[1]]
        name = self._head_of(owner)
        may = self.world.administers(name, owner)
        number = AudienceUse.objects.get(audience=used[0], asset=used[1]).pk
        self._try(name, may, lambda who: services.stop_using(actor=who, use_id=number))
        if may:
            del self.audiences.uses[used]
        return name, used, may

    def _try(self, name: str, may: bool, does: Callable[[User], Any]) -> Any:
        """What it gives; where he is refused nothing, and only where he may not."""
        person = self.people[name]
        with suppress(RegieError):
            with transaction.atomic(), acting_as(person):
                found = does(person)
            assert may, f"{name} did what he may not"
            return found
        assert not may, f"{name} was refused what he may"
        return None

    def _head_of(self, organisation: int) -> str:
        """Often somebody who administers it, sometimes anybody."""
        heads = [one for one in self.people if self.world.administers(one, organisation)]
        somebody = heads if heads and self.random.random() < 0.7 else sorted(self.people)
        return str(self.random.choice(somebody))

    def _one(self, of: Any) -> Any:
        found = sorted(of)
        return self.random.choice(found) if found else None

    def _today(self) -> date:
        return datetime.now(UTC).date()
