"""The people of all tests: Amélie franchisor, Bruno region, Chloé franchisee, Diane outsider."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.models import User
from regie.apps.connections import services as connections
from regie.apps.connections.models import Import
from regie.apps.dashboards.selectors import answer
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations import services
from regie.apps.organisations.models import Kind, Organisation, Role
from regie.domain.metrics.planning import parse
from regie.domain.metrics.query import Answer
from tests.lasting import Lasting

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    """A small network, and an outsider's studio beside it."""

    network: Organisation
    west: Organisation
    nantes: Organisation
    rennes: Organisation
    studio: Organisation
    amelie: User
    bruno: User
    chloe: User
    diane: User


@pytest.fixture(scope="module")
def company(lasting: Lasting) -> Cast:
    """The cast as the module's own fixtures meet it; a test asks for ``cast``."""
    with lasting():
        return engaged()


@pytest.fixture
def cast(company: Cast, db: None) -> Cast:
    """The cast for one test, which may change what it is given."""
    assert connection.savepoint_ids, "a test that commits makes a cast of its own: engaged()"
    return deepcopy(company)


def engaged() -> Cast:
    """The cast, made here and now."""
    with operating():
        network = _organisation("Réseau Horizon", "horizon", Kind.FRANCHISOR, None)
        west = _organisation("Horizon Ouest", "horizon-ouest", Kind.REGION, network)
        nantes = _organisation("Horizon Nantes", "horizon-nantes", Kind.FRANCHISEE, west)
        rennes = _organisation("Horizon Rennes", "horizon-rennes", Kind.FRANCHISEE, west)
        studio = _organisation("Atelier Diane", "atelier-diane", Kind.FREELANCE, None)
        return Cast(
            network, west, nantes, rennes, studio,
            amelie=_person("Amélie", network),
            bruno=_person("Bruno", west),
            chloe=_person("Chloé", nantes),
            diane=_person("Diane", studio),
        )  # fmt: skip


def _organisation(name: str, slug: str, kind: str, parent: Organisation | None) -> Organisation:
    return services.create_organisation(
        actor=None, name=name, slug=slug, kind=kind, parent=parent, location=slug
    )


def _person(name: str, organisation: Organisation) -> User:
    email = f"{name.lower().replace('é', 'e')}@horizon.example"
    user = User.objects.create_user(email, PASSWORD, name=name)
    services.add_member(actor=None, organisation=organisation, user=user, role=Role.ADMINISTRATOR)
    return user


def bring(
    organisation: Organisation, *paths: Path, actor: User | None = None, **options: Any
) -> list[Import]:
    """Import files for ``organisation``, as ``actor`` or the local operator."""
    return connections.import_files(
        actor=actor, organisation=organisation, files=[(path, path.name) for path in paths],
        options=connections.Options(**options),
    )  # fmt: skip


def ask(
    user: User | None,
    metrics: Sequence[str] | str,
    by: Sequence[str] = (),
    **query: Any,
) -> Answer:
    """What ``user`` (or the local operator) is answered over all that may be seen."""
    names = metrics.split(",") if isinstance(metrics, str) else list(metrics)
    as_of = query.pop("as_of", None)
    with acting_as(user) if user else operating():
        scope = scope_of(organisations.visible_organisations())
        return answer(parse(metrics=names, by=by, **query), scope, as_of=as_of)


def total(user: User | None, metric: str, **query: Any) -> Any:
    """The total of one metric; of money, by currency."""
    return ask(user, [metric], **query).totals[metric]
