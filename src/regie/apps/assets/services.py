"""Accounts that files name become assets, once; people link them, detach and delete them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection

from regie.apps.assets.attaching import attach as attach
from regie.apps.assets.catalog import kind_of, spellings
from regie.apps.assets.linking import fold as fold
from regie.apps.assets.linking import is_folded as is_folded
from regie.apps.assets.linking import let_go as let_go
from regie.apps.assets.linking import link as link
from regie.apps.assets.linking import rename as rename
from regie.apps.assets.linking_many import Linked as Linked
from regie.apps.assets.linking_many import let_go_many as let_go_many
from regie.apps.assets.linking_many import link_many as link_many
from regie.apps.assets.lists_of_ids import Line as Line
from regie.apps.assets.lists_of_ids import read_list as read_list
from regie.apps.assets.models import Asset, Status
from regie.apps.organisations.models import Organisation
from regie.ingestion.accounts import FoundAccount, KnownAccount

_UPSERT = """
    INSERT INTO assets_asset
        (organisation_id, kind, platform, external_id, name, currency, time_zone, location,
         created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now())
    ON CONFLICT (organisation_id, platform, external_id) DO UPDATE SET
        -- Its number in the place of a name says less than the name that is known.
        name = CASE WHEN EXCLUDED.name NOT IN ('', EXCLUDED.external_id) THEN EXCLUDED.name
                    ELSE assets_asset.name END,
        currency = CASE WHEN assets_asset.currency = '' THEN EXCLUDED.currency
                        ELSE assets_asset.currency END,
        time_zone = CASE WHEN EXCLUDED.time_zone <> '' THEN EXCLUDED.time_zone
                         ELSE assets_asset.time_zone END,
        -- Folded into another that is gone from here, and met again: it is its own once more.
        status = CASE WHEN assets_asset.merged_into_id IS NULL OR %s THEN assets_asset.status
                      ELSE 'found' END,
        merged_into_id = CASE WHEN %s THEN assets_asset.merged_into_id END
    RETURNING id, currency
"""


def resolve_accounts(
    organisation: Organisation, accounts: Sequence[FoundAccount], *, is_again: bool = False
) -> dict[str, KnownAccount]:
    """The asset of each account, created where it is new. Safe when several imports run.

    ``is_again``: a file is read again, and speaks of the accounts that it spoke of then, even of
    those that have been folded into others since.
    """
    known = {}
    met = _met(accounts)
    with connection.cursor() as cursor:
        for account in sorted(accounts, key=lambda one: (one.platform, one.ref)):
            if account.ref.startswith("name:") or met & _as_written(account):
                same = _same_account(organisation, account, is_again=is_again) or _below(
                    organisation, account, is_again=is_again
                )
                if same is not None:
                    known[account.ref] = same
                    continue
            met.add((account.platform, account.ref))
            name = account.name or account.ref.removeprefix("name:")
            cursor.execute(
                _UPSERT,
                [organisation.pk, kind_of(account.platform).name, account.platform,
                 account.ref[:200], name[:200], account.currency[:3], account.time_zone[:64],
                 organisation.location, is_again, is_again],
            )  # fmt: skip
            key, currency = cursor.fetchone() or (0, "")
            known[account.ref] = KnownAccount(key, currency)
    return known


def _met(accounts: Sequence[FoundAccount]) -> set[tuple[str, str]]:
    """Platform and id of those that are there, however written: of many new accounts, none."""
    wanted = {written for account in accounts for written in _as_written(account)}
    found = Asset.objects.filter(
        platform__in={platform for platform, _id in wanted},
        external_id__in={external_id for _platform, external_id in wanted},
    )
    return set(found.values_list("platform", "external_id"))


def _as_written(account: FoundAccount) -> set[tuple[str, str]]:
    """Every platform and id under which an account with an id may be there already."""
    ids = {account.ref, *spellings(account.platform, account.ref)} if account.ref else set()
    return {(account.platform, one) for one in (*ids, f"name:{account.name}")}


def _same_account(
    organisation: Organisation, account: FoundAccount, *, is_again: bool
) -> KnownAccount | None:
    """An account first met by its name alone, and now by its id, or the other way round."""
    here = Asset.objects.filter(organisation=organisation, platform=account.platform)
    here = here if is_again else here.filter(merged_into=None)
    if account.ref.startswith("name:"):
        named = list(here.filter(name=account.ref.removeprefix("name:"))[:2])
        return KnownAccount(named[0].pk, named[0].currency) if len(named) == 1 else None
    others = spellings(account.platform, account.ref) if account.ref else ()
    for other in others:
        # Linked as the console writes it, and now named as this file does: the same account.
        if other != account.ref and (met := here.filter(external_id=other).first()):
            here.filter(pk=met.pk, name="").update(name=account.name[:200])
            return KnownAccount(met.pk, met.currency)
    if account.ref and account.name and not here.filter(external_id=account.ref).exists():
        met = here.filter(external_id=f"name:{account.name}").first()
        if met is not None:
            here.filter(pk=met.pk).update(external_id=account.ref)
    return None


def _below(
    organisation: Organisation, account: FoundAccount, *, is_again: bool
) -> KnownAccount | None:
    """The account of an organisation below: a file of the network speaks of those of its branch."""
    if not account.ref or account.ref.startswith("name:"):
        return None
    ids = spellings(account.platform, account.ref)
    met = Asset.objects.filter(platform=account.platform, external_id__in=ids)
    here = met.filter(organisation=organisation)
    if (here if is_again else here.filter(merged_into=None)).exists():
        return None
    branch = met.filter(organisation__path__startswith=organisation.path)
    found = list(branch.exclude(status=Status.DELETED)[:2])
    return _known(found[0], organisation) if len(found) == 1 else None


def met_before(
    organisation: Organisation, keys: Collection[int], account: FoundAccount
) -> KnownAccount | None:
    """The one of ``keys`` that is ``account`` and not of ``organisation``; None where none is."""
    others = Asset.objects.filter(pk__in=keys, platform=account.platform)
    others = others.exclude(organisation=organisation)
    if account.ref.startswith("name:"):
        found = list(others.filter(name=account.ref.removeprefix("name:"))[:2])
    else:
        ids = spellings(account.platform, account.ref)
        found = list(others.filter(external_id__in=ids)[:2]) if account.ref else []
    return _known(found[0], organisation) if len(found) == 1 else None


def is_own(organisation: Organisation, account: FoundAccount) -> bool:
    """Whether the organisation itself has said that the account is its own."""
    linked = Asset.objects.filter(
        organisation=organisation, platform=account.platform, status=Status.LINKED
    )
    if account.ref.startswith("name:"):
        return linked.filter(name=account.ref.removeprefix("name:")).exists()
    return linked.filter(external_id__in=spellings(account.platform, account.ref)).exists()


def _known(asset: Asset, organisation: Organisation) -> KnownAccount:
    is_own = asset.organisation_id == organisation.pk
    return KnownAccount(asset.pk, asset.currency, None if is_own else asset.organisation_id)


def keys_of(organisation: Organisation, platform: str) -> list[int]:
    """Keys of the organisation's assets on ``platform``."""
    found = Asset.objects.filter(organisation=organisation, platform=platform)
    return list(found.values_list("pk", flat=True))
