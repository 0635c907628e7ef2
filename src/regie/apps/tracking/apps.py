"""Tracked links, promo codes, measured sites, and what the collector heard of them."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "regie.apps.tracking"
    label = "tracking"
    default_auto_field = "django.db.models.BigAutoField"
