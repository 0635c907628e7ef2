"""Addresses of the console, under ``/manager/``; every name begins with ``manager``."""

from __future__ import annotations

from django.urls import path

from regie.web.console import invitations, organisation, people, person

urlpatterns = [
    path("", organisation.organisation, name="manager"),
    path("people/", people.people, name="manager-people"),
    path("people.csv", people.people_csv, name="manager-people-csv"),
    path("people/change/", people.change_several, name="manager-people-change"),
    path("people/restore/", people.restore, name="manager-people-restore"),
    path("people/bring/", people.bring, name="manager-people-bring"),
    path("people/<int:member_id>/", person.person, name="manager-person"),
    path("people/<int:member_id>/remove/", person.remove, name="manager-person-remove"),
    path("invitations/", invitations.invitations, name="manager-invitations"),
    path("invitations/domains/", invitations.domains, name="manager-domains"),
    path(
        "invitations/<int:invitation_id>/resend/",
        invitations.resend,
        name="manager-invitation-resend",
    ),
    path(
        "invitations/<int:invitation_id>/withdraw/",
        invitations.withdraw,
        name="manager-invitation-withdraw",
    ),
]
