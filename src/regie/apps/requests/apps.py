"""Access requests: asking for a role on what somebody else owns, in the application or by file."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "regie.apps.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"
