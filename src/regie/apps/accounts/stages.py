"""Who goes on before his address is confirmed: where mail is sent, nobody who signed up himself."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage


class ConfirmedAddress(EmailVerificationStage):  # type: ignore[misc]
    """An account that its operator made, and that was never asked to confirm anything, goes on."""

    def handle(self) -> Any:
        person = self.login.user
        is_made = person is not None and not EmailAddress.objects.filter(user=person).exists()
        return (None, True) if is_made and not self.login.signup else super().handle()
