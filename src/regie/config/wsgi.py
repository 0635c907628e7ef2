"""The web application for Granian: pages only; the collector stands beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regie.config.settings")
application = get_wsgi_application()

from regie.config.warming import warm  # noqa: E402 - it needs Django to be set up

warm()
