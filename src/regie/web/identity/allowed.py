"""Who looks at people: the organisation that one acts for, where one may look at its own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from regie.apps.identity import selectors
from regie.apps.organisations.models import Organisation
from regie.web.requests import ScopedRequest


def organisation_looked_at(request: ScopedRequest) -> Organisation:
    """Raises ``PermissionDenied`` for whoever may not."""
    organisation = request.organisation
    if organisation is None or not selectors.may_look(
        actor=request.user, organisation=organisation
    ):
        raise PermissionDenied
    return organisation
