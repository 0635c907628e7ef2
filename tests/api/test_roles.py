"""Roles by programs: one's own, given to many at once, and what an organisation allows at all."""

from __future__ import annotations

import pytest

from regie.apps.access.context import operating
from regie.apps.access.models import CustomRole, Grant
from regie.apps.organisations.models import Organisation
from regie.domain.permissions.definitions import VIEW
from tests.access.given import CAMPAIGNS, VIEWER, colleague, linked, partners, shared
from tests.api.test_api import call, token_of
from tests.cast import Cast

ADS = {"family": "ad_account", "name": "Ads and bills",
       "permissions": [VIEW, "ads.edit", "billing.view"]}  # fmt: skip


@pytest.mark.requirement("BM-17", "BM-19", "BM-20", "BM-21")
def test_every_ready_made_role_is_told_with_what_it_gives(cast: Cast) -> None:
    told = call(token_of(cast.chloe, cast.nantes), "/families").json()

    roles = {one["name"]: {role["label"]: role for role in one["roles"]} for one in told}
    assert list(roles["ad_account"]) == [
        "Billing admin", "Account manager", "Campaign manager", "Creative manager", "Viewer",
    ]  # fmt: skip
    assert list(roles["page"]) == [
        "Super admin", "Content admin", "Content editor", "Analyst", "Sponsored Content poster",
        "Lead Gen Forms manager", "Landing Pages manager",
    ]  # fmt: skip
    assert set(roles["ad_account"]["Campaign manager"]["permissions"]) == CAMPAIGNS


@pytest.mark.requirement("BM-21")
def test_a_role_of_ones_own_is_made_given_changed_and_removed(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network)
    amelie, below = token_of(cast.amelie, cast.network), token_of(cast.chloe, cast.nantes)
    number = call(amelie, "/own-roles", "post", ADS).json()["id"]
    again = call(amelie, "/own-roles", "post", ADS)
    assert (again.status_code, "already is a role" in again.json()["message"]) == (409, True)
    (seen,) = call(below, "/own-roles").json()
    assert (seen["name"], seen["organisation"], seen["is_own"]) == ("Ads and bills", "", False)

    given = call(amelie, f"/accounts/{key}/roles", "post",
                 {"member_id": one.pk, "own_role_id": number}).json()  # fmt: skip
    assert given["permissions"] == sorted(ADS["permissions"])
    both = {"member_id": one.pk, "own_role_id": number, "role": "VIEWER"}
    assert call(amelie, f"/accounts/{key}/roles", "post", both).status_code == 400

    less = {"name": "Ads", "permissions": [VIEW, "ads.edit"]}
    (tried,) = call(amelie, f"/own-roles/{number}?dry_run=true", "put", less).json()
    assert (tried["person"], tried["lost"]) == ("Colleague of Amélie", ["billing.view"])
    with operating():
        assert CustomRole.objects.get().name == "Ads and bills"
    assert call(amelie, f"/own-roles/{number}", "put", less).json() == [tried]
    assert call(amelie, f"/own-roles/{number}", "delete").status_code == 409
    assert call(amelie, f"/roles/{given['id']}", "delete").status_code == 204
    assert call(amelie, f"/own-roles/{number}", "delete").status_code == 204
    assert call(amelie, "/own-roles").json() == []


@pytest.mark.requirement("BM-1", "BM-5")
def test_one_role_is_given_to_several_on_several_tried_first_and_taken_back(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"11111111{n}", f"Compte {n}") for n in range(2)]
    theirs = linked(cast.diane, cast.studio, "222222222")
    people = [colleague(f"Colleague {n} of Amélie", cast.network) for n in range(2)]
    amelie = token_of(cast.amelie, cast.network)
    asked = {"account_ids": [*keys, theirs], "member_ids": [one.pk for one in people],
             "role": "CAMPAIGN_MANAGER"}  # fmt: skip

    tried = call(amelie, "/roles?dry_run=true", "post", asked).json()
    assert len(tried["effects"]) == 4
    assert tried["given"] == []
    given_to_them = Grant.objects.filter(role="CAMPAIGN_MANAGER")
    with operating():
        assert not given_to_them.exists()
    done = call(amelie, "/roles", "post", asked).json()
    assert (len(done["given"]), done["refused"]) == (4, [])
    with operating():
        assert set(given_to_them.values_list("asset_id", flat=True)) == set(keys)
    below = token_of(cast.amelie, cast.nantes)
    assert call(below, f"/roles/{done['given'][0]['grant_id']}", "delete").status_code == 404
    kept = call(below, "/roles/take-back", "post", {"given": done["given"]}).json()
    assert kept == {"taken_back": 0}
    back = call(amelie, "/roles/take-back", "post", {"given": done["given"]}).json()
    assert back == {"taken_back": 4}
    with operating():
        assert not given_to_them.exists()


