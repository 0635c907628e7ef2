"""The pages are a Django app so that their templates, static files and words are found."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "regie.web"
    label = "web"
