"""The accounts and pages of the console: found, narrowed, counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex, Upper
from django.db.models.lookups import GreaterThan

from regie.apps.assets.cards import COLUMNS, OWNER, WITH_OWNER, AssetCard, cards_of
from regie.apps.assets.models import Asset, Status
from regie.apps.organisations.models import Organisation

FURTHEST = 10_000  # rows of a list that are walked through page by page: further back, one searches
FEW = 2_000  # accounts that an index may name before it is quicker to walk through the list


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; empty takes everything but what was deleted."""

    text: str = ""
    platform: str = ""
    status: str = ""
    of: str = ""  # "own" or "shared"


NOTHING = Q(pk__in=())


def shown(
    organisations: Collection[int], *, received: Q = NOTHING, of: str = ""
) -> QuerySet[Asset]:
    """Assets of every kind that the organisations own, and those they ``received``; not those that
    were deleted. ``of`` as in ``Filter``."""
    own = Q(organisation_id__in=list(organisations))
    narrowed = {"own": own, "shared": received & ~own}
    return Asset.objects.filter(narrowed.get(of, own | received)).exclude(status=Status.DELETED)


def listed(
    kind: str, organisations: Collection[int], wanted: Filter, *, received: Q = NOTHING
) -> QuerySet[Asset]:
    """Assets of ``kind`` that the organisations own, and those they ``received``, by name."""
    found = shown(organisations, received=received, of=wanted.of).filter(kind=kind)
    if wanted.platform:
        found = found.filter(platform=wanted.platform)
    if wanted.status:
        found = found.filter(status=wanted.status)
    words = wanted.text.split()
    for word in words:
        found = found.filter(_holds(word))
    if words and (keys := _looked_up(words)) is not None:
        found = found.filter(pk__in=keys)
    return found.order_by("name", "external_id", "pk")


def _looked_up(words: Sequence[str]) -> list[int] | None:
    """Keys of those that can hold ``words``; None where it is quicker to walk through the list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_assets_with(%s::text[], %s)", [list(words), FEW])
        ((keys,),) = cursor.fetchall()
    return None if keys is None else list(keys)


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
    """A page of a list: the accounts on it, and how many there are in all.

    ``is_more`` says that it was counted no further than ``count``, ``is_cut`` that this is as far
    as pages go, though the list goes on.
    """

    cards: tuple[AssetCard, ...]
    first: int  # the place of the first one in the whole list, from 1
    number: int
    pages: int
    count: int
    is_more: bool
    is_cut: bool = False

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(one.key for one in self.cards)

    @property
    def last(self) -> int:
        return self.first + len(self.cards) - 1

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


# The list is walked through once, for the rows that are shown and for how many there are.
_PAGE = f"""
    WITH met AS MATERIALIZED ({{found}}),
    shown AS MATERIALIZED (
        SELECT * FROM met ORDER BY name, external_id, id OFFSET %s LIMIT %s
    )
    SELECT counted.count, a.*, {OWNER}
    FROM (SELECT count(*) AS count FROM met) counted LEFT JOIN shown a ON true {WITH_OWNER}
    ORDER BY a.name, a.external_id, a.id
"""


def page_of(
    found: QuerySet[Asset], *, number: int, rows: int, most: int, furthest: int = FURTHEST
) -> Page:
    """Page ``number`` of ``found``, or the nearest there is. Nobody counts beyond ``most`` rows,
    or beyond the page that is shown and the one after it; no page goes beyond ``furthest`` rows,
    as all that lies before one is walked through."""
    number = min(max(1, number), max(1, furthest // rows))
    first = (number - 1) * rows
    # Far back in a list nobody counts what lies before: it is passed by.
    skipped, most = (first, first + 2 * rows) if first + 2 * rows > most else (0, most)
    held, cards = _walked(found, skipped, most + 1, first, min(rows, most - first))
    if held <= first and number > 1:  # beyond the end
        held, cards = _walked(found, 0, most + 1, 0, 0)
        return page_of(
            found, number=-(-held // rows), rows=rows, most=max(held, 1), furthest=furthest
        )
    count = min(held, most)
    pages = max(1, min(-(-count // rows), furthest // rows))
    is_cut = number == pages and held > first + rows
    return Page(cards, first + 1, number, pages, count, is_more=held > most, is_cut=is_cut)


def _walked(
    found: QuerySet[Asset], start: int, end: int, first: int, rows: int
) -> tuple[int, tuple[AssetCard, ...]]:
    """How many there are, counted up to ``end``, and the cards from ``first`` on."""
    try:
        asked, said = found.values_list(*COLUMNS)[start:end].query.sql_with_params()
    except EmptyResultSet:  # such as of accounts that partners share, where nobody shares any
        return start, ()
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(found=asked), [*said, first - start, rows])
        met = cursor.fetchall()
    return start + met[0][0], tuple(cards_of([row[1:] for row in met if row[1] is not None]))


def ad_accounts_held(organisation: Organisation) -> int:
    """How many linked ad accounts count for the manager of ``organisation``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_ad_accounts(regie_manager_of(%s))", [organisation.pk])
        ((found,),) = cursor.fetchall()
    return int(found)
