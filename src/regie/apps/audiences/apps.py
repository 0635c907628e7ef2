"""Audiences: lists of people, shared as objects, updated once and true everywhere."""

from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "regie.apps.audiences"
    label = "audiences"
    default_auto_field = "django.db.models.BigAutoField"
