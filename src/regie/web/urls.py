"""Addresses of the pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from regie.web.console import recovery
from regie.web.views import (
    answering,
    commands,
    comparing,
    demo,
    events,
    explain,
    exports,
    filters,
    imports,
    invitation,
    mapping,
    objectives,
    planner,
    preferences,
    report,
    saved,
    settling,
    start,
)

urlpatterns = [
    path("", report.home, name="home"),
    path("report/", report.report, name="report"),
    path("report/explain/", explain.explain, name="report-explain"),
    path("report/filters/", filters.filters, name="report-filters"),
    path("objectives/", objectives.objectives, name="objectives"),
    path("objectives/new/", objectives.new, name="objectives-new"),
    path("objectives/<int:objective_id>/", objectives.change, name="objectives-change"),
    path("objectives/<int:objective_id>/remove/", objectives.remove, name="objectives-remove"),
    path("objectives/<int:objective_id>/undo/", objectives.take_back, name="objectives-undo"),
    path("report/compare/", comparing.comparing, name="report-compare"),
    path("report/table.xlsx", exports.table_xlsx, name="report-table-xlsx"),
    path("report/events/", events.events, name="report-events"),
    path("report/events/new/", events.new, name="report-event-new"),
    path("report/events/<int:event_id>/", events.change, name="report-event"),
    path("report/events/<int:event_id>/remove/", events.remove, name="report-event-remove"),
    path("report/events/<int:event_id>/undo/", events.take_back, name="report-event-undo"),
    path("report/save/", saved.save, name="report-save"),
    path("report/views/<int:view_id>/", saved.opened, name="report-view"),
    path("report/views/<int:view_id>/remove/", saved.remove, name="report-view-remove"),
    path("report/chart.csv", exports.chart_csv, name="report-chart-csv"),
    path("report/table.csv", exports.table_csv, name="report-table-csv"),
    path("imports/", imports.imports, name="imports"),
    path("imports/progress/", imports.progress, name="imports-progress"),
    path("imports/<int:import_id>/", imports.detail, name="imports-detail"),
    path("imports/<int:import_id>/progress/", imports.detail_progress, name="imports-one-progress"),
    path("imports/<int:import_id>/answer/", answering.answer, name="imports-answer"),
    path("imports/<int:import_id>/mapping/", mapping.mapping, name="imports-mapping"),
    path("imports/<int:import_id>/mapping/preview/", mapping.preview, name="imports-preview"),
    path("imports/tables/<int:mapping_id>/forget/", mapping.forget, name="imports-forget-table"),
    path("imports/<int:import_id>/refused.csv", imports.refused, name="imports-refused"),
    path("imports/<int:import_id>/stop/", imports.stop, name="imports-stop"),
    path("imports/<int:import_id>/undo/", imports.undo, name="imports-undo"),
    path("planner/", planner.planner, name="planner"),
    path("planner/new/", planner.new, name="planner-new"),
    path("planner/preview/", planner.preview, name="planner-preview"),
    path("planner/post/", planner.organic_post, name="planner-post"),
    path("planner/<int:plan_id>/", planner.plan, name="planner-plan"),
    path("planner/<int:plan_id>/what-if/", planner.what_if, name="planner-what-if"),
    path("planner/<int:plan_id>/share/", planner.share, name="planner-share"),
    path("planner/<int:plan_id>/archive/", planner.archive, name="planner-archive"),
    path("manager/", include("regie.web.console.urls")),
    path("settings/", settling.settings, name="settings"),
    path("commands/", commands.own, name="commands"),
    path("recovery/", recovery.recover, name="recovery"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation.opened, name="invitation-opened"),
    path("start/", start.start, name="start"),
    path("organisation/", preferences.switch_organisation, name="switch-organisation"),
    path("demo/sign-in/", demo.sign_in, name="demo-sign-in"),
    path("language/", preferences.choose_language, name="set_language"),
]

if settings.DEBUG:
    from regie.web.views import components

    urlpatterns.append(path("components/", components.components, name="components"))
