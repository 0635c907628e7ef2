"""Addresses of beneficiary rules."""

from __future__ import annotations

from django.urls import path

from regie.web.console import beneficiaries

urlpatterns = [
    path("", beneficiaries.beneficiaries, name="manager-beneficiaries"),
    path("<int:asset_id>/", beneficiaries.account, name="manager-beneficiaries-account"),
    path("<int:asset_id>/write/", beneficiaries.write, name="manager-beneficiaries-write"),
    path("<int:asset_id>/list/", beneficiaries.bring, name="manager-beneficiaries-list"),
    path("<int:asset_id>/labels/", beneficiaries.label, name="manager-beneficiaries-labels"),
    path("<int:asset_id>/give/", beneficiaries.give, name="manager-beneficiaries-give"),
    path("<int:asset_id>/remove/", beneficiaries.remove, name="manager-beneficiaries-remove"),
    path("<int:asset_id>/undo/<int:change_id>/", beneficiaries.undo,
         name="manager-beneficiaries-undo"),
    path("<int:asset_id>/rules.csv", beneficiaries.rules_csv, name="manager-beneficiaries-csv"),
    path("<int:asset_id>/campaigns.csv", beneficiaries.campaigns_csv,
         name="manager-beneficiaries-campaigns-csv"),
]  # fmt: skip
