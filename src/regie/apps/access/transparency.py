"""Totals that a network shows to everybody in it: what it spent and earned, never whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from regie.apps.access import policies
from regie.apps.access.journal import note
from regie.apps.access.models import OpenTotals
from regie.apps.accounts.models import User
from regie.apps.organisations.models import Organisation
from regie.kernel.scope import Scope

FEWEST = 3  # of two, each would know the other's figures by taking away his own


@dataclass(frozen=True)
class OpenNetwork:
    """``scope`` is for adding up only: it is None where too few would be in the sum."""

    organisation_id: int
    name: str
    currency: str
    owners: int
    scope: Scope | None


@transaction.atomic
def show_totals(*, actor: User | None, organisation: Organisation, shown: bool) -> None:
    """Whether everybody in the branch of ``organisation`` sees its totals."""
    policies.check_can_administer(actor=actor, organisation=organisation)
    if shown:
        _record, is_new = OpenTotals.objects.get_or_create(
            organisation=organisation, defaults={"opened_by": str(actor or "")}
        )
    else:
        is_new = bool(OpenTotals.objects.filter(organisation=organisation).delete()[0])
    if is_new:
        note(actor, organisation.pk, "access.totals_shown" if shown else "access.totals_hidden")


def shows_totals(organisation: Organisation) -> bool:
    return OpenTotals.objects.filter(organisation=organisation).exists()


def open_network(organisation: Organisation) -> OpenNetwork | None:
    """The nearest network above, or here, that shows its totals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, name, currency, owners, assets FROM regie_open_network(%s)",
            [organisation.pk],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    key, name, currency, owners, assets = found
    scope = Scope(frozenset({key}), frozenset(assets)) if owners >= FEWEST else None
    return OpenNetwork(key, name, currency, owners, scope)
