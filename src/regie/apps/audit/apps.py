"""Who did what, append-only."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "regie.apps.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
