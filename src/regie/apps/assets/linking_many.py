"""Link a list at once: as many questions to the database for five hundred accounts as for one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.assets import policies
from regie.apps.assets.catalog import id_form, kind_of
from regie.apps.assets.linking import LONGEST_NAME, too_many
from regie.apps.assets.listing import ad_accounts_held
from regie.apps.assets.lists_of_ids import Line
from regie.apps.assets.models import MOST_AD_ACCOUNTS, Asset, Status
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import NotFound, RegieError
from regie.kernel.i18n import _


@dataclass(frozen=True)
class Linked:
    """``is_new``: it was not linked before."""

    key: int
    is_new: bool


@transaction.atomic
def link_many(
    *, actor: User | None, organisation: Organisation, lines: Sequence[Line]
) -> list[Linked | RegieError]:
    """What became of each line, as ``link`` would do one after the other. A line that cannot be
    linked keeps none of the others out.

    Raises ``IntegrityError`` where somebody else links one of them, or others, at the same time.
    """
    policies.check_can_link(actor=actor, organisation=organisation)
    written = [_read(line) for line in lines]
    known = _known(organisation, [one for one in written if isinstance(one, tuple)])
    left = max(0, MOST_AD_ACCOUNTS - ad_accounts_held(organisation))
    told: list[Asset | RegieError] = []
    changed: dict[tuple[str, str], Asset] = {}
    for line, one in zip(lines, written, strict=True):
        if isinstance(one, RegieError):
            told.append(one)
            continue
        asset = known.setdefault(one, _new(organisation, *one))
        if asset.status != Status.LINKED:
            if kind_of(line.platform).is_counted:
                if not left:
                    told.append(too_many())
                    continue
                left -= 1
            asset.status, asset.linked_at = Status.LINKED, clock.now()
            asset.kind = kind_of(line.platform).name
            asset.name = line.name.strip()[:LONGEST_NAME] or asset.name
            changed[one] = asset
        told.append(asset)
    _write(changed.values())
    _note(actor, organisation, changed.values())
    fresh = {one.pk for one in changed.values()}
    answers: list[Linked | RegieError] = []
    for became in told:
        if isinstance(became, RegieError):
            answers.append(became)
            continue
        answers.append(Linked(became.pk, became.pk in fresh))
        fresh.discard(became.pk)  # a line that says it again
    return answers


@transaction.atomic
def let_go_many(
    *, actor: User | None, asset_ids: Collection[int], status: str
) -> dict[int, RegieError | None]:
    """As ``let_go``, each on its own: why it stays, or None for what went. The absent are left
    out."""
    found = list(Asset.objects.exclude(status=Status.DELETED).filter(pk__in=asset_ids))
    owners = Organisation.objects.in_bulk({one.organisation_id for one in found})
    told = {key: _stays(actor, owners.get(key)) for key in {one.organisation_id for one in found}}
    gone = [one for one in found if told[one.organisation_id] is None]
    Asset.objects.filter(pk__in=[one.pk for one in gone]).update(status=status, linked_at=None)
    for owner in owners.values():
        _note(actor, owner, [one for one in gone if one.organisation_id == owner.pk],
              action=f"assets.{status}")  # fmt: skip
    return {one.pk: told[one.organisation_id] for one in found}


def _stays(actor: User | None, owner: Organisation | None) -> RegieError | None:
    """An asset without an owner here was only shared with the context."""
    if owner is None:
        return NotFound(_("There is no such account."))
    try:
        policies.check_can_let_go(actor=actor, organisation=owner)
    except RegieError as error:
        return error
    return None


def _read(line: Line) -> tuple[str, str] | RegieError:
    try:
        return line.platform, id_form(line.platform).read(line.external_id)
    except RegieError as error:
        return error


def _known(
    organisation: Organisation, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Asset]:
    """Those that are there, linked or not, under whichever spelling."""
    asked = {
        (platform, spelling): (platform, external_id)
        for platform, external_id in wanted
        for spelling in id_form(platform).spellings(external_id)
    }
    found = Asset.objects.filter(
        organisation=organisation,
        platform__in={platform for platform, _spelling in asked},
        external_id__in={spelling for _platform, spelling in asked},
    ).order_by("-pk")
    return {
        asked[one.platform, one.external_id]: one
        for one in found
        if (one.platform, one.external_id) in asked
    }


def _new(organisation: Organisation, platform: str, external_id: str) -> Asset:
    return Asset(
        organisation=organisation, platform=platform, external_id=external_id,
        location=organisation.location,
    )  # fmt: skip


def _write(changed: Iterable[Asset]) -> None:
    there = [one for one in changed if one.pk]
    Asset.objects.bulk_create(one for one in changed if not one.pk)
    Asset.objects.bulk_update(there, ["status", "linked_at", "kind", "name"], batch_size=500)


def _note(
    actor: User | None, organisation: Organisation, changed: Iterable[Asset],
    action: str = "assets.linked",
) -> None:  # fmt: skip
    audit.record_each(
        organisation_id=organisation.pk,
        action=action,
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        details=[
            {"asset_id": one.pk, "platform": one.platform, "account": one.external_id}
            for one in changed
        ],
    )
