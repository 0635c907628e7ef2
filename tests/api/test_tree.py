"""The tree of organisations by programs: what would change is said, then done, then taken back."""

from __future__ import annotations

from typing import Any

import pytest

from regie.apps.access.context import operating
from regie.apps.organisations.models import Organisation, Role
from tests.access.given import colleague
from tests.api.test_api import call, token_of
from tests.assets.test_linking import filled
from tests.cast import Cast


def shape() -> dict[str, Any]:
    """Where each organisation stands, and whether it is closed."""
    with operating():
        return {
            one.slug: (one.parent.slug if one.parent else None, one.closed_at is not None)
            for one in Organisation.objects.select_related("parent")
        }


@pytest.fixture
def amelie(cast: Cast) -> str:
    return token_of(cast.amelie, cast.network)


@pytest.mark.requirement("BM-11", "BM-12", "BM-10")
def test_a_branch_grows_and_tells_where_each_one_stands(cast: Cast, amelie: str) -> None:
    said = {"name": "Nord", "kind": "region", "is_manager": True}
    region = call(amelie, "/organisations", "post", said)
    assert region.status_code == 201
    assert (region.json()["parent"], len(region.json()["manager_number"])) == (
        cast.network.slug,
        12,
    )
    slug = region.json()["slug"]
    below = {"name": "Lille", "kind": "franchisee", "parent": slug}
    made = call(amelie, "/organisations", "post", below).json()

    told = call(amelie, f"/organisations/{made['slug']}").json()
    assert told["line"] == [cast.network.name, "Nord", "Lille"]
    assert (told["people"], told["parent"]) == (0, slug)
    assert call(amelie, f"/organisations/{slug}/name", "put", {"name": "Hauts"}).status_code == 204
    number = call(amelie, f"/organisations/{made['slug']}/manager-number", "post").json()
    assert len(number["manager_number"]) == 12
    assert call(amelie, f"/organisations/{made['slug']}").json()["line"][1] == "Hauts"


@pytest.mark.requirement("BM-12")
def test_moving_is_tried_then_done_then_taken_back(cast: Cast, amelie: str) -> None:
    before = shape()
    path = f"/organisations/{cast.nantes.slug}/move"
    tried = call(amelie, f"{path}?dry_run=true", "post", {"to": cast.network.slug}).json()
    assert tried["lose"] == ["Bruno"]  # of the region that it would leave
    assert (tried["branch"], tried["change_id"], shape()) == (1, None, before)

    done = call(amelie, path, "post", {"to": cast.network.slug}).json()
    assert done | {"change_id": None} == tried
    assert shape()[cast.nantes.slug] == (cast.network.slug, False)
    (listed,) = call(amelie, "/organisation-changes").json()
    assert (listed["id"], listed["kind"]) == (done["change_id"], "moved")
    again = call(amelie, f"{path}?dry_run=true", "post", {"to": cast.network.slug})
    assert (again.status_code, again.json()["message"]) == (409, "It stands there already.")
    undo = f"/organisation-changes/{done['change_id']}/undo"
    assert call(amelie, undo, "post").status_code == 204
    assert (shape(), call(amelie, undo, "post").status_code) == (before, 404)


@pytest.mark.requirement("BM-12")
def test_merging_is_tried_then_done_then_taken_back(cast: Cast, amelie: str) -> None:
    before = shape()
    path = f"/organisations/{cast.nantes.slug}/merge"
    tried = call(amelie, f"{path}?dry_run=true", "post", {"into": cast.rennes.slug}).json()
    assert (tried["people"], shape()) == (["Chloé"], before)

    done = call(amelie, path, "post", {"into": cast.rennes.slug}).json()
    assert shape()[cast.nantes.slug] == (cast.rennes.slug, True)
    undo = f"/organisation-changes/{done['change_id']}/undo"
    assert call(amelie, undo, "post").status_code == 204
    assert shape() == before


@pytest.mark.requirement("BM-27")
def test_a_merger_beyond_what_a_manager_may_hold_is_refused_tried_or_done(
    cast: Cast, amelie: str
) -> None:
    west = call(amelie, f"/organisations/{cast.west.slug}/manager-number", "post")
    assert west.status_code == 200
    with operating():
        filled(cast.network, 500)
        filled(cast.nantes, 501)
    before = shape()
    for way in ("?dry_run=true", ""):
        path = f"/organisations/{cast.nantes.slug}/merge{way}"
        told = call(amelie, path, "post", {"into": cast.network.slug})
        assert (told.status_code, told.json()["code"]) == (409, "too_many_ad_accounts")
        assert "there would be 1,001" in told.json()["message"]
    assert shape() == before


def test_closing_tells_who_no_longer_gets_in_and_opens_again(cast: Cast, amelie: str) -> None:
    colleague("Colleague of Chloé", cast.nantes, Role.EMPLOYEE)
    before = shape()
    path = f"/organisations/{cast.west.slug}"
    tried = call(amelie, f"{path}/close?dry_run=true", "post").json()
    assert (tried["branch"], tried["lose"]) == (3, ["Colleague of Chloé"])
    assert shape() == before

    assert call(amelie, f"{path}/close", "post").json()["change_id"]
    assert shape()[cast.nantes.slug][1]
    closed = call(amelie, f"{path}/close", "post")
    assert (closed.status_code, closed.json()["code"]) == (409, "refused")
    opened = call(amelie, f"{path}/open?dry_run=true", "post")
    assert (opened.status_code, opened.json()["gain"]) == (200, ["Colleague of Chloé"])
    assert shape()[cast.nantes.slug][1], "a trial opens nothing"
    assert call(amelie, f"{path}/open", "post").status_code == 204
    assert shape() == before


def test_a_token_steers_what_is_below_its_organisation_and_nothing_else(cast: Cast) -> None:
    before = shape()
    narrow = token_of(cast.amelie, cast.west)  # she administers all; the token does not
    own = f"/organisations/{cast.west.slug}"
    for path, body in (("move", {"to": None}), ("merge", {"into": cast.nantes.slug}),
                       ("close", None)):  # fmt: skip
        assert call(narrow, f"{own}/{path}", "post", body).status_code == 403
    above = f"/organisations/{cast.network.slug}"
    absent = call(narrow, "/organisations/absent/close", "post")
    assert call(narrow, f"{above}/close", "post").content == absent.content
    out = call(narrow, f"/organisations/{cast.nantes.slug}/move", "post", {"to": cast.network.slug})
    assert out.status_code == 404
    said = {"name": "Elsewhere", "parent": cast.network.slug}
    assert call(narrow, "/organisations", "post", said).status_code == 404
    reading = token_of(cast.amelie, cast.network, frozenset({"manager:read"}))
    assert call(reading, f"{own}/close", "post").json()["code"] == "forbidden"
    employee = colleague("Colleague of Amélie", cast.network).user
    for path in ("close?dry_run=true", "close"):
        refused = call(token_of(employee, cast.network), f"{own}/{path}", "post")
        assert refused.status_code in {403, 404}  # not hers to change: the row may not be locked
    assert shape() == before
