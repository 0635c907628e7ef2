"""Make a token, shown once; take it back at any time; say who speaks when a program calls."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.apps.tokens import policies
from regie.apps.tokens.models import Token
from regie.apps.tokens.scopes import CALLS_PER_MINUTE as CALLS_PER_MINUTE
from regie.apps.tokens.scopes import MOST_DAYS as MOST_DAYS
from regie.apps.tokens.scopes import SCOPES as SCOPES
from regie.kernel import clock
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _, say

PREFIX = "regie_"


@dataclass(frozen=True)
class Speaker:
    """Whom a call comes from; ``calls`` counts those of the running minute, this one included."""

    user: User
    organisation_id: int
    scopes: frozenset[str]
    calls: int


@transaction.atomic
def make_token(
    *, actor: User, organisation: Organisation, name: str, scopes: Collection[str], days: int
) -> str:
    """The token itself: it can never be shown again. Raises ``WrongUse``, ``Forbidden``."""
    policies.check_can_make(actor=actor, organisation=organisation)
    if not name.strip():
        raise WrongUse(_("Give the token a name that says which program uses it."))
    if not scopes or not set(scopes) <= set(SCOPES):
        raise WrongUse(_("Say what the token may do: at least one of the listed rights."))
    if not 1 <= days <= MOST_DAYS:
        raise WrongUse(say(_("A token lives from 1 to {most} days."), most=MOST_DAYS))
    secret = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        organisation=organisation, user=actor, name=name.strip(), digest=_digest(secret),
        ending=secret[-4:], scopes=sorted(set(scopes)),
        expires_at=clock.now() + timedelta(days=days),
    )  # fmt: skip
    _record(actor, made, "tokens.made", scopes=made.scopes, days=days)
    return secret


@transaction.atomic
def revoke_token(*, actor: User, token_id: int) -> None:
    found = Token.objects.filter(pk=token_id, revoked_at=None).select_related("organisation")
    token = found.first()
    if token is None:
        raise NotFound(_("There is no such token."))
    policies.check_can_revoke(actor=actor, token=token)
    Token.objects.filter(pk=token.pk).update(revoked_at=clock.now())
    _record(actor, token, "tokens.revoked")


@transaction.atomic
def revoke_all_of(person: User) -> None:
    """Whoever takes an account over shares it with no program of a former holder."""
    for token in Token.objects.filter(user=person, revoked_at=None):
        revoke_token(actor=person, token_id=token.pk)


def speaker(secret: str) -> Speaker | None:
    """Who calls with ``secret``; None for one that is unknown, expired or taken back."""
    if not secret.startswith(PREFIX):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM regie_token(%s)", [_digest(secret)])
        found = cursor.fetchone()
    if found is None:
        return None
    user_id, organisation_id, scopes, calls = found
    return Speaker(User.objects.get(pk=user_id), organisation_id, frozenset(scopes), calls)


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(actor: User, token: Token, action: str, **details: object) -> None:
    audit.record(
        organisation_id=token.organisation_id, action=action, actor_id=actor.pk, actor=str(actor),
        token=str(token), **details,
    )  # fmt: skip
