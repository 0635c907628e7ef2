"""How accounts behave here: who may sign up, what happens without mail, secrets kept encrypted."""

from __future__ import annotations

import base64
import hashlib
import logging
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from regie.apps.accounts import wording
from regie.ui.server import caller_of

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar = {**DefaultAccountAdapter.error_messages, **wording.ACCOUNT}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """``REGIE_SIGN_UP=0`` closes the door: accounts are then made by the operator."""
        return bool(settings.REGIE_SIGN_UP)

    def get_login_stages(self) -> list[str]:
        stages = super().get_login_stages()
        ours = "regie.apps.accounts.stages.ConfirmedAddress"
        return [ours if one.endswith(".EmailVerificationStage") else one for one in stages]

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """A person's language is the one that he signed up in, until he chooses another."""
        user.language = get_language() or ""
        return super().save_user(request, user, form, commit)

    def render_mail(
        self, template_prefix: str, email: Any, context_: dict[str, Any], headers: Any = None
    ) -> Any:
        """In the language of who reads it, whoever's browser made us write."""
        reader = context_.get("user")
        with override(getattr(reader, "language", "") or get_language()):
            return super().render_mail(template_prefix, email, context_, headers)

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, Any]) -> None:
        """A server without mail still lets people in; it says that nothing was sent."""
        try:
            super().send_mail(template_prefix, email, context_)
        except (OSError, SMTPException) as problem:
            logger.warning("no mail could be sent (%s): %s", template_prefix, problem)
            if context.request is not None:
                context.request.mail_failed = True
                messages.warning(
                    context.request,
                    _("No e-mail could be sent: this server has no mail yet. Tell its operator."),
                )

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: Any,
        **named: Any,
    ) -> None:  # fmt: skip
        """Neither what one sees anyway, nor that a mail was sent which was not."""
        name = (message_template or "").rsplit("/", 1)[-1]
        unsent = name == "email_confirmation_sent.txt" and getattr(request, "mail_failed", False)
        if name != "logged_in.txt" and not unsent:
            super().add_message(request, level, message_template, *rest, **named)

    def get_client_ip(self, request: HttpRequest) -> str:
        return caller_of(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticators and recovery codes are of no use to who reads the tables alone."""

    error_messages: ClassVar = {**DefaultMFAAdapter.error_messages, **wording.SECOND_FACTOR}

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
