"""The accounts and pages of the console: found, narrowed, counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex, Upper
from django.db.models.lookups import GreaterThan

from regie.apps.assets.models import Asset, Status
from regie.apps.organisations.models import Organisation


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; empty takes everything but what was deleted."""

    text: str = ""
    platform: str = ""
    status: str = ""
    of: str = ""  # "own" or "shared"


NOTHING = Q(pk__in=())


def listed(
    kind: str, organisations: Collection[int], wanted: Filter, *, received: Q = NOTHING
) -> QuerySet[Asset]:
    """Assets of ``kind`` that the organisations own, and those they ``received``, by name."""
    own = Q(organisation_id__in=list(organisations))
    of = {"own": own, "shared": received & ~own}
    found = Asset.objects.filter(of.get(wanted.of, own | received))
    found = found.filter(kind=kind).exclude(status=Status.DELETED)
    if wanted.platform:
        found = found.filter(platform=wanted.platform)
    if wanted.status:
        found = found.filter(status=wanted.status)
    for word in wanted.text.split():
        found = found.filter(_holds(word))
    return found.order_by("name", "external_id", "pk")


def _holds(word: str) -> Q:
    # As ``icontains`` of each, but read at once; and of LIKE the planner believes that it finds
    # nearly nothing, and would then sort a whole network to show its first fifty.
    space = Value(" ")
    text = Concat("name", space, "called", space, "external_id", space, "location")
    return Q(GreaterThan(StrIndex(Upper(text), Upper(Value(word))), 0))


def platforms_met(kind: str, organisations: Collection[int], received: Q) -> list[str]:
    found = listed(kind, organisations, Filter(), received=received).order_by()
    return sorted(set(found.values_list("platform", flat=True).distinct()))


@dataclass(frozen=True)
class Page:
    """A page of a list: the keys on it, and how many there are in all.

    ``is_more`` says that it was counted no further than ``count``.
    """

    keys: tuple[int, ...]
    first: int  # the place of the first one in the whole list, from 1
    number: int
    pages: int
    count: int
    is_more: bool

    @property
    def last(self) -> int:
        return self.first + len(self.keys) - 1

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def page_of(found: QuerySet[Asset], *, number: int, rows: int, most: int) -> Page:
    """Page ``number`` of ``found``, or the nearest there is. Nobody counts beyond ``most`` rows,
    or beyond the page that is shown and the one after it."""
    most = max(most, (number + 1) * rows)
    keys = list(found.values_list("pk", flat=True)[: most + 1])
    count = min(len(keys), most)
    pages = max(1, -(-count // rows))
    number = min(max(1, number), pages)
    first = (number - 1) * rows
    shown = tuple(keys[:count][first : first + rows])
    return Page(shown, first + 1, number, pages, count, is_more=len(keys) > most)


def ad_accounts_held(organisation: Organisation) -> int:
    """How many linked ad accounts count for the manager of ``organisation``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_ad_accounts(regie_manager_of(%s))", [organisation.pk])
        ((found,),) = cursor.fetchall()
    return int(found)
