"""Mail: an outbox in the database, from which the worker sends."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "regie.apps.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
