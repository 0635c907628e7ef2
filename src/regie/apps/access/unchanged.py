"""The proof that an act changes nothing that runs: campaigns and accesses before it, and after.

Régie sends nothing to the platforms; what could change is what it knows of them, and who sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from regie.apps.access.alike import what_if_on_many
from regie.apps.access.effects import Effect
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.beneficiaries.selectors import campaigns_by_account
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation

MOST_LOOKED_AT = 1_000  # accounts


@dataclass(frozen=True)
class Campaigns:
    """How many an account has before and after, and how many are not the same."""

    before: int
    after: int
    changed: int


@dataclass(frozen=True)
class Compared:
    """``campaigns`` are those of each account looked at; ``is_whole`` where that is all of them."""

    effects: Sequence[Effect]
    campaigns: Mapping[int, Campaigns]
    is_whole: bool = True

    @property
    def campaign_count(self) -> int:
        return sum(one.before for one in self.campaigns.values())

    @property
    def campaigns_changed(self) -> int:
        return sum(one.changed for one in self.campaigns.values())


def compared(act: Callable[[], object], asset_ids: Sequence[int]) -> Compared:
    """What ``act`` would change on these accounts; nothing stays of it. Raises what it raises."""
    keys = list(asset_ids[:MOST_LOOKED_AT])
    ran = campaigns_by_account(keys)
    run: dict[int, frozenset[tuple[str, str]]] = {}

    def tried() -> None:
        act()
        run.update(campaigns_by_account(keys))

    effects = what_if_on_many(tried, keys)
    nothing: frozenset[tuple[str, str]] = frozenset()
    campaigns = {
        key: Campaigns(
            len(was := ran.get(key, nothing)), len(now := run.get(key, nothing)), len(was ^ now)
        )
        for key in keys
    }
    return Compared(effects, campaigns, len(keys) == len(asset_ids))


def what_if_created(
    *, actor: User, parent: Organisation, name: str, kind: str, is_manager: bool
) -> Compared:
    """By a new organisation, or manager, below ``parent``. Raises what ``create_below`` raises."""
    branch = [one.pk for one in organisations.branch_of(parent)]
    return compared(
        lambda: services.create_below(
            actor=actor, parent=parent, name=name, base=slugify(name), kind=kind,
            is_manager=is_manager,
        ),
        assets.keys_in(branch),
    )  # fmt: skip


def what_if_manager_opened(*, actor: User, organisation: Organisation) -> Compared:
    """By a manager number for one that is there. Raises what ``open_manager`` raises."""
    branch = [one.pk for one in organisations.branch_of(organisation)]
    return compared(
        lambda: services.open_manager(actor=actor, organisation=organisation),
        assets.keys_in(branch),
    )


def what_if_founded(*, actor: User, kind: str, currency: str, time_zone: str) -> Compared:
    """By a further organisation at the top of a tree of its own, for what ``actor`` has already."""
    mine = [one.pk for one in organisations.visible_organisations()]
    return compared(
        lambda: services.found_organisation(
            actor=actor, name="—", kind=kind, currency=currency, time_zone=time_zone
        ),
        assets.keys_in(mine),
    )
