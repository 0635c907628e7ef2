"""A real SMTP server on the loopback, and what it received."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from tests.ports import free_port


class Postbox:
    """Set ``refuses`` to an answer such as ``550 no such person``, and nothing is taken."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses = ""

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.messages if one["To"] == address]

    def link(self, address: str) -> str:
        """The path of the last link that ``address`` got."""
        found = re.findall(r"https?://[^/\s]+(/\S+)", self.to(address)[-1].get_content())
        return found[-1]


@pytest.fixture
def postbox(settings) -> Iterator[Postbox]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield box
    controller.stop()


def deliver() -> None:
    """Send what lies in the outbox, as the worker would."""
    from regie.apps.access.context import operating
    from regie.apps.notifications import services
    from regie.apps.notifications.models import Mail, State

    with operating():
        for mail_id in Mail.objects.filter(state=State.QUEUED).values_list("pk", flat=True):
            services.deliver(mail_id)
