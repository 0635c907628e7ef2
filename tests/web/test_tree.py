"""The tree through its pages: grown, moved, merged, closed, taken back; figures stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations import services
from regie.apps.organisations.models import Kind, Member, Organisation, TreeChange
from tests.assets.test_linking import filled
from tests.cast import Cast, bring, total
from tests.web.looking import hidden_fields
from tests.web.test_every_page import HEADER, signed_in

ANEW = "It is not as you saw it any more: look again"


def again(organisation: Organisation) -> Organisation:
    with operating():
        return Organisation.objects.get(pk=organisation.pk)


@pytest.fixture
def south(cast: Cast) -> Organisation:
    """A second region, with an administrator of its own: Diane."""
    with operating():
        made = services.create_organisation(
            actor=None, name="Horizon Sud", slug="horizon-sud", kind=Kind.REGION,
            parent=cast.network,
        )  # fmt: skip
        Member.objects.create(organisation=made, user=cast.diane, role="administrator")
        return made


def place(organisation: Organisation) -> str:
    return f"/manager/organisations/{organisation.pk}/"


@pytest.mark.requirement("BM-11")
def test_a_new_organisation_says_where_it_stands(cast: Cast) -> None:
    client = signed_in(cast.bruno, "en")
    form = client.get("/manager/organisations/").content.decode()
    assert "Réseau Horizon / Horizon Ouest / …" in form

    client.post(
        "/manager/organisations/",
        {"name": "  Horizon   Vannes ", "kind": "franchisee", "sure": "yes"},
    )

    with operating():
        made = Organisation.objects.get(name="Horizon Vannes")
    assert (made.parent_id, made.manager_number) == (cast.west.pk, None)
    text = signed_in(cast.amelie).get(place(made)).content.decode()
    assert text.index("Réseau Horizon</span>") < text.index("Horizon Ouest</span>")


@pytest.mark.requirement("BM-12")
def test_two_hundred_organisations_stay_findable(cast: Cast) -> None:
    with operating():
        for n in range(200):
            services.create_organisation(
                actor=None, name=f"Horizon {n:03}", slug=f"h-{n}", parent=cast.west
            )
    client = signed_in(cast.amelie, "en")

    text = client.get("/manager/organisations/").content.decode()

    assert "204 organisations" in text
    assert 'data-narrows="tree-rows"' in text
    assert text.count('class="in-2"') == 202


@pytest.mark.requirement("BM-12")
def test_what_a_move_changes_is_said_done_and_taken_back(cast: Cast, south: Organisation) -> None:
    client = signed_in(cast.amelie, "en")

    said = client.get(f"{place(cast.nantes)}?act=move&to={south.pk}").content.decode()
    assert "If Horizon Nantes moves below Horizon Sud" in said
    assert "<dd>Diane</dd>" in said
    assert "<dd>Bruno</dd>" in said
    assert again(cast.nantes).parent_id == cast.west.pk
    client.post(place(cast.nantes), {"act": "move", "to": south.pk, "sure": "yes"})

    assert again(cast.nantes).path == f"{again(south).path}{cast.nantes.pk}/"
    assert signed_in(cast.bruno).get(place(cast.nantes)).status_code == 404
    assert signed_in(cast.diane).get(place(cast.nantes)).status_code == 200
    with operating():
        change = TreeChange.objects.get()
    client.post(f"/manager/organisations/undo/{change.pk}/")
    assert again(cast.nantes).path == cast.nantes.path
    assert client.post(f"/manager/organisations/undo/{change.pk}/").status_code == 404


def test_nobody_takes_his_own_branch_out_of_the_network(cast: Cast, south: Organisation) -> None:
    for client in (signed_in(cast.chloe), signed_in(cast.diane)):
        for act in ({"act": "move", "to": "none"}, {"act": "close"}):
            assert client.post(place(cast.nantes), act).status_code in {403, 404}
    # Bruno administers Nantes, and not where he would put it.
    assert signed_in(cast.bruno).post(
        place(cast.nantes), {"act": "move", "to": south.pk}
    ).status_code == 404  # fmt: skip
    assert again(cast.nantes).parent_id == cast.west.pk
    assert again(cast.nantes).closed_at is None


def test_nonsense_moves_nothing(cast: Cast, south: Organisation) -> None:
    client = signed_in(cast.amelie)

    for act in (
        {"act": "move", "to": cast.nantes.pk},  # below itself
        {"act": "move", "to": cast.network.pk},  # where it is
        {"act": "move"},
        {"act": "merge", "to": "none"},
        {"act": "explode"},
    ):
        assert client.post(place(cast.west), act).status_code == 200
    assert client.post(place(cast.west), {"act": "move", "to": "99999"}).status_code == 404
    assert client.post(place(cast.rennes), {"act": "move", "to": "none"}).status_code == 200
    for one in (cast.west, cast.rennes):
        assert again(one).path == one.path


def test_a_merger_takes_people_and_branches_along_and_can_be_taken_back(
    cast: Cast, south: Organisation
) -> None:
    client = signed_in(cast.amelie, "en")

    said = client.get(f"{place(south)}?act=merge&to={cast.west.pk}").content.decode()
    assert "Members who become members of Horizon Ouest" in said
    client.post(place(cast.west), {"act": "merge", "to": south.pk, "sure": "yes"})

    merged = again(cast.west)
    assert merged.closed_at is not None
    assert merged.parent_id == south.pk
    assert {again(one).parent_id for one in (cast.nantes, cast.rennes)} == {south.pk}
    with operating():
        assert Member.objects.get(user=cast.bruno).organisation_id == south.pk
        change = TreeChange.objects.get()
    assert signed_in(cast.bruno).get(place(cast.nantes)).status_code == 200
    client.post(f"/manager/organisations/undo/{change.pk}/")
    assert [again(one).path for one in (cast.west, cast.nantes)] == [
        cast.west.path, cast.nantes.path,
    ]  # fmt: skip
    with operating():
        assert Member.objects.get(user=cast.bruno).organisation_id == cast.west.pk


def test_a_closed_branch_keeps_its_figures_above_and_lets_nobody_in(
    cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "google.csv"
    row = "Marque,201,2026-10-05,EUR,10.00,100,5,1.00,20.00"
    path.write_text(f'Campaign report\n"All time"\n{HEADER}\n{row}\n', encoding="utf-8")
    bring(cast.nantes, path, account="123-456-7890")
    before = total(cast.amelie, "spend")
    assert before
    with operating():
        newcomer = User.objects.create_user("newcomer@horizon.example", name="Newcomer")
        Member.objects.create(organisation=cast.nantes, user=newcomer)

    signed_in(cast.bruno).post(place(cast.nantes), {"act": "close", "sure": "yes"})

    assert total(cast.amelie, "spend") == before
    assert signed_in(newcomer).get("/manager/").status_code == 302
    assert 'value="horizon-nantes"' not in signed_in(cast.bruno).get("/report/").content.decode()
    bruno = signed_in(cast.bruno, "en")
    looked = bruno.get(place(cast.nantes)).content.decode()
    assert "Organisations that open" in looked
    assert "Newcomer" in looked
    bruno.post(place(cast.nantes), {"act": "open"})
    assert again(cast.nantes).closed_at, "nothing is done before it was looked at"
    bruno.post(place(cast.nantes), {"act": "open", "sure": "yes"})
    assert signed_in(newcomer).get("/manager/").status_code == 200


def test_closing_a_region_closes_what_is_below_and_opening_opens_just_that(cast: Cast) -> None:
    client = signed_in(cast.amelie)
    client.post(place(cast.rennes), {"act": "close", "sure": "yes"})

    client.post(place(cast.west), {"act": "close", "sure": "yes"})
    assert all(again(one).closed_at for one in (cast.west, cast.nantes, cast.rennes))
    refused = signed_in(cast.amelie, "en").post(place(cast.nantes), {"act": "open", "sure": "yes"})
    assert refused.status_code == 200
    assert "Open that one first." in refused.content.decode()
    client.post(place(cast.west), {"act": "open", "sure": "yes"})

    assert [bool(again(one).closed_at) for one in (cast.west, cast.nantes, cast.rennes)] == [
        False, False, True,
    ]  # fmt: skip


@pytest.mark.requirement("BM-12", "BM-41")
@pytest.mark.parametrize("act", ["move", "merge", "close"])
def test_who_gains_and_loses_by_a_change_of_the_tree_is_what_was_shown(
    act: str, cast: Cast, south: Organisation
) -> None:
    client = signed_in(cast.amelie, "en")
    path = place(cast.nantes)
    asked = {"act": act} if act == "close" else {"act": act, "to": str(south.pk)}
    for seen in ("", "0" * 64):
        unseen = client.post(path, {**asked, "sure": "yes", "seen": seen}).content.decode()
        assert ANEW in unseen
    looked = client.get(path, asked).content.decode()
    assert ANEW not in looked
    assert "People who will no longer see it" in looked
    with operating():
        for there in (cast.nantes, south, cast.west):
            name = f"newcomer-{there.pk}@horizon.example"
            Member.objects.create(
                organisation=there, user=User.objects.create_user(name, name="Newcomer"),
                role="administrator" if there == south else "employee",
            )  # fmt: skip

    again = client.post(path, {"act": act, **hidden_fields(looked)}).content.decode()
    assert ANEW in again
    assert "Newcomer" in again
    assert (before := _stands(cast.nantes)) == [cast.west.pk, False]
    client.post(path, {"act": act, **hidden_fields(again)})
    assert _stands(cast.nantes) != before


@pytest.mark.requirement("BM-41")
def test_another_place_than_the_one_looked_at_is_shown_first(
    cast: Cast, south: Organisation
) -> None:
    client = signed_in(cast.amelie, "en")
    path = place(cast.nantes)
    looked = client.get(path, {"act": "move", "to": south.pk}).content.decode()
    fields = {"act": "move", **hidden_fields(looked)}
    for other in ({"to": cast.network.pk}, {"to": "none"}, {"act": "merge"}, {"act": "close"}):
        assert ANEW in client.post(path, {**fields, **other}).content.decode()
    assert _stands(cast.nantes) == [cast.west.pk, False]


def _stands(organisation: Organisation) -> list[object]:
    now = again(organisation)
    return [now.parent_id, now.closed_at is not None]


def hold(cast: Cast, manager: Organisation, *holders: Organisation) -> None:
    """``manager`` has a number of its own, and each of the ``holders`` 600 accounts."""
    with operating():
        services.open_manager(actor=cast.amelie, organisation=manager)
        for one in holders:
            filled(one, 600)


@pytest.mark.requirement("BM-27")
def test_a_move_beyond_a_thousand_accounts_is_refused_before_and_when_it_is_done(
    cast: Cast, south: Organisation
) -> None:
    client = signed_in(cast.amelie, "en")
    hold(cast, south, south, cast.nantes)
    told = "A manager holds at most 1,000 ad accounts; there would be 1,200."

    said = client.get(f"{place(cast.west)}?act=move&to={south.pk}").content.decode()
    assert told in said
    assert "Move it" not in said
    for act in ("move", "merge"):
        said = client.post(place(cast.west), {"act": act, "to": south.pk}).content.decode()
        assert said.count(told) == 1
        assert "manager number of its own first" in said
    assert again(cast.nantes).path == cast.nantes.path
    assert again(cast.west).closed_at is None

    # With a number of its own the branch brings nothing to count there.
    client.post(place(cast.west), {"act": "number", "sure": "yes"})
    client.post(place(cast.west), {"act": "move", "to": south.pk, "sure": "yes"})
    assert again(cast.west).parent_id == south.pk


@pytest.mark.requirement("BM-27")
def test_taking_back_is_refused_where_the_room_was_taken_since(
    cast: Cast, south: Organisation
) -> None:
    client = signed_in(cast.amelie, "en")
    hold(cast, south, cast.nantes)
    client.post(place(cast.nantes), {"act": "move", "to": south.pk, "sure": "yes"})
    with operating():
        filled(cast.rennes, 600)
        change = TreeChange.objects.get()

    undone = client.post(f"/manager/organisations/undo/{change.pk}/", follow=True)

    assert "there would be 1,200" in undone.content.decode()
    assert again(cast.nantes).parent_id == south.pk
    with operating():
        assert TreeChange.objects.get().undone_at is None


@pytest.mark.requirement("BM-35")
def test_the_number_stands_under_the_name_and_is_copied(cast: Cast) -> None:
    text = signed_in(cast.amelie).get("/manager/").content.decode()

    assert f'<code class="numbers">{cast.network.manager_number}</code>' in text
    assert f'data-copies="{cast.network.manager_number}"' in text
