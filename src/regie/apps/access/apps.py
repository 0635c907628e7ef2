"""What a person may read: the scope, and the context of row security."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "regie.apps.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
