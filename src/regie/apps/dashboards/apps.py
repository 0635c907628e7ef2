"""Answers to questions about figures."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "regie.apps.dashboards"
    label = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"
