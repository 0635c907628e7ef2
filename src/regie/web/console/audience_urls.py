"""Addresses of audiences in the console."""

from __future__ import annotations

from django.urls import path

from regie.web.console import audiences as views

urlpatterns = [
    path("", views.audiences, name="manager-audiences"),
    path("new/", views.new, name="manager-audiences-new"),
    path("ledger.csv", views.ledger, name="manager-audiences-ledger"),
    path("withdrawal/", views.withdraw_person, name="manager-audiences-person"),
    path("<int:audience_id>/", views.one, name="manager-audiences-one"),
    path("<int:audience_id>/change/", views.change, name="manager-audiences-change"),
    path("<int:audience_id>/load/", views.load, name="manager-audiences-load"),
    path("<int:audience_id>/share/", views.share, name="manager-audiences-share"),
    path("<int:audience_id>/use/", views.use, name="manager-audiences-use"),
    path("<int:audience_id>/export/", views.export, name="manager-audiences-export"),
    path("<int:audience_id>/archive/", views.archive, name="manager-audiences-archive"),
    path(
        "shares/<int:share_id>/withdraw/",
        views.withdraw_share,
        name="manager-audiences-unshare",
    ),
    path("uses/<int:use_id>/stop/", views.stop_using, name="manager-audiences-unuse"),
]
