"""Chosen in two lists, one role goes to several people; names are ours and files still know."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.apps.access.context import operating
from regie.apps.access.models import Grant
from regie.apps.assets.models import Asset
from regie.apps.organisations.models import Organisation
from tests.access.given import colleague, linked
from tests.cast import Cast, bring, total
from tests.connections.test_shared_accounts import export
from tests.web.test_every_page import signed_in


@pytest.mark.requirement("BM-1", "BM-5")
def test_accounts_and_people_are_ticked_then_given_a_role_and_it_is_undone(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"11111111{n}", f"Compte {n}") for n in range(2)]
    people = [colleague(f"Colleague {n} of Amélie", cast.network) for n in range(2)]
    client = signed_in(cast.amelie, "en")
    assert "Choose people" in client.get("/manager/give/").content.decode()
    client.post("/manager/assets/accounts/change/", {"asset": keys, "action": "give"})
    client.post("/manager/people/change/", {"member": [one.pk for one in people], "action": "give"})
    page = client.get("/manager/give/").content.decode()
    assert all(word in page for word in ("Compte 0", "Compte 1", "Colleague 1 of Amélie"))

    tried = client.post("/manager/give/", {"role": "VIEWER", "act": "try"}).content.decode()
    assert "View billing history" in tried
    with operating():
        assert not Grant.objects.filter(role="VIEWER").exists()
    client.post("/manager/give/", {"role": "VIEWER", "act": "keep"})
    with operating():
        assert Grant.objects.filter(role="VIEWER").count() == 4
    assert "Take 4 roles back" in client.get("/manager/give/").content.decode()
    client.post("/manager/give/undo/")
    with operating():
        assert not Grant.objects.filter(role="VIEWER").exists()


def test_what_was_given_lately_is_kept_short(cast: Cast) -> None:
    keys = [linked(cast.amelie, cast.network, f"1111111{n:02}") for n in range(30)]
    people = [colleague(f"Colleague {n} of Amélie", cast.network) for n in range(2)]
    client = signed_in(cast.amelie, "en")
    client.post("/manager/people/change/", {"member": [one.pk for one in people], "action": "give"})
    for chosen, role in ((keys[:1], "VIEWER"), (keys, "VIEWER")):
        client.post("/manager/assets/accounts/change/", {"asset": chosen, "action": "give"})
        told = client.post("/manager/give/", {"role": role, "act": "try"})
        client.post("/manager/give/", {"role": role, "act": "keep", "seen": told.context["seen"]})
    assert len(str(client.session["given_lately"])) < 300
    client.post("/manager/give/undo/")
    with operating():
        held = Grant.objects.filter(role="VIEWER")
        assert {(one.asset_id, one.member_id) for one in held} == {
            (keys[0], one.pk) for one in people
        }


@pytest.mark.requirement("BM-6")
def test_an_account_is_renamed_here_and_files_still_know_it(cast: Cast, tmp_path: Path) -> None:
    bring(cast.nantes, export(tmp_path, "10.00"), account="name:Horizon Search")
    with operating():
        key = Asset.objects.get().pk
    client = signed_in(cast.chloe, "en")
    said = {"name": "Recherche", "location": "Nantes"}
    client.post(f"/manager/assets/accounts/{key}/rename/", said)
    assert "Recherche" in client.get("/manager/accounts/?text=recherche").content.decode()
    year = "/report/table.csv?split=account&from=2026-01-01&to=2026-11-01"
    assert "Recherche" in client.get(year).content.decode()

    bring(cast.nantes, export(tmp_path, "11.00"), account="name:Horizon Search")
    assert total(cast.chloe, "spend") == {"EUR": 11}
    with operating():
        assert (Asset.objects.get().called, Asset.objects.get().name) == (
            "Recherche", "Horizon Search"
        )  # fmt: skip
    assert signed_in(cast.diane).post(
        f"/manager/assets/accounts/{key}/rename/", said
    ).status_code == 404  # fmt: skip


def test_an_organisation_below_is_renamed_from_the_tree(cast: Cast) -> None:
    page = f"/manager/organisations/{cast.nantes.pk}/"
    signed_in(cast.bruno).post(page, {"act": "rename", "name": "Horizon Nantes Centre"})
    assert signed_in(cast.diane).post(page, {"act": "rename", "name": "X"}).status_code == 404
    signed_in(cast.bruno).post(page, {"act": "rename", "name": "  "})
    with operating():
        assert Organisation.objects.get(pk=cast.nantes.pk).name == "Horizon Nantes Centre"


def test_an_account_that_the_agency_owns_is_flagged_on_both_sides(cast: Cast) -> None:
    key = linked(cast.diane, cast.studio, "111111111", "Client")
    partnership = partners_of_diane(cast)
    client = signed_in(cast.diane, "en")
    client.post(
        f"/manager/partners/{partnership}/",
        {
            "room": "accounts",
            "accounts-asset": [key],
            "accounts-role": "CREATIVE_MANAGER",
            "sure": "yes",
        },
    )
    page = f"/manager/assets/accounts/{key}/"
    assert "You own an account that a client works on" in client.get(page).content.decode()
    client = signed_in(cast.amelie, "en")
    assert "owns this account, and not you" in client.get(page).content.decode()
    assert "Owned by the agency" in client.get("/manager/accounts/").content.decode()


def partners_of_diane(cast: Cast) -> int:
    """The studio shares with the network."""
    from regie.apps.access import services
    from regie.apps.access.context import acting_as

    number = str(cast.network.manager_number)
    with acting_as(cast.diane):
        made = services.propose_partnership(
            actor=cast.diane, organisation=cast.studio, number=number
        )
    with acting_as(cast.amelie):
        services.accept_partnership(actor=cast.amelie, partnership_id=made.pk)
    return int(made.pk)
