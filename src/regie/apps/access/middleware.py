"""Sets, once per request, for whom the database answers and for which organisation one acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from regie.apps.access.context import acting_as
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.models import User
from regie.apps.organisations import selectors as organisations
from regie.kernel.scope import Scope

SESSION_KEY = "organisation"


class ScopeMiddleware:
    """``request.organisation``, ``request.organisations``, ``request.branch`` and
    ``request.scope``, which is worked out where a page reads figures and not before.

    The whole request runs in one transaction under the person's context; the page is rendered
    inside it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organisation = None  # type: ignore[attr-defined]
        request.organisations = []  # type: ignore[attr-defined]
        request.branch = frozenset()  # type: ignore[attr-defined]
        request.scope = Scope.nothing()  # type: ignore[attr-defined]
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        with acting_as(user):
            self._choose(request)
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
            return response

    def _choose(self, request: HttpRequest) -> None:
        visible = organisations.visible_organisations()
        chosen = request.session.get(SESSION_KEY)
        # A closed one is nobody's first choice: its administrator gets there to open it again.
        offered = [one for one in visible if one.closed_at is None] or visible
        current = next((one for one in offered if one.slug == chosen), None)
        current = current or next(iter(offered), None)
        request.organisations = visible  # type: ignore[attr-defined]
        request.organisation = current  # type: ignore[attr-defined]
        if current is not None:
            branch = [one for one in visible if one.path.startswith(current.path)]
            request.branch = frozenset(one.pk for one in branch)  # type: ignore[attr-defined]
            request.scope = SimpleLazyObject(  # type: ignore[attr-defined]
                partial(scope_of, branch)
            )
