"""Keys for programs: who they speak for, what they may do, until when."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "regie.apps.tokens"
    label = "tokens"
    default_auto_field = "django.db.models.BigAutoField"
