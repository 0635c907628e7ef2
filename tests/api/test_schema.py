"""The API keeps its schema: whatever is sent, no 500, no answer that is not documented."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema

from regie.api.application import api
from regie.api.problems import PROBLEMS
from regie.apps.tokens.scopes import SCOPES
from tests.api import operations
from tests.installation import new_installation, serving
from tests.waiting import PATIENCE

OPERATIONS = sorted((method.upper(), path) for method, path in operations.OPERATIONS)
CHECKS = (
    "content_type_conformance", "ignored_auth", "response_schema_conformance",
    "status_code_conformance",
)  # fmt: skip
PEOPLE = """
from regie.config.boot import start
start()
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations import services
with operating():
    place = services.create_organisation(actor=None, name="Horizon Nantes", slug="nantes")
    chloe = User.objects.create_user("chloe@horizon.example", "correct horse battery", name="Chloé")
    services.add_member(actor=None, organisation=place, user=chloe, role="administrator")
"""
TOKEN = (
    "token", "--as", "chloe@horizon.example", "--organisation", "nantes", "--name", "Notebook",
    *(word for scope in SCOPES for word in ("--scope", scope)),
)  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Any, str]]:
    """What a real server says of itself, and a token with every right."""
    import schemathesis  # here, as loading it takes longer than all the rest that tests load

    with new_installation() as made:
        subprocess.run(
            [sys.executable, "-c", PEOPLE], env=made.environment, check=True, timeout=120
        )
        token = made.run(*TOKEN).strip()
        with serving(made.environment | {"REGIE_API_CALLS": "1000000"}) as address:
            told = f"{address}/api/v1/openapi.json"
            yield schemathesis.openapi.from_url(told, timeout=PATIENCE), token


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_says_what_it_may_answer_instead(method: str, path: str) -> None:
    told = api.get_openapi_schema()["paths"][path][method.lower()]["responses"]
    refusals = {code: one for code, one in told.items() if code >= 400}
    assert refusals.keys() == PROBLEMS
    for one in refusals.values():
        shape = one["content"]["application/json"]["schema"]
        assert shape == {"$ref": "#/components/schemas/Problem"}


def test_no_two_shapes_share_a_name() -> None:
    """The schema knows shapes by their name alone: of two, one would be told of both."""
    known: dict[str, set[str]] = {}
    for shape in _below(Schema):
        known.setdefault(shape.__name__, set()).add(shape.__module__)
    assert {name: where for name, where in known.items() if len(where) > 1} == {}


def _below(shape: type) -> set[type]:
    ours = {one for one in shape.__subclasses__() if one.__module__.startswith("regie.")}
    return ours.union(*(_below(one) for one in ours))


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_nothing_that_is_sent_breaks_the_schema(
    method: str, path: str, mode: str, served: tuple[Any, str]
) -> None:
    """Neither what fits it, nor what does not: that is refused as the schema says."""
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks as of_schemas

    schema, token = served
    checks = [not_a_server_error, *(getattr(of_schemas, name) for name in CHECKS)]

    @settings(
        max_examples=7, deadline=None, database=None, derandomize=True,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy(generation_mode=GenerationMode(mode)))
    def holds(case: Any) -> None:
        case.headers = {
            name: said for name, said in (case.headers or {}).items() if name.lower() != "host"
        }  # a host that is not ours never gets as far as the API
        case.call_and_validate(
            headers={"Authorization": f"Bearer {token}"}, checks=checks, timeout=PATIENCE
        )

    holds()
