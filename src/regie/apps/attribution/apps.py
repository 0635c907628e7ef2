"""Journeys of what was measured, and what each touch earned."""

from django.apps import AppConfig


class AttributionConfig(AppConfig):
    name = "regie.apps.attribution"
    label = "attribution"
    default_auto_field = "django.db.models.BigAutoField"
