"""Addresses of the console, under ``/manager/``; every name begins with ``manager``."""

from __future__ import annotations

from django.urls import include, path

from regie.web.console import (
    invitations,
    journal,
    organisation,
    people,
    person,
    place,
    recovery,
    requests,
    review,
    rules,
    setting_up,
    tokens,
    tree,
)

urlpatterns = [
    path("", organisation.organisation, name="manager"),
    path("rules/second-factor/", rules.second_factor, name="manager-rule-second-factor"),
    path("rules/access/", rules.access, name="manager-rule-access"),
    path("organisations/", tree.tree, name="manager-tree"),
    path("organisations/<int:organisation_id>/", place.place, name="manager-place"),
    path("organisations/undo/<int:change_id>/", tree.undo, name="manager-tree-undo"),
    path("set-up/", setting_up.set_up, name="manager-set-up"),
    path("recovery/", recovery.seal, name="manager-recovery"),
    path("review/", review.review, name="manager-review"),
    path("review/sign/", review.sign, name="manager-review-sign"),
    path("review/<int:review_id>.pdf", review.certificate_pdf, name="manager-review-pdf"),
    path("review/<int:review_id>.csv", review.certificate_csv, name="manager-review-csv"),
    path("journal/", journal.journal, name="manager-journal"),
    path("journal.csv", journal.journal_csv, name="manager-journal-csv"),
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
    path("requests/", requests.requests, name="manager-requests"),
    path("requests/ask/", requests.ask, name="manager-requests-ask"),
    path("requests/list/", requests.bring, name="manager-requests-list"),
    path("requests/file.csv", requests.to_owners, name="manager-requests-file"),
    path("requests/answers/", requests.answers, name="manager-requests-answers"),
    path("requests/<int:request_id>/", requests.decide, name="manager-requests-decide"),
    path("audiences/", include("regie.web.console.audience_urls")),
    path("beneficiaries/", include("regie.web.console.beneficiary_urls")),
    path("tokens/", tokens.tokens, name="manager-tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="manager-tokens-revoke"),
    path("", include("regie.web.console.asset_urls")),
]
