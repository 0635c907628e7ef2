"""The web application for Granian: pages only; the collector stands beside it."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regie.config.settings")
application = get_wsgi_application()


def _prepare() -> None:
    """Import every page and start the engine now, and not while the first visitor waits."""
    from regie.warehouse.views import READER

    resolve("/")
    READER.prepare()


_prepare()
