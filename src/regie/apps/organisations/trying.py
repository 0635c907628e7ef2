"""Moving, merging and closing tried: refused now what would be refused then, and nothing stays."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.organisations import steering
from regie.apps.organisations.consequences import (
    Consequences,
    of_closing,
    of_merger,
    of_move,
    of_opening,
)
from regie.apps.organisations.models import Organisation


def what_if_moved(
    *, actor: User, organisation: Organisation, to: Organisation | None
) -> Consequences:
    """Raises what ``move_organisation`` raises."""
    return _tried(
        lambda: steering.move_organisation(actor=actor, organisation=organisation, to=to),
        lambda: of_move(organisation, to),
    )


def what_if_merged(*, actor: User, organisation: Organisation, into: Organisation) -> Consequences:
    """Raises what ``merge_organisation`` raises."""
    return _tried(
        lambda: steering.merge_organisation(actor=actor, organisation=organisation, into=into),
        lambda: of_merger(organisation, into),
    )


def what_if_closed(*, actor: User, organisation: Organisation) -> Consequences:
    """Raises what ``close_organisation`` raises."""
    return _tried(
        lambda: steering.close_organisation(actor=actor, organisation=organisation),
        lambda: of_closing(organisation),
    )


def what_if_opened(*, actor: User, organisation: Organisation) -> Consequences:
    """Raises what ``open_again`` raises."""
    return _tried(
        lambda: steering.open_again(actor=actor, organisation=organisation),
        lambda: of_opening(organisation),
    )


@transaction.atomic
def _tried(act: Callable[[], object], told: Callable[[], Consequences]) -> Consequences:
    point = transaction.savepoint()
    try:
        act()
    finally:
        transaction.savepoint_rollback(point)
    return told()
