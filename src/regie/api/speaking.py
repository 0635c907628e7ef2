"""Who calls: the token, its rights, its pace, and the context in which the call runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from regie.api.problems import TooFast
from regie.apps.access.context import acting_as
from regie.apps.access.selectors import scope_of
from regie.apps.organisations import policies
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.tokens import services as tokens
from regie.apps.tokens.services import CALLS_PER_MINUTE, Speaker
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound
from regie.kernel.i18n import _, say
from regie.kernel.scope import Scope


class Token(HttpBearer):
    """``request.auth`` becomes the speaker."""

    def authenticate(self, request: HttpRequest, token: str) -> Speaker | None:
        return tokens.speaker(token)


class Call(HttpRequest):
    """A request whose speaker is known, inside that person's context."""

    auth: Speaker
    organisation: Organisation
    organisations: list[Organisation]
    scope: Scope


def allows(scope: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Runs the operation for its speaker, whose token must carry ``scope``."""

    def wrap(operation: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(operation)
        def guarded(request: Any, *given: Any, **named: Any) -> Any:
            speaker: Speaker = request.auth
            if speaker.calls > CALLS_PER_MINUTE:
                raise TooFast(
                    say(_("More than {most} calls in a minute."), most=CALLS_PER_MINUTE),
                    hint=_("Wait a minute, then go on."),
                )
            if scope not in speaker.scopes:
                raise Forbidden(
                    say(_("This token was not made for that: it lacks “{scope}”."), scope=scope),
                    hint=_("Make another token with this right."),
                )
            with acting_as(speaker.user):
                _stand(request, speaker)
                return operation(request, *given, **named)

        # The framework reads the parameters from the signature.
        guarded.__signature__ = inspect.signature(  # type: ignore[attr-defined]
            operation, eval_str=True
        )
        return guarded

    return wrap


def _stand(request: Any, speaker: Speaker) -> None:
    """The organisation of the token and those below it; a hidden one answers like an absent one."""
    visible = organisations.visible_organisations()
    here = next((one for one in visible if one.pk == speaker.organisation_id), None)
    if here is None:
        raise NotFound(_("The organisation of this token can no longer be seen."))
    policies.check_second_factor(actor=speaker.user, organisation=here, now=clock.now())
    request.organisation = here
    request.organisations = [one for one in visible if one.path.startswith(here.path)]
    request.scope = scope_of(request.organisations)
