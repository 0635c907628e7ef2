"""The page of roles: made of permissions, compared, changed knowingly, taken back."""

from __future__ import annotations

import pytest

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import CustomRole
from regie.apps.organisations.models import Organisation
from tests.access.given import colleague, linked
from tests.cast import Cast
from tests.web.test_every_page import signed_in

ADS = {"name": "Ads and bills", "permissions": ["figures.view", "ads.edit", "billing.view"]}


@pytest.mark.requirement("BM-21")
def test_a_role_is_compared_made_changed_and_taken_back(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    client = signed_in(cast.amelie, "en")
    new = "/manager/roles/new/ad_account/"
    tried = client.post(new, ADS | {"act": "try"}).content.decode()
    assert "CREATIVE_MANAGER" in tried
    assert "ANALYZE" in tried
    with operating():
        assert not CustomRole.objects.exists()

    client.post(new, ADS | {"act": "keep"})
    with operating():
        role = CustomRole.objects.get()
    one = colleague("Colleague of Amélie", cast.network)
    with acting_as(cast.amelie):
        services.give_role(actor=cast.amelie, asset_id=key, member_id=one.pk,
                           given=services.Given(custom_role_id=role.pk))  # fmt: skip
    page = f"/manager/roles/{role.pk}/"
    less = {"name": "Ads", "permissions": ["figures.view", "ads.edit"]}
    tried = client.post(page, less | {"act": "try"}).content.decode()
    assert "Colleague of Amélie" in tried
    assert "View billing history" in tried
    assert "Not while somebody holds it" in tried
    client.post(page, less | {"act": "keep"})
    with operating():
        role.refresh_from_db()
    assert (role.name, role.permissions) == ("Ads", ["ads.edit", "figures.view"])

    assert "Make “Ads and bills” as it was" in client.get("/manager/roles/").content.decode()
    client.post("/manager/roles/undo/")
    with operating():
        role.refresh_from_db()
    assert (role.name, role.permissions) == ("Ads and bills", sorted(ADS["permissions"]))


def test_one_that_nobody_holds_is_removed_and_comes_back(cast: Cast) -> None:
    client = signed_in(cast.amelie, "en")
    client.post("/manager/roles/new/ad_account/", ADS | {"act": "keep"})
    with operating():
        number = CustomRole.objects.get().pk
    client.post(f"/manager/roles/{number}/remove/")
    with operating():
        assert not CustomRole.objects.exists()
    client.post("/manager/roles/undo/")
    with operating():
        assert CustomRole.objects.get().name == "Ads and bills"


def test_others_read_the_roles_above_them_and_change_none(cast: Cast) -> None:
    signed_in(cast.amelie).post("/manager/roles/new/ad_account/", ADS | {"act": "keep"})
    with operating():
        number = CustomRole.objects.get().pk
    assert "Ads and bills" in signed_in(cast.chloe).get("/manager/roles/").content.decode()
    assert "Ads and bills" not in signed_in(cast.diane).get("/manager/roles/").content.decode()
    for person in (cast.chloe, cast.diane):
        assert signed_in(person).post(f"/manager/roles/{number}/", ADS).status_code == 404
        assert signed_in(person).get(f"/manager/roles/{number}/").status_code == 404


def test_what_is_allowed_at_all_is_tried_then_kept(cast: Cast) -> None:
    linked(cast.amelie, cast.nantes, "111111111")
    client = signed_in(cast.amelie, "en")
    said = {"permissions": ["figures.view", "access.manage"]}
    tried = client.post("/manager/roles/allowed/", said | {"act": "try"}).content.decode()
    assert "Chloé" in tried
    assert "Change billing details" in tried
    client.post("/manager/roles/allowed/", said | {"act": "keep"})
    with operating():
        kept = Organisation.objects.get(pk=cast.network.pk).policy
    assert kept == ["access.manage", "figures.view"]
    below = signed_in(cast.chloe, "en").get("/manager/roles/allowed/").content.decode()
    assert "Already ruled out above you" in below
