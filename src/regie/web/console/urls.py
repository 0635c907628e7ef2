"""Addresses of the console, under ``/manager/``; every name begins with ``manager``."""

from __future__ import annotations

from django.urls import path

from regie.web.console import organisation

urlpatterns = [
    path("", organisation.organisation, name="manager"),
]
