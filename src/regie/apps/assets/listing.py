"""The accounts and pages of the console: found, narrowed, counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from regie.apps.assets.models import Asset, Status
from regie.apps.organisations.models import Organisation


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; empty takes everything but what was deleted."""

    text: str = ""
    platform: str = ""
    status: str = ""
    of: str = ""  # "own" or "shared"


def listed(
    kind: str, organisations: Collection[int], shared: Collection[int], wanted: Filter
) -> QuerySet[Asset]:
    """Assets of ``kind`` that the organisations own, and those ``shared`` with them, by name."""
    own = Q(organisation_id__in=list(organisations))
    others = Q(pk__in=list(shared)) & ~own
    found = Asset.objects.filter({"own": own, "shared": others}.get(wanted.of, own | others))
    found = found.filter(kind=kind).exclude(status=Status.DELETED)
    if wanted.platform:
        found = found.filter(platform=wanted.platform)
    if wanted.status:
        found = found.filter(status=wanted.status)
    for word in wanted.text.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(called__icontains=word)
            | Q(external_id__icontains=word)
            | Q(location__icontains=word)
        )
    return found.order_by("name", "external_id", "pk")


def platforms_met(kind: str, organisations: Collection[int], shared: Collection[int]) -> list[str]:
    found = listed(kind, organisations, shared, Filter()).order_by()
    return sorted(set(found.values_list("platform", flat=True).distinct()))


def ad_accounts_held(organisation: Organisation) -> int:
    """How many linked ad accounts count for the manager of ``organisation``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_ad_accounts(regie_manager_of(%s))", [organisation.pk])
        ((found,),) = cursor.fetchall()
    return int(found)
