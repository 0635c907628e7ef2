"""Imports, their files, and the catalogue of the warehouse."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "regie.apps.connections"
    label = "connections"
    default_auto_field = "django.db.models.BigAutoField"
