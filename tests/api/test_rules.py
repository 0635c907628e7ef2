"""The rules and settings of an organisation, by the API: as its pages say and change them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regie.apps.access.context import operating
from regie.apps.notifications.models import Mail
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from tests.access.given import colleague, linked
from tests.api.test_api import call, token_of
from tests.cast import Cast


@pytest.mark.requirement("BM-9", "BM-23")
def test_rules_are_read_and_changed(cast: Cast) -> None:
    token = token_of(cast.amelie, cast.network)
    assert call(token, "/rules").json() == {
        "second_factor": {"required": False, "begins_on": None},
        "members": {"see_all": True, "until": None}, "email_domains": [], "shows_totals": False,
    }  # fmt: skip
    later = str(clock.today() + timedelta(days=20))
    factor = {"required": True, "begins_on": later}
    assert call(token, "/rules/second-factor", "put", factor).status_code == 204
    domains = call(token, "/rules/email-domains", "put", {"entries": ["@Horizon.example", " "]})
    assert domains.json() == {"entries": ["horizon.example"]}
    assert call(token, "/network/totals", "put", {"shown": True}).status_code == 204
    found = call(token, "/rules").json()
    assert (found["second_factor"], found["email_domains"]) == (factor, ["horizon.example"])
    assert found["shows_totals"]
    refused = call(token, "/rules/email-domains", "put", {"entries": ["gmail.com"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "refused")
    past = {"required": True, "begins_on": "2020-01-01"}
    assert call(token, "/rules/second-factor", "put", past).status_code == 409


@pytest.mark.requirement("BM-15")
def test_what_members_see_is_tried_first(cast: Cast) -> None:
    linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network)
    token = token_of(cast.amelie, cast.network)
    said = {"see_all": True, "until": str(clock.today() + timedelta(days=20))}
    tried = call(token, "/rules/members?dry_run=true", "put", said).json()
    (effect,) = tried["effects"]
    assert (effect["email"], effect["lost"], effect["gained"]) == (
        one.user.email, ["figures.view"], []
    )  # fmt: skip
    assert (tried["letters"], tried["is_whole"]) == (1, True)
    with operating():
        assert not Mail.objects.exists()
    assert call(token, "/rules").json()["members"] == {"see_all": True, "until": None}

    assert call(token, "/rules/members", "put", said).json() == tried
    assert call(token, "/rules").json()["members"] == said
    with operating():
        assert Mail.objects.get().to == one.user.email


def test_settings_are_those_of_the_branch_alone(cast: Cast) -> None:
    token = token_of(cast.bruno, cast.west)
    said = call(token, "/organisations/horizon-nantes/settings").json()
    assert (said["name"], said["time_zone"]) == ("Horizon Nantes", "Europe/Paris")
    wanted = said | {"time_zone": "America/Montreal", "currency": "CAD", "first_month": 4}
    path = "/organisations/horizon-nantes/settings"
    assert call(token, path, "put", wanted).status_code == 204
    assert call(token, path).json() == wanted
    for wrong in ({"time_zone": "Mars"}, {"currency": "XXQ"}, {"kind": "club"}, {"name": "  "}):
        assert call(token, path, "put", wanted | wrong).status_code in {400, 422}
    assert call(token, path).json() == wanted
    assert call(token, "/organisations/horizon/settings").status_code == 404
    assert call(token, "/organisations/horizon/settings", "put", wanted).status_code == 404
    whole = call(token, "/organisations/horizon-ouest/settings").json()
    weeks = whole | {"week_starts_on": 6}
    below = "/organisations/horizon-ouest/settings?calendar_below=true"
    assert call(token, below, "put", weeks).status_code == 204
    assert call(token, path).json()["week_starts_on"] == 6
    with operating():
        assert Organisation.objects.get(pk=cast.network.pk).week_starts_on == 0


def test_nobody_but_administrators_with_the_right_changes_rules(cast: Cast) -> None:
    employee = token_of(colleague("Colleague of Amélie", cast.network).user, cast.network)
    narrow = token_of(cast.amelie, cast.network, frozenset({"manager:read", "people:write"}))
    settings = call(narrow, "/organisations/horizon/settings").json()
    for token in (employee, narrow):
        for path, body in (
            ("/rules/second-factor", {"required": True}),
            ("/rules/members", {"see_all": False}),
            ("/rules/members?dry_run=true", {"see_all": False}),
            ("/rules/email-domains", {"entries": []}),
            ("/organisations/horizon/settings", settings),
        ):
            assert call(token, path, "put", body).status_code == 403, path
        assert call(token, "/rules").status_code == 200


@pytest.mark.requirement("BM-1")
def test_an_account_is_called_what_people_call_it(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    token = token_of(cast.amelie, cast.network)
    path = f"/accounts/{key}/name"
    assert call(token, path, "put", {"name": "Marque B2B", "location": "Nantes"}).status_code == 204
    assert call(token, f"/accounts/{key}").json()["label"] == "Marque B2B"
    assert call(token, path, "put", {"name": " "}).status_code == 204
    assert call(token, f"/accounts/{key}").json()["label"] == "Marque"
    below = token_of(cast.chloe, cast.nantes)
    assert call(below, path, "put", {"name": "Mine"}).status_code == 404


def test_the_role_map_says_where_the_platforms_give_more_or_less(cast: Cast) -> None:
    found = call(token_of(cast.amelie, cast.network), "/role-map").json()
    by = {(one["family"], one["code"]): one["elsewhere"] for one in found}
    viewer = {one["platform"]: one for one in by["ad_account", "VIEWER"]}
    assert viewer["linkedin"]["is_exact"]
    assert viewer["google"]["name"] == "Read only"
    assert viewer["google"]["less"] == ["notifications.receive"]
    assert {family for family, _code in by} == {"ad_account", "page", "location", "source"} & {
        one["family"] for one in found
    }
