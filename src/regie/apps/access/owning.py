"""Bring an account under one's manager, with somebody who answers for it, and let it go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from regie.apps.access.accesses import Access, accesses_between
from regie.apps.access.effects import Effect, difference, what_if, what_if_between
from regie.apps.access.holders import holders_on
from regie.apps.access.journal import note_effects
from regie.apps.access.keeping import keepers_of, nearest_administrators
from regie.apps.access.models import Grant, Share
from regie.apps.access.sharing_in import shared_in
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets import services as owned
from regie.apps.assets.selectors import AssetCard
from regie.apps.assets.services import Line, Linked
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Member, Organisation
from regie.domain.permissions.catalog import family, role
from regie.kernel.errors import Refused, RegieError
from regie.kernel.i18n import Sentence, _, say


@transaction.atomic
def link_asset(
    *,
    actor: User | None,
    organisation: Organisation,
    platform: str,
    external_id: str,
    name: str = "",
    location: str = "",
    is_keeper: bool = True,
) -> tuple[int, bool]:
    """As ``assets.services.link``; who links an ad account is its first billing admin.

    Of a page ``is_keeper`` says whether he is its super admin there.
    """
    key, is_new = owned.link(
        actor=actor, organisation=organisation, platform=platform, external_id=external_id,
        name=name, location=location,
    )  # fmt: skip
    if is_new:
        _check_is_not_shared_in(key, organisation)
        _keep(key, actor, organisation, is_keeper=is_keeper)
    return key, is_new


@transaction.atomic
def link_assets(
    *, actor: User | None, organisation: Organisation, lines: Sequence[Line]
) -> list[Linked | RegieError]:
    """As ``link_asset`` one after the other, at once. None of the lines is of an account that a
    partner shares. Raises what ``assets.services.link_many`` raises."""
    answers = owned.link_many(actor=actor, organisation=organisation, lines=lines)
    new = [one.key for one in answers if isinstance(one, Linked) and one.is_new]
    held = set(Grant.objects.filter(asset_id__in=new).values_list("asset_id", flat=True))
    for key in held & set(new):
        _keep(key, actor, organisation, is_keeper=True)
    keeper = _administrator(actor, organisation)
    if keeper is not None:
        families = assets.families(new)
        Grant.objects.bulk_create(
            Grant(
                asset_id=key, member=keeper, role=family(name).keeper,
                **_kept(actor, organisation, keeper, name),
            )
            for key, name in families.items()
            if key not in held and family(name).keeper
        )  # fmt: skip
    return answers


def _check_is_not_shared_in(key: int, organisation: Organisation) -> None:
    """An account that a partner shares has an owner already: it is never counted twice."""
    card = assets.card(key)
    shared = shared_in(
        organisation, platform=card.platform, family_name=card.family,
        external_ids=assets.spellings(card.platform, card.external_id),
    )  # fmt: skip
    if shared is not None:
        raise Refused(
            say(_("{owner} owns “{account}” and shared it with you."), owner=shared.owner,
                account=shared.label),
            hint=_("You work on it already: it is in the list, among what was shared."),
            code="shared_account",
        )  # fmt: skip


def _keep(key: int, actor: User | None, organisation: Organisation, *, is_keeper: bool) -> None:
    """Where nobody administers yet, the first who does will follow: the database sees to it."""
    card = assets.card(key)
    found = family(card.family)
    wanted = found.keeper and (is_keeper or card.family == "ad_account")
    if not wanted or keepers_of(key):
        return
    keeper = _administrator(actor, organisation)
    if keeper is not None:
        Grant.objects.update_or_create(
            asset_id=key,
            member=keeper,
            role=found.keeper,
            custom_role=None,
            share=None,
            defaults=_kept(actor, organisation, keeper, card.family),
        )


def _kept(
    actor: User | None, organisation: Organisation, keeper: Member, family_name: str
) -> dict[str, Any]:
    return {
        "owner_id": organisation.pk, "organisation_id": keeper.organisation_id,
        "user_id": keeper.user_id, "ends_on": None,
        "permissions": sorted(role(family_name, family(family_name).keeper).permissions),
        "granted_by_id": actor.pk if actor else None, "granted_by": str(actor or ""),
    }  # fmt: skip


def _administrator(actor: User | None, organisation: Organisation) -> Member | None:
    """The actor where he administers; for the operator the nearest administrator."""
    found = nearest_administrators(organisations.line_of(organisation))
    return next((one for one in found if actor is None or one.user_id == actor.pk), None)


@transaction.atomic
def detach_asset(*, actor: User | None, asset_id: int) -> list[Effect]:
    """No longer one's own: shares and roles on it end, figures that came in stay. Can be undone
    by linking it again, but for the roles."""
    return _let_go(actor, asset_id, "detached")


@transaction.atomic
def delete_asset(*, actor: User | None, asset_id: int) -> list[Effect]:
    """As ``detach_asset``, and out of the console's lists; linking its id again brings it back."""
    return _let_go(actor, asset_id, "deleted")


@dataclass(frozen=True)
class DetachedMany:
    """How many are detached, and those that are not, by name, with why."""

    done: int
    refused: tuple[tuple[str, Sentence], ...]


@transaction.atomic
def detach_assets(*, actor: User | None, asset_ids: Collection[int]) -> DetachedMany:
    """Each on its own: what one is refused does not stop the others."""
    cards = assets.cards(set(asset_ids))
    keys = [one.key for one in cards]
    before = accesses_between(holders_on(keys))
    told = owned.let_go_many(actor=actor, asset_ids=keys, status="detached")
    gone = [one for one in cards if one.key in told and told[one.key] is None]
    _free(actor, gone, before, because="assets.detached")
    refused = [(one.label, told.get(one.key)) for one in cards if one not in gone]
    return DetachedMany(
        len(gone), tuple((label, why.sentence) for label, why in refused if why is not None)
    )


def what_if_all_detached(
    *, actor: User | None, asset_ids: Collection[int]
) -> tuple[list[Effect], DetachedMany]:
    """What ``detach_assets`` would do, and refuse; nothing stays of it."""
    tried: list[DetachedMany] = []
    effects = what_if_between(
        lambda: tried.append(detach_assets(actor=actor, asset_ids=asset_ids)),
        holders_on(asset_ids),
    )
    return effects, tried[0]


def what_if_detached(*, actor: User | None, asset_id: int) -> list[Effect]:
    return what_if(lambda: detach_asset(actor=actor, asset_id=asset_id), [asset_id])


def _let_go(actor: User | None, asset_id: int, status: str) -> list[Effect]:
    card = assets.card(asset_id)
    before = accesses_between(holders_on([asset_id]))
    owned.let_go(actor=actor, asset_id=asset_id, status=status)
    return _free(actor, [card], before, because=f"assets.{status}")


def _free(
    actor: User | None, cards: Sequence[AssetCard], before: Sequence[Access], *, because: str
) -> list[Effect]:
    """Roles on them and shares of them end; whoever came by his place still does.

    ``before`` is what those may do who come by a role or a share, on these and on others.
    """
    owners = {one.key: one.organisation_id for one in cards}
    Share.objects.filter(asset_id__in=owners).delete()
    Grant.objects.filter(asset_id__in=owners).delete()
    met = [one for one in before if one.asset_id in owners]
    there: dict[int, set[int]] = defaultdict(set)
    for access in met:
        there[access.user_id].add(access.asset_id)
    effects = difference(met, accesses_between(there))
    for owner in sorted(set(owners.values())):
        told = [one for one in effects if owners[one.asset_id] == owner]
        note_effects(actor, owner, told, because=because)
    return effects
