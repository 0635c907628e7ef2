"""Roles of an organisation's own, and what it allows at all: tried first, then true at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.apps.access import selectors, services
from regie.apps.access.context import acting_as
from regie.apps.access.models import CustomRole
from regie.apps.access.selectors import permissions_on
from regie.domain.permissions.definitions import VIEW
from regie.kernel.errors import Forbidden, NotFound, Refused, WrongUse
from tests.access.given import CREATIVE, colleague, figures_of, linked, partners, shared
from tests.cast import Cast, bring
from tests.web.test_every_page import signed_in
from tests.web.theirs import export

ADS_AND_BILLS = {VIEW, "ads.edit", "billing.view"}


def made(cast: Cast, *, by: str = "amelie", name: str = "Ads and bills") -> CustomRole:
    actor = getattr(cast, by)
    with acting_as(actor):
        return services.create_role(
            actor=actor, organisation={"amelie": cast.network, "diane": cast.studio}[by],
            family="ad_account", name=name, permissions=ADS_AND_BILLS,
        )  # fmt: skip


@pytest.mark.requirement("BM-21")
def test_a_role_of_ones_own_is_given_and_a_change_says_first_who_gains_and_who_loses(
    cast: Cast,
) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    role = made(cast)
    one = colleague("Colleague of Amélie", cast.network)
    with acting_as(cast.amelie):
        services.give_role(
            actor=cast.amelie, asset_id=key, member_id=one.pk,
            given=services.Given(custom_role_id=role.pk),
        )  # fmt: skip
        assert permissions_on(one.user, key) == ADS_AND_BILLS
        (holder,) = selectors.holders_of(role.pk)
        assert (holder.person, holder.asset_id) == ("Colleague of Amélie", key)

        wanted = {"role_id": role.pk, "name": "Bills", "permissions": {VIEW, "receipts.print"}}
        (effect,) = services.what_if_role(actor=cast.amelie, **wanted)
        assert (effect.gained, effect.lost) == ({"receipts.print"}, {"ads.edit", "billing.view"})
        assert permissions_on(one.user, key) == ADS_AND_BILLS
        assert services.change_role(actor=cast.amelie, **wanted) == [effect]
        assert permissions_on(one.user, key) == {VIEW, "receipts.print"}
        with pytest.raises(Refused, match="still holds"):
            services.remove_role(actor=cast.amelie, role_id=role.pk)


@pytest.mark.requirement("BM-21", "BM-41")
def test_a_role_that_is_held_through_a_share_never_outgrows_its_ceiling(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    shared(cast, partners(cast), key, CREATIVE)
    role = made(cast, by="diane")
    one = colleague("Colleague of Diane", cast.studio)
    with acting_as(cast.diane):
        services.give_role(
            actor=cast.diane, asset_id=key, member_id=one.pk,
            given=services.Given(custom_role_id=role.pk),
        )  # fmt: skip
        wider = {"role_id": role.pk, "name": "Wider",
                 "permissions": {*ADS_AND_BILLS, "campaigns.edit"}}  # fmt: skip
        for act in (services.what_if_role, services.change_role):
            with pytest.raises(Refused, match="leaves out: Edit campaigns"):
                act(actor=cast.diane, **wider)
        assert permissions_on(one.user, key) == ADS_AND_BILLS


def test_a_name_is_taken_once_and_only_administrators_of_its_place_touch_a_role(
    cast: Cast,
) -> None:
    role, other = made(cast), made(cast, name="Other")
    with acting_as(cast.amelie), pytest.raises(Refused, match="already is a role"):
        services.change_role(
            actor=cast.amelie, role_id=other.pk, name=role.name, permissions=ADS_AND_BILLS
        )
    for person, refusal in ((cast.chloe, Forbidden), (cast.diane, NotFound)):
        with acting_as(person), pytest.raises((refusal, NotFound)):
            services.change_role(
                actor=person, role_id=role.pk, name="Mine", permissions=ADS_AND_BILLS
            )
    with acting_as(cast.chloe):
        names = [one.name for one in selectors.custom_roles_of(cast.nantes)]
    assert names == ["Ads and bills", "Other"]


def test_what_an_organisation_no_longer_allows_counts_for_nobody_and_comes_back_whole(
    cast: Cast,
) -> None:
    key = linked(cast.amelie, cast.nantes, "111111111")
    everything = selectors.everything()
    with acting_as(cast.amelie):
        before = permissions_on(cast.amelie, key)
        asked = {"organisation": cast.network, "allowed": everything - {"billing.edit"}}
        effects, is_whole = services.what_if_policy(actor=cast.amelie, **asked)
        assert is_whole
        assert {one.person for one in effects} == {"Amélie", "Bruno", "Chloé"}
        assert {one.lost for one in effects} == {frozenset({"billing.edit"})}
        assert permissions_on(cast.amelie, key) == before
        services.set_policy(actor=cast.amelie, **asked)
    for person in (cast.amelie, cast.chloe):
        with acting_as(person):
            assert permissions_on(person, key) == before - {"billing.edit"}
    with acting_as(cast.chloe):
        cast.nantes.refresh_from_db()
        assert selectors.allowed_in(cast.nantes).here == everything
    with acting_as(cast.amelie):
        services.set_policy(actor=cast.amelie, organisation=cast.network, allowed=everything)
        assert permissions_on(cast.amelie, key) == before


def test_a_rule_that_hides_figures_hides_them_everywhere(cast: Cast, tmp_path: Path) -> None:
    """And what files told of them: the page of an import shows its totals."""
    key = linked(cast.amelie, cast.nantes, "111111111")
    path = export(tmp_path, "google.csv", "123-456-7890")
    (record,) = bring(cast.nantes, path, actor=cast.chloe)
    address = f"/imports/{record.pk}/"
    assert "10,00" in signed_in(cast.chloe).get(address).content.decode()
    with acting_as(cast.amelie):
        services.set_policy(
            actor=cast.amelie, organisation=cast.network, allowed=selectors.everything() - {VIEW}
        )
    assert figures_of(cast.chloe) == set()
    assert signed_in(cast.chloe).get(address).status_code == 404
    with pytest.raises(Refused, match="no file can come in"):
        bring(cast.nantes, path, actor=cast.chloe)
    with acting_as(cast.amelie):
        services.set_policy(
            actor=cast.amelie, organisation=cast.network, allowed=selectors.everything()
        )
    assert key in figures_of(cast.chloe)
    assert signed_in(cast.chloe).get(address).status_code == 200


def test_a_rule_allows_something_and_is_set_by_administrators_there(cast: Cast) -> None:
    with acting_as(cast.amelie):
        for nonsense in ([], ["fly"]):
            with pytest.raises(WrongUse):
                services.set_policy(actor=cast.amelie, organisation=cast.network, allowed=nonsense)
    with acting_as(cast.chloe), pytest.raises(Forbidden):
        services.set_policy(actor=cast.chloe, organisation=cast.network, allowed=[VIEW])
