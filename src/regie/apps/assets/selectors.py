"""Reads about assets; row security already hides those of others."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from regie.apps.assets.cards import AssetCard as AssetCard
from regie.apps.assets.cards import Owner as Owner
from regie.apps.assets.cards import card as card
from regie.apps.assets.cards import cards as cards
from regie.apps.assets.cards import owners_of as owners_of
from regie.apps.assets.cards import places_of as places_of
from regie.apps.assets.catalog import id_form as id_form
from regie.apps.assets.catalog import kind_of as kind_of
from regie.apps.assets.catalog import kinds as kinds
from regie.apps.assets.catalog import spellings as spellings
from regie.apps.assets.doubles import doubles_among as doubles_among
from regie.apps.assets.doubles import doubles_of as doubles_of
from regie.apps.assets.doubles import folded_among as folded_among
from regie.apps.assets.forms_of_ids import IdForm as IdForm
from regie.apps.assets.forms_of_ids import Kind as Kind
from regie.apps.assets.listing import NOTHING as NOTHING
from regie.apps.assets.listing import Filter as Filter
from regie.apps.assets.listing import Page as Page
from regie.apps.assets.listing import ad_accounts_held as ad_accounts_held
from regie.apps.assets.listing import listed as listed
from regie.apps.assets.listing import page_of as page_of
from regie.apps.assets.listing import platforms_met as platforms_met
from regie.apps.assets.listing import shown as shown
from regie.apps.assets.models import MOST_AD_ACCOUNTS as MOST_AD_ACCOUNTS
from regie.apps.assets.models import Asset, PageAccount
from regie.apps.assets.models import Status as Status
from regie.apps.organisations.models import Organisation


def keys_in(organisation_ids: Collection[int]) -> list[int]:
    """Keys of the organisations' assets, as far as they may be seen."""
    found = Asset.objects.filter(organisation_id__in=organisation_ids)
    return list(found.order_by("pk").values_list("pk", flat=True))


def keys_named(values: Collection[str]) -> set[int]:
    """Keys of accounts whose ID or name, the platform's or ours, is one of ``values``, or ``#key``.

    Of those that may be seen.
    """
    said = [one for one in values if "\0" not in one]  # which no text of PostgreSQL holds
    keys = [one[1:] for one in said if one[:1] == "#" and one[1:].isdecimal() and len(one) < 20]
    named = Q(external_id__in=said) | Q(name__in=said) | Q(called__in=said) | Q(pk__in=keys)
    return set(Asset.objects.filter(named).values_list("pk", flat=True))


def locations_in(organisation_ids: Collection[int]) -> list[tuple[int, str, str]]:
    """(key, ID, name) of the locations of these organisations, by name."""
    found = Asset.objects.filter(kind="location", organisation_id__in=organisation_ids)
    found = found.exclude(status=Status.DELETED).order_by("name", "external_id", "pk")
    return list(found.values_list("pk", "external_id", "name"))


def families(keys: Collection[int]) -> dict[int, str]:
    """The family of permissions of each asset that may be seen."""
    found = Asset.objects.filter(pk__in=keys).values_list("pk", "kind")
    known = kinds()
    return {key: known[kind].family for key, kind in found}


def families_owned(organisation_ids: Collection[int]) -> set[str]:
    """Families of which these organisations own anything, such as ad accounts or pages."""
    found = Asset.objects.filter(organisation_id__in=organisation_ids).values_list("kind")
    known = kinds()
    return {known[kind].family for (kind,) in found.distinct() if kind in known}


def accounts_on(organisation_id: int, platform: str) -> list[str]:
    """Names (or numbers, where there is no name) of the accounts met on ``platform``."""
    found = Asset.objects.filter(organisation_id=organisation_id, platform=platform)
    return sorted({asset.name or asset.external_id for asset in found} - {""})


def ref_said(organisation: Organisation, platform: str, said: str) -> str:
    """The account that a person means by ``said``, as files name it: its ID, or ``name:…``."""
    here = Asset.objects.filter(organisation=organisation, platform=platform, merged_into=None)
    if here.filter(external_id__in={said, *spellings(platform, said)}).exists():
        return said
    called = here.exclude(external_id="").filter(Q(name=said) | Q(called=said))
    known = list(called.values_list("external_id", flat=True)[:2])
    if len(known) == 1:
        return known[0]
    is_id = any(one.isdigit() for one in said) and not any(one.isspace() for one in said)
    return said if is_id or said.startswith("name:") else f"name:{said}"


def attached_to(key: int) -> list[AssetCard]:
    """The ad accounts that speak in the name of a page, or the pages of an ad account."""
    of_page = PageAccount.objects.filter(page_id=key).values_list("account_id", flat=True)
    of_account = PageAccount.objects.filter(account_id=key).values_list("page_id", flat=True)
    return sorted(cards([*of_page, *of_account]), key=lambda one: (one.label, one.key))