@pytest.mark.requirement("BM-40")
def test_what_a_ceiling_leaves_out_is_told_pair_by_pair(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    shared(cast, partners(cast), key, VIEWER)
    one = colleague("Colleague of Diane", cast.studio)
    asked = {"account_ids": [key], "member_ids": [one.pk], "role": "CAMPAIGN_MANAGER"}

    answer = call(token_of(cast.diane, cast.studio), "/roles", "post", asked).json()

    assert answer["given"] == []
    (refused,) = answer["refused"]
    assert (refused["person"], refused["account"]) == ("Colleague of Diane", "Marque")
    assert "Create campaigns" in refused["problem"]
    assert "Réseau Horizon" in refused["hint"]


def test_what_is_allowed_at_all_is_tried_then_holds_below(cast: Cast) -> None:
    key = linked(cast.amelie, cast.nantes, "111111111")
    amelie, below = token_of(cast.amelie, cast.network), token_of(cast.chloe, cast.nantes)
    everything = call(amelie, "/policy").json()["allowed"]
    less = {"allowed": [one for one in everything if one != "billing.edit"]}

    tried = call(amelie, "/policy?dry_run=true", "put", less).json()
    assert {one["person"] for one in tried["effects"]} == {"Amélie", "Bruno", "Chloé"}
    assert "billing.edit" in call(below, f"/accounts/{key}").json()["permissions"]
    assert call(amelie, "/policy", "put", less).json() == tried

    assert "billing.edit" not in call(below, f"/accounts/{key}").json()["permissions"]
    told = call(below, "/policy").json()
    assert "billing.edit" in told["allowed"]
    assert "billing.edit" not in told["above"]
    for nonsense in (["fly"], []):
        assert call(amelie, "/policy", "put", {"allowed": nonsense}).status_code in {400, 422}


def test_others_change_neither_roles_nor_what_is_allowed(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network)
    number = call(token_of(cast.amelie, cast.network), "/own-roles", "post", ADS).json()["id"]
    giving = {"account_ids": [key], "member_ids": [one.pk], "own_role_id": number}
    for person, place in (
        (cast.diane, cast.studio), (cast.chloe, cast.nantes), (one.user, cast.network),
    ):  # fmt: skip
        token = token_of(person, place)
        assert call(token, f"/own-roles/{number}", "delete").status_code in {403, 404}
        given = call(token, "/roles", "post", giving)
        assert given.status_code == 404 or given.json()["given"] == []
    employee = token_of(one.user, cast.network)
    assert call(employee, "/own-roles", "post", {**ADS, "name": "Mine"}).status_code == 403
    assert call(employee, "/policy", "put", {"allowed": [VIEW]}).status_code == 403
    narrow = token_of(cast.amelie, cast.network, frozenset({"manager:read", "manager:write"}))
    for method, path, body in (
        ("post", "/own-roles", ADS), ("put", "/policy", {"allowed": [VIEW]}),
        ("delete", f"/own-roles/{number}", None),
    ):  # fmt: skip
        assert call(narrow, path, method, body).status_code == 403
    with operating():
        assert list(Organisation.objects.exclude(policy=[])) == []
        assert not Grant.objects.filter(custom_role=number).exists()


def test_who_may_do_what_is_told_with_the_way_that_leads_there(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    shared(cast, partners(cast), key, VIEWER)

    told = call(token_of(cast.amelie, cast.network), f"/accounts/{key}/people").json()
    hers = call(token_of(cast.diane, cast.studio), f"/accounts/{key}/people").json()

    people = {one["person"]: one for one in told}
    assert set(people) == {"Amélie", "Diane"}
    assert people["Diane"]["permissions"] == sorted(VIEWER)
    assert [(path["way"], path["ceiling"]) for path in people["Diane"]["paths"]] == [
        ("share", sorted(VIEWER))
    ]
    assert [one["person"] for one in hers] == ["Diane"]
