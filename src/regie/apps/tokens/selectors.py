"""Tokens as the pages list them; row security hides those of others."""

from __future__ import annotations

from regie.apps.organisations.models import Organisation
from regie.apps.tokens.models import Token


def tokens_of(organisation: Organisation) -> list[Token]:
    """Live ones first, the latest of them first."""
    found = Token.objects.filter(organisation=organisation).select_related("user")
    return sorted(found.order_by("-pk"), key=lambda one: one.revoked_at is not None)
