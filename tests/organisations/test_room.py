"""What moves brings its ad accounts along: no manager holds more than a thousand, by any way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from regie.apps.access.context import acting_as, operating
from regie.apps.access.services import link_asset
from regie.apps.assets.models import Asset
from regie.apps.assets.selectors import ad_accounts_held
from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import RegieError
from tests.assets.test_linking import filled
from tests.cast import Cast, engaged
from tests.organisations.test_at_the_same_time import together

pytestmark = pytest.mark.requirement("BM-27")


def manager(name: str, parent: Organisation) -> Organisation:
    return services.create_organisation(
        actor=None, name=name, slug=name.lower(), parent=parent, is_manager=True
    )


def moving(cast: Cast, one: Organisation, to: Organisation) -> Callable[[], object]:
    def act() -> None:
        with acting_as(cast.amelie):
            services.move_organisation(actor=cast.amelie, organisation=one, to=to)

    return act


def test_the_thousandth_comes_along_and_one_more_does_not(cast: Cast) -> None:
    with operating():
        south = manager("Sud", cast.network)
        filled(south, 400)
        filled(cast.nantes, 600)
        filled(cast.rennes, 1)
    moving(cast, cast.nantes, south)()

    with pytest.raises(RegieError, match="there would be 1001") as refused:
        moving(cast, cast.rennes, south)()

    assert refused.value.code == "too_many_ad_accounts"
    with operating():
        assert ad_accounts_held(south) == 1_000
        assert Organisation.objects.get(pk=cast.rennes.pk).parent_id == cast.west.pk


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organisations_organisation SET manager_number = NULL WHERE id = %(west)s",
        "UPDATE organisations_organisation SET parent_id = %(network)s WHERE id = %(nantes)s",
    ],
)
def test_raw_statements_meet_the_same_wall(cast: Cast, statement: str) -> None:
    with operating():
        services.open_manager(actor=cast.amelie, organisation=cast.west)
        filled(cast.network, 600)
        filled(cast.nantes, 600)
    ids = {"west": cast.west.pk, "network": cast.network.pk, "nantes": cast.nantes.pk}

    def act() -> None:
        with operating(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ids)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="at most 1000 ad accounts"):
        act()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("transactional_db")
def test_two_that_move_at_once_do_not_both_find_room() -> None:
    cast = engaged()
    with operating():
        west = services.open_manager(actor=cast.amelie, organisation=cast.west)
        assert west
        first, second = manager("Sud", cast.network), manager("Nord", cast.network)
        below = [
            services.create_organisation(actor=None, name=name, slug=name.lower(), parent=above)
            for name, above in (("Nice", first), ("Lille", second))
        ]
        for one in below:
            filled(one, 600)

    told = together(*(moving(cast, one, cast.west) for one in below))

    assert told == ["done", "too_many_ad_accounts"]
    with operating():
        assert ad_accounts_held(cast.west) == 600


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("transactional_db")
def test_who_links_while_a_branch_moves_is_counted_where_it_goes() -> None:
    cast = engaged()
    with operating():
        south = manager("Sud", cast.network)
        filled(south, 500)
        filled(cast.nantes, 500)

    def linking() -> None:
        with acting_as(cast.amelie):
            link_asset(
                actor=cast.amelie, organisation=cast.nantes, platform="linkedin_ads",
                external_id="123456789",
            )  # fmt: skip

    told = together(linking, moving(cast, cast.nantes, south))

    assert told == ["done", "too_many_ad_accounts"]
    with operating():
        held = Asset.objects.filter(organisation=cast.nantes).count()
        moved = Organisation.objects.get(pk=cast.nantes.pk).parent_id == south.pk
        assert (moved, held) in {(True, 500), (False, 501)}
