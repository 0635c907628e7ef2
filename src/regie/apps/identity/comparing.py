"""Customers are compared in the background: asked for, done by the worker, told on the page."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.identity import policies
from regie.apps.identity.matching import (
    LEAST_KEPT,
    check_can_compare,
    keep_matches,
    read_customers,
)
from regie.apps.identity.models import Solution
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.warehouse.matching import probable_matches


@transaction.atomic
def ask_comparison(*, actor: User | None, organisation: Organisation) -> None:
    """Have the worker compare the organisation's customers, as they are when it begins.

    Raises ``Refused`` where nothing could be learnt.
    """
    policies.check_may_look(actor=actor, organisation=organisation)
    check_can_compare(organisation)
    Solution.objects.update_or_create(
        organisation=organisation, defaults={"asked_at": clock.now(), "failed_at": None}
    )
    app.configure_task("identity.compare_customers").defer(organisation_id=organisation.pk)


def compare_customers(organisation_id: int) -> None:
    """What was asked for; after a kill it is done by whoever takes the job up.

    Nothing is held while it computes. What was asked anew, or is no longer wanted, is not kept.
    """
    with operating():
        state = Solution.objects.filter(organisation_id=organisation_id).first()
        organisation = Organisation.objects.filter(pk=organisation_id).first()
        asked_at = state.asked_at if state else None
        if organisation is None or asked_at is None:
            return
    failed_at: datetime | None = clock.now()
    try:
        with operating():
            customers = read_customers(organisation)
        found = probable_matches(customers, least=LEAST_KEPT)
        with operating():
            if _is_waited_for(organisation_id, asked_at):
                keep_matches(found, len(customers), actor=None, organisation=organisation)
        failed_at = None
    finally:
        with operating():
            if _is_waited_for(organisation_id, asked_at):
                Solution.objects.filter(organisation_id=organisation_id).update(
                    asked_at=None, failed_at=failed_at
                )


def _is_waited_for(organisation_id: int, asked_at: datetime) -> bool:
    found = Solution.objects.select_for_update().filter(organisation_id=organisation_id)
    return found.filter(asked_at=asked_at).exists()
