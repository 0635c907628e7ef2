"""Only those who come by a role or over a share are looked at, and nobody who loses is left out."""

from __future__ import annotations

from collections.abc import Callable

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.effects import Effect, what_if
from regie.apps.access.models import Partnership, Share
from regie.apps.access.services import Given
from regie.apps.accounts.models import User
from regie.apps.organisations.services import create_organisation
from tests.access.given import CAMPAIGNS, CREATIVE, colleague, linked, partners, shared
from tests.cast import Cast

CREATIVE_MANAGER = Given("CREATIVE_MANAGER")


def scene(cast: Cast) -> tuple[list[int], Partnership]:
    """Four accounts: two of them shared with the studio, one of these and a third with another
    partner; people of all three with roles, and others who come by their place."""
    keys = [linked(cast.amelie, cast.network, f"11111111{n}") for n in range(4)]
    with operating():
        other = create_organisation(actor=None, name="Agence voisine", slug="voisine")
    neighbour = colleague("Colleague of the other", other, "administrator")
    here = partners(cast)
    with acting_as(cast.amelie):
        there = services.propose_partnership(
            actor=cast.amelie, organisation=cast.network, number=str(other.manager_number)
        )
    with acting_as(neighbour.user):
        services.accept_partnership(actor=neighbour.user, partnership_id=there.pk)
    for partnership, key, ceiling in (
        (here, keys[0], CREATIVE), (here, keys[1], CAMPAIGNS), (there, keys[1], CREATIVE),
        (there, keys[2], CREATIVE),
    ):  # fmt: skip
        shared(cast, partnership, key, ceiling)
    colleague("Administrator of Diane", cast.studio, "administrator")
    for actor, member, key in (
        (cast.diane, colleague("Colleague of Diane", cast.studio), keys[0]),
        (cast.amelie, colleague("Colleague of Amélie", cast.network), keys[1]),
        (cast.amelie, colleague("Second of Amélie", cast.network), keys[3]),
        (neighbour.user, colleague("Second of the other", other), keys[1]),
    ):
        with acting_as(actor):
            services.give_role(actor=actor, asset_id=key, member_id=member.pk,
                               given=CREATIVE_MANAGER)  # fmt: skip
    return keys, here


def agree(actor: User, keys: list[int], quick: list[Effect], act: Callable[[], object]) -> None:
    """``quick`` says what looking at everybody on all of them says."""
    with acting_as(actor):
        whole = what_if(act, keys)
    assert whole == list(quick) != []


def test_the_end_of_a_partnership_tells_what_looking_at_everybody_tells(cast: Cast) -> None:
    keys, here = scene(cast)
    for actor in (cast.amelie, cast.diane):
        asked = {"actor": actor, "partnership_id": here.pk}
        with acting_as(actor):
            quick = services.what_ends(**asked)
        agree(actor, keys, quick, lambda asked=asked: services.end_partnership(**asked))


def test_letting_go_tells_what_looking_at_everybody_tells(cast: Cast) -> None:
    keys, _here = scene(cast)
    with acting_as(cast.amelie):
        quick, _tried = services.what_if_all_detached(actor=cast.amelie, asset_ids=keys)
    agree(cast.amelie, keys, quick,
          lambda: services.detach_assets(actor=cast.amelie, asset_ids=keys))  # fmt: skip


def test_shares_that_stop_tell_what_looking_at_everybody_tells(cast: Cast) -> None:
    keys, here = scene(cast)
    with operating():
        shares = list(Share.objects.filter(partnership=here).values_list("pk", flat=True))
    with acting_as(cast.amelie):
        quick = services.what_if_unshared(actor=cast.amelie, share_ids=shares)

    def stop() -> None:
        for one in shares:
            services.stop_sharing(actor=cast.amelie, share_id=one)

    agree(cast.amelie, keys, quick, stop)
