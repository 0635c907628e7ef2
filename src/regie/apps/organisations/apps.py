"""The tree of organisations and their members."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "regie.apps.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
