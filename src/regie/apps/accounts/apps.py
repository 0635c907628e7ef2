"""People who sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "regie.apps.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
