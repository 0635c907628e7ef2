"""The address of this server as letters and programs carry it, and of who asks it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Such as ``https://regie.example``."""
    # Behind a proxy the request itself comes in plainly: the deployment says what is outside.
    scheme = "https" if settings.SESSION_COOKIE_SECURE else request.scheme
    return str(settings.REGIE_ADDRESS or f"{scheme}://{request.get_host()}").rstrip("/")


def caller_of(request: HttpRequest) -> str:
    """Whose attempts are counted: the address of the connection, or what a trusted proxy says.

    Without ``REGIE_ADDRESS_HEADER`` all who come through a proxy would wait for one another.
    """
    said = request.headers.get(settings.REGIE_ADDRESS_HEADER or "-", "")
    return said.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
