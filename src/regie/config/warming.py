"""What a server does before it listens, so that the first visitor does not wait for it."""

from __future__ import annotations

import gc
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.template import Engine
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import resolve, reverse
from django.utils.module_loading import import_string
from django.utils.translation import override

from regie.domain.metrics.catalog import metrics
from regie.ui import figures
from regie.warehouse.views import READER

# What the first page is made of: the templates that all pages share, and folders of others.
FRAMES, FIRST = ("base.html", "frame.html"), ("report", "ui", "parts")


def warm() -> None:
    """Import every page, connect, start the engine, read the report's templates and languages."""
    resolve("/")
    reverse("report")
    metrics()
    connection.ensure_connection()
    connection.close()
    READER.prepare()
    import_string(settings.MESSAGE_STORAGE)
    _read_templates()
    for language, _name in settings.LANGUAGES:
        with override(language):
            _speak()
    # What is there now stays: looking through it for garbage would cost every page.
    gc.collect()
    gc.freeze()


def _read_templates() -> None:
    _imported = Engine.get_default().template_context_processors  # when first looked at
    for name in FRAMES:
        get_template(name)
    for folder in get_app_template_dirs("templates"):
        for part in FIRST:
            for path in sorted(Path(folder, part).glob("*.html")):
                get_template(str(path.relative_to(folder)))


def _speak() -> None:
    for unit in ("money", "share", "count", "number"):
        figures.figure(Decimal("12345.678"), unit, "EUR")
    figures.days(date(2026, 1, 31), date(2026, 2, 1))
