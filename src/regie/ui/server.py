"""The address of this server as letters and programs carry it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Such as ``https://regie.example``."""
    # Behind a proxy the request itself comes in plainly: the deployment says what is outside.
    scheme = "https" if settings.SESSION_COOKIE_SECURE else request.scheme
    return str(settings.REGIE_ADDRESS or f"{scheme}://{request.get_host()}").rstrip("/")
