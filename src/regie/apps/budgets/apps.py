"""Plans that turn an objective into a budget, kept to be laid beside what happened."""

from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    name = "regie.apps.budgets"
    label = "budgets"
    default_auto_field = "django.db.models.BigAutoField"
