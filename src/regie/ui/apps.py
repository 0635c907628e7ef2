"""The components are a Django app so that their templates and tags are found."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "regie.ui"
    label = "ui"
