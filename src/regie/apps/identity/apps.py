"""Identity: who is the same person, on what evidence, and what a person can ask of us."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "regie.apps.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"
