"""What can be owned: ad accounts, pages, shops."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "regie.apps.assets"
    label = "assets"
    default_auto_field = "django.db.models.BigAutoField"
