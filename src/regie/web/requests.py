"""What a request is once the middleware has said who asks and for which organisation."""

from __future__ import annotations

from django.http import HttpRequest

from regie.apps.accounts.models import User
from regie.apps.organisations.models import Organisation
from regie.kernel.scope import Scope


class ScopedRequest(HttpRequest):
    """A signed-in person's request; ``organisation`` is None for one who belongs to none.

    ``branch`` are the ids of ``organisation`` and of what he sees below it.
    """

    user: User
    organisation: Organisation | None
    organisations: list[Organisation]
    branch: frozenset[int]
    scope: Scope
