"""Background work, queued in PostgreSQL."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "regie.jobs"
    label = "jobs"
