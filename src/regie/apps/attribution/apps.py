"""Journeys of what was measured, and what each touch earned."""

from typing import Any

from django.apps import AppConfig


class AttributionConfig(AppConfig):
    name = "regie.apps.attribution"
    label = "attribution"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regie.apps.dashboards import events

        events.worked_out_by(_credited)


def _credited(session: Any, scope: Any, plan: Any) -> Any:
    """Loaded when a question needs it: most processes never do."""
    from regie.apps.attribution.selectors import credited

    return credited(session, scope, plan)
