"""Beneficiary rules: for whom the campaigns of a shared account work."""

from django.apps import AppConfig


class BeneficiariesConfig(AppConfig):
    name = "regie.apps.beneficiaries"
    label = "beneficiaries"
    default_auto_field = "django.db.models.BigAutoField"
