"""Locations: who may answer reviews, who may change pictures, who may change hours."""

from __future__ import annotations

from regie.domain.permissions.definitions import VIEW, Family, Permission, Role
from regie.kernel.i18n import _

LABELS = {
    VIEW: _("View the figures of the location"),
    "location.hours": _("Change opening hours"),
    "location.photos": _("Change pictures"),
    "reviews.answer": _("Answer reviews"),
    "location.brand": _("Change name, category and brand fields"),
    "access.manage": _("Say who works on the location"),
}

LOCATIONS = Family(
    name="location",
    label=_("Location"),
    permissions=tuple(Permission(code, label) for code, label in LABELS.items()),
    roles=(
        Role(
            "LOCATION_OWNER",
            _("Owner of the location"),
            frozenset(LABELS),
            _("Does everything, brand fields included."),
        ),
        Role(
            "LOCATION_MANAGER",
            _("Store manager"),
            frozenset({VIEW, "location.hours", "location.photos", "reviews.answer"}),
            _("Hours, pictures and answers of one store; not its name nor its category."),
        ),
        Role(
            "REVIEW_RESPONDER",
            _("Review responder"),
            frozenset({VIEW, "reviews.answer"}),
            _("Answers reviews, and changes nothing else."),
        ),
        Role("LOCATION_VIEWER", _("Location viewer"), frozenset({VIEW}), _("Reads figures only.")),
    ),
    approving="access.manage",
    importing="location.hours",
    source="rights of a network by default: franchisor, region, store",
)
