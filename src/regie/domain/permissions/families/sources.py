"""Sources of figures that nobody advertises on: analytics, shops, customer files."""

from __future__ import annotations

from regie.domain.permissions.definitions import VIEW, Family, Permission, Role
from regie.kernel.i18n import _

LABELS = {
    VIEW: _("View the figures of the source"),
    "source.edit": _("Edit the source’s details"),
    "access.manage": _("Say who reads the source"),
}

SOURCES = Family(
    name="source",
    label=_("Source of figures"),
    permissions=tuple(Permission(code, label) for code, label in LABELS.items()),
    roles=(
        Role(
            "SOURCE_MANAGER",
            _("Source manager"),
            frozenset(LABELS),
            _("Reads the figures and says who else does."),
        ),
        Role("SOURCE_VIEWER", _("Source viewer"), frozenset({VIEW}), _("Reads figures only.")),
    ),
    approving="access.manage",
    importing="source.edit",
    source="our own",
)
