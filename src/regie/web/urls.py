"""Addresses of the pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from regie.web.views import answering, demo, explain, exports, filters, imports, preferences, report

urlpatterns = [
    path("", report.home, name="home"),
    path("report/", report.report, name="report"),
    path("report/explain/", explain.explain, name="report-explain"),
    path("report/filters/", filters.filters, name="report-filters"),
    path("report/chart.csv", exports.chart_csv, name="report-chart-csv"),
    path("report/table.csv", exports.table_csv, name="report-table-csv"),
    path("imports/", imports.imports, name="imports"),
    path("imports/progress/", imports.progress, name="imports-progress"),
    path("imports/<int:import_id>/", imports.detail, name="imports-detail"),
    path("imports/<int:import_id>/progress/", imports.detail_progress, name="imports-one-progress"),
    path("imports/<int:import_id>/answer/", answering.answer, name="imports-answer"),
    path("imports/<int:import_id>/refused.csv", imports.refused, name="imports-refused"),
    path("imports/<int:import_id>/undo/", imports.undo, name="imports-undo"),
    path("organisation/", preferences.switch_organisation, name="switch-organisation"),
    path("demo/sign-in/", demo.sign_in, name="demo-sign-in"),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.DEBUG:
    from regie.web.views import components

    urlpatterns.append(path("components/", components.components, name="components"))
