"""Lists of accounts too long to count: every page is reached, and each row is shown once."""

from __future__ import annotations

import pytest
from django.db import connection

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import received_by
from regie.apps.assets import selectors as assets
from regie.apps.assets.models import Asset
from tests.access.given import VIEWER, linked, partners, shared
from tests.cast import Cast
from tests.lasting import Lasting

ROWS, MOST = 2, 4


@pytest.fixture(scope="module")
def seven(lasting: Lasting, company: Cast) -> list[int]:
    """Seven accounts of the network, by name."""
    with lasting():
        numbers = [f"{n}{n}{n}{n}{n}{n}{n}{n}{n}" for n in range(1, 8)]
        return [
            linked(company.amelie, company.network, one, name=f"Compte {one[0]}") for one in numbers
        ]


def test_a_long_list_is_counted_as_far_as_it_is_shown(cast: Cast, seven: list[int]) -> None:
    seen: list[int] = []
    more = []
    with acting_as(cast.amelie):
        found = assets.listed("ad_account", [cast.network.pk], assets.Filter())
        number: int | None = 1
        while number is not None:
            page = assets.page_of(found, number=number, rows=ROWS, most=MOST)
            assert page.first == len(seen) + 1
            assert page.last == len(seen) + len(page.keys)
            seen += page.keys
            more.append(page.is_more)
            number = page.after

    assert seen == seven
    assert more == [True, True, False, False]


def test_a_page_beyond_the_last_is_the_last(cast: Cast, seven: list[int]) -> None:
    with acting_as(cast.amelie):
        found = assets.listed("ad_account", [cast.network.pk], assets.Filter())
        page = assets.page_of(found, number=99, rows=ROWS, most=MOST)

    assert (page.number, page.keys, page.count) == (4, (seven[6],), 7)


def test_pages_go_no_further_than_they_are_quickly_walked_to(cast: Cast, seven: list[int]) -> None:
    with acting_as(cast.amelie):
        found = assets.listed("ad_account", [cast.network.pk], assets.Filter())
        pages = [
            assets.page_of(found, number=number, rows=ROWS, most=MOST, furthest=4)
            for number in (1, 2, 3, 99)
        ]

    told = [(one.number, one.keys, one.after, one.is_cut) for one in pages]
    last = (2, tuple(seven[2:4]), None, True)
    assert told == [(1, tuple(seven[:2]), 2, False), last, last, last]


def test_a_list_of_nothing_has_one_empty_page(cast: Cast) -> None:
    with acting_as(cast.amelie):
        found = assets.listed("ad_account", [cast.network.pk], assets.Filter(of="shared"))
        for number in (1, 3):
            page = assets.page_of(found, number=number, rows=ROWS, most=MOST)
            assert (page.keys, page.number, page.pages, page.count) == ((), 1, 1, 0)


@pytest.mark.parametrize("few", [0, 2_000])
def test_what_is_received_is_the_same_whether_it_is_named_or_not(
    cast: Cast, seven: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regie.apps.access.receiving.FEW", few)
    partnership = partners(cast)
    for key in seven[:3]:
        shared(cast, partnership, key, VIEWER)

    with acting_as(cast.diane):
        received = received_by([cast.studio.pk])
        of = {
            name: set(
                assets.listed(
                    "ad_account", [cast.studio.pk], assets.Filter(of=name),
                    received=received.condition,
                ).values_list("pk", flat=True)
            )
            for name in ("own", "shared", "")
        }  # fmt: skip

    assert received.is_many is (few == 0)
    assert of == {"own": set(), "shared": set(seven[:3]), "": set(seven[:3])}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pte 3", [3]), ("555555", [5]), ("COMPTE", [1, 2, 3, 4, 5, 6, 7]), ("compte 6", [6]),
        ("7", [7]), ("Compte 888", []), ("nantes", [1, 2, 3, 4, 5, 6, 7]), ("%", []), ("ébec", [2]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("few", [0, 2_000])
def test_a_part_of_a_word_finds_the_same_by_the_index_and_by_walking(
    cast: Cast, seven: list[int], text: str, found: list[int], few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("regie.apps.assets.listing.FEW", few)
    with operating():
        Asset.objects.update(location="Nantes")
        Asset.objects.filter(pk=seven[1]).update(called="Québec")
    with acting_as(cast.amelie):
        wanted = assets.Filter(text=text)
        listed = assets.listed("ad_account", [cast.network.pk], wanted)
        assert list(listed.values_list("pk", flat=True)) == [seven[n - 1] for n in found]


def test_the_index_gives_nobody_a_key_of_somebody_elses(cast: Cast, seven: list[int]) -> None:
    partnership = partners(cast)
    shared(cast, partnership, seven[0], VIEWER)

    def met() -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT regie_assets_with(%s, 100)", [["Compte"]])
            ((keys,),) = cursor.fetchall()
        return set(keys)

    assert met() == set()  # outside any context
    for person, keys in ((cast.amelie, seven), (cast.diane, seven[:1]), (cast.chloe, [])):
        with acting_as(person):
            assert met() == set(keys)
