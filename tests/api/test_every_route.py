"""Every operation of the API, as the schema lists them, called by four kinds of people.

Nobody at all, an outsider, a colleague who was given nothing, a partner under a low ceiling: what
is not theirs answers like what does not exist, and nothing that they send changes it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regie.api.application import api
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import CustomRole, Grant, Partnership, Share
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.audiences.models import Audience, AudienceExport, AudienceShare, AudienceUse
from regie.apps.connections.models import Import
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import (
    Invitation,
    Member,
    Organisation,
    Review,
    Seal,
    TreeChange,
)
from regie.kernel import clock
from tests.access.given import colleague, linked, partners, shared
from tests.api import operations
from tests.api.test_api import call, token_of
from tests.cast import Cast, bring
from tests.connections.test_shared_accounts import ACCOUNT, export

pytestmark = pytest.mark.slow

OPERATIONS = [(method, path.removeprefix("/api/v1")) for method, path in operations.OPERATIONS]
ABSENT = 999_999
SOON = str(clock.today() + timedelta(days=30))
AUDIENCE = {"name": "Clients", "source": "customers", "basis": "contract", "purpose": "Renewals",
            "expires_on": SOON}  # fmt: skip
OWN_ROLE = {"family": "ad_account", "name": "Ads", "permissions": ["ads.edit"]}
# What is sent, by the end of the address; an operation that takes more must be added here.
BODIES: dict[tuple[str, str], Any] = {
    ("post", "/roles"): {"member_id": ABSENT, "role": "VIEWER"},
    ("put", "/ceiling"): {"ceiling": ["figures.view"]},
    ("post", "/shares"): {"account_ids": [ABSENT], "ceiling": ["figures.view"]},
    ("put", "/people/{member_id}"): {"role": "employee"},
    ("put", "/audiences/{audience_id}"): AUDIENCE,
    ("post", "/audiences/{audience_id}/shares"): {
        "recipient_id": ABSENT, "purpose": "Renewals", "expires_on": SOON},
    ("post", "/uses"): {"account_id": ABSENT},
    ("put", "/archived"): {"archived": True},
    ("put", "/attached"): {"account_ids": [ABSENT]},
    ("post", "/exports"): {"platform": "meta_ads"},
    ("put", "/own-roles/{role_id}"): {"name": "Mine", "permissions": ["figures.view"]},
    ("put", "/organisations/{slug}/name"): {"name": "Mine"},
    ("put", "/organisations/{slug}/settings"): {
        "name": "Mine", "kind": "region", "currency": "EUR", "time_zone": "Europe/Paris"},
    ("put", "/accounts/{account_id}/name"): {"name": "Mine"},
    ("post", "/organisations/{slug}/move"): {"to": None},
    ("post", "/organisations/{slug}/merge"): {"into": "absent"},
    ("post", "/check-up/invite"): {"people": [{"email": "newcomer@horizon.example"}]},
    ("post", "/beneficiary-rules"): {
        "rules": [{"by": "name", "value": "Soldes", "beneficiary": "horizon-nantes"}]},
    ("post", "/beneficiary-rules/dry-run"): {
        "rules": [{"by": "name", "value": "Soldes", "beneficiary": "horizon-nantes"}]},
}  # fmt: skip


@dataclass(frozen=True)
class Owned:
    """Things of the network, one of each kind, by the names of the parameters."""

    numbers: dict[str, Any]
    cast: Cast
    colleague: User


@pytest.fixture
def owned(cast: Cast, tmp_path: Path) -> Owned:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(
            email_domains=["horizon.example"], members_see_all=False
        )
    amelie = token_of(cast.amelie, cast.network)
    (record,) = bring(cast.network, export(tmp_path, "10.00"), account=ACCOUNT)
    key = linked(cast.amelie, cast.network, "123456789")
    people = {"people": [{"email": "newcomer@horizon.example", "role": "employee"}]}
    invited = call(amelie, "/invitations", "post", people).json()[0]["invitation_id"]
    member = colleague("Colleague of Amélie", cast.network)
    second = colleague("Second colleague of Amélie", cast.network)
    grant = call(
        amelie, f"/accounts/{key}/roles", "post", {"member_id": second.pk, "role": "VIEWER"}
    ).json()["id"]
    partnership = partners(cast)
    share = shared(cast, partnership, key, frozenset({"billing.view"}))
    audience = call(amelie, "/audiences", "post", AUDIENCE).json()["id"]
    call(amelie, f"/audiences/{audience}/uses", "post", {"account_id": key})
    below = {
        name: call(amelie, "/organisations", "post", {"name": name}).json()["slug"]
        for name in ("Nord", "Sud")
    }
    said = {"platform": "linkedin_ads", "external_id": "999999999", "role": "VIEWER"}
    numbers = {
        "account_id": key, "grant_id": grant, "share_id": share.pk, "import_id": record.pk,
        "invitation_id": invited, "member_id": second.pk, "partnership_id": partnership.pk,
        "request_id": call(amelie, "/requests", "post", said).json()["id"],
        "audience_id": audience, "rule_id": ABSENT, "choice_id": ABSENT,
        "role_id": call(amelie, "/own-roles", "post", OWN_ROLE).json()["id"],
        "slug": below["Nord"], "change_id": call(
            amelie, f"/organisations/{below['Sud']}/close", "post"
        ).json()["change_id"],
        "review_id": call(amelie, "/reviews", "post").json()["id"],
        "use_id": call(amelie, f"/audiences/{audience}/uses").json()[0]["id"],
    }  # fmt: skip
    return Owned(numbers, cast, member.user)


def body_of(method: str, path: str) -> Any:
    return next(
        (body for (verb, end), body in BODIES.items() if verb == method and path.endswith(end)),
        {} if method in {"post", "put"} else None,
    )


def filled(path: str, numbers: dict[str, Any]) -> str:
    names = re.findall(r"\{(\w+)\}", path)
    return path.format(**{name: numbers[name] for name in names})


def counted(token: str, path: str, method: str, body: Any) -> tuple[Any, int]:
    """The answer, and how many questions to the database it took."""
    with CaptureQueriesContext(connection) as questions:
        answer = call(token, path, method, body)
    return answer, len(questions)


def state() -> list[Any]:
    """Whatever an operation could change of what the network has."""
    with operating():
        return [
            list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
            for model in (
                Asset,
                Audience,
                AudienceExport,
                AudienceShare,
                AudienceUse,
                CustomRole,
                Grant,
                Import,
                Invitation,
                Member,
                Organisation,
                Partnership,
                Review,
                Seal,
                Share,
                TreeChange,
            )
        ]


def test_a_call_without_a_token_is_answered_the_same_everywhere(owned: Owned) -> None:
    before = state()
    for method, path in OPERATIONS:
        answer = getattr(Client(), method)(f"/api/v1{filled(path, owned.numbers)}")
        assert answer.status_code == 401, (method, path)
    assert state() == before


@pytest.mark.parametrize("who", ["outsider", "colleague"])
def test_what_is_hidden_answers_like_what_is_not_and_stays(who: str, owned: Owned) -> None:
    """Of the region beside: nothing of the network above it is hers to see."""
    cast = owned.cast
    token = {
        "outsider": lambda: token_of(cast.bruno, cast.west),
        "colleague": lambda: token_of(owned.colleague, cast.network),
    }[who]()
    before = state()
    for method, path in OPERATIONS:
        if "{" not in path:
            continue
        body = body_of(method, path)
        found, cost = counted(token, filled(path, owned.numbers), method, body)
        absent = filled(path, dict.fromkeys(owned.numbers, ABSENT))
        none, usual = counted(token, absent, method, body)
        is_refused = found.status_code in {403, 404, 422}
        is_colleagues = path.startswith("/audiences/") or (method, path) == (
            "get", "/organisations/{slug}",
        )  # fmt: skip
        assert is_refused or (who == "colleague" and is_colleagues), (method, path)
        if who == "outsider" or "{account_id}" in path:
            assert (found.status_code, found.content) == (none.status_code, none.content), path
            assert cost == usual, f"{method} {path}: it takes longer to hide than to miss"
    assert call(token, "/accounts").json() == []
    spent = call(token, "/query", "post", {"metrics": ["spend"]}).json()["totals"]["spend"]
    assert not spent
    assert state() == before


def test_what_is_named_in_a_body_is_hidden_too(owned: Owned) -> None:
    """Of her own things Diane speaks to those of the network, and to some that are not there."""
    cast, theirs = owned.cast, owned.numbers
    token = token_of(cast.diane, cast.studio)
    key = linked(cast.diane, cast.studio, "987654321")
    page = linked(cast.diane, cast.studio, "1337420", platform="linkedin_pages")
    one = colleague("Colleague of Diane", cast.studio).pk
    audience = call(token, "/audiences", "post", AUDIENCE).json()["id"]
    shared_with = {"purpose": "Renewals", "expires_on": SOON}
    account = linked(cast.amelie, cast.network, "234567890")  # which nobody shares with her
    member = theirs["member_id"]
    gone = colleague("Third colleague of Amélie", cast.network).pk
    with acting_as(cast.amelie):
        organisations.remove_member(actor=cast.amelie, member_id=gone)
    before = state()
    for path, method, said, number in (
        (f"/accounts/{key}/roles", "post", lambda n: {"member_id": n, "role": "VIEWER"}, member),
        (f"/accounts/{key}/roles", "post", lambda n: {"member_id": one, "own_role_id": n},
         theirs["role_id"]),
        (f"/accounts/{page}/attached", "put", lambda n: {"account_ids": [n]}, account),
        ("/roles", "post", lambda n: {"account_ids": [key], "member_ids": [n], "role": "VIEWER"},
         member),
        ("/roles", "post", lambda n: {"account_ids": [n], "member_ids": [one], "role": "VIEWER"},
         account),
        ("/people/restore", "post", lambda n: {"member_id": n, "role": "employee"}, gone),
        ("/roles/take-back", "post", lambda n: {"given": [{"grant_id": n, "was_held": False}]},
         theirs["grant_id"]),
        (f"/audiences/{audience}/shares", "post", lambda n: {"recipient_id": n, **shared_with},
         cast.nantes.pk),
        (f"/audiences/{audience}/uses", "post", lambda n: {"account_id": n}, account),
    ):  # fmt: skip
        found, cost = counted(token, path, method, said(number))
        none, usual = counted(token, path, method, said(ABSENT))
        assert (found.status_code, found.content) == (none.status_code, none.content), path
        assert cost == usual, f"{method} {path}: it takes longer to hide than to miss"
    assert state() == before


def test_a_partner_under_a_low_ceiling_changes_nothing_of_the_owner(owned: Owned) -> None:
    token = token_of(owned.cast.diane, owned.cast.studio)
    key = owned.numbers["account_id"]
    seen = call(token, f"/accounts/{key}").json()  # by its name; it opens no figures
    assert (seen["external_id"], seen["permissions"]) == ("123456789", ["billing.view"])
    before = state()
    for method, path in OPERATIONS:
        is_his = path.startswith("/partnerships/{") and method == "delete"  # he may end it
        if "{" not in path or is_his:
            continue
        answer = call(token, filled(path, owned.numbers), method, body_of(method, path))
        is_read = method == "get" and path.startswith(("/partnerships/", "/accounts/{account_id}"))
        assert is_read or answer.status_code in {403, 404, 409, 422}, (method, path)
        assert "olleague of Am" not in answer.content.decode(), (method, path)
    assert state() == before


def test_every_operation_that_takes_a_body_is_sent_one(owned: Owned) -> None:
    schema = api.get_openapi_schema()["paths"]
    assert {path: set(schema[path]) for path in schema} == {
        path: set(methods) for path, methods in operations.PATHS.items()
    }
    for method, path in OPERATIONS:
        takes = "application/json" in json.dumps(
            schema[f"/api/v1{path}"][method].get("requestBody", {})
        )
        if takes and "{" in path:
            assert body_of(method, path), f"{method} {path}: say in BODIES what to send"


def test_a_name_that_nobody_knows_is_refused_by_every_operation(owned: Owned) -> None:
    """Left aside, a misspelt field would change something else than was meant, or nothing."""
    token = token_of(owned.cast.amelie, owned.cast.network)
    told = api.get_openapi_schema()
    before, taking = state(), 0
    for method, path in OPERATIONS:
        content = told["paths"][f"/api/v1{path}"][method].get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        taking += 1
        said = (body_of(method, path) or {}) | {"misspelt": 1}
        answer = call(token, filled(path, owned.numbers), method, said)
        assert answer.status_code == 422, (method, path)
        assert re.match("Nothing is called .*“misspelt” here", answer.json()["message"]), path
        assert "/openapi.json" in answer.json()["hint"]
        for name, shape in _shapes(content, told["components"]["schemas"]).items():
            assert shape.get("additionalProperties") is False, f"{method} {path}: {name}"
    assert taking >= 50
    assert state() == before


def _shapes(content: Any, known: dict[str, Any]) -> dict[str, Any]:
    """The shapes that ``content`` speaks of, and those within them, by their names."""
    found: dict[str, Any] = {}
    waiting = [content]
    while waiting:
        for name in re.findall(r"#/components/schemas/(\w+)", json.dumps(waiting.pop())):
            if name not in found:
                found[name] = known[name]
                waiting.append(known[name])
    return {name: shape for name, shape in found.items() if "properties" in shape}
