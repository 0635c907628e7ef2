"""Pages: page roles, and the paid-media roles that are held beside them."""

from __future__ import annotations

from regie.domain.permissions.definitions import VIEW, Family, Permission, Role, held_by
from regie.kernel.i18n import _

PAID = "paid_media"
LABELS = {
    "access.manage": _("Manage page admins and paid-media admins"),
    "page.edit": _("Edit the page"),
    "page.create_showcase": _("Create showcase pages"),
    "page.deactivate": _("Deactivate the page"),
    "page.approve_apps": _("Approve the association of an app"),
    "page.admin_suggestions": _("Be notified of suggested admins"),
    "page.invite_followers": _("Invite people to follow"),
    "page.restrict_members": _("Restrict members"),
    "page.post": _("Publish posts"),
    "page.comment": _("Comment as the page"),
    "page.sponsor": _("Publish sponsored content as the page"),
    "page.boost": _("Boost posts"),
    "page.jobs": _("Publish jobs"),
    "page.events": _("Create events"),
    "page.live": _("Go live"),
    "page.untag": _("Remove tags of the page"),
    "page.notify_employees": _("Notify employees"),
    "page.third_party": _("Publish through third-party tools"),
    "page.messages": _("Read and answer messages"),
    "page.products": _("Manage product pages"),
    "page.social_notifications": _("Be notified of likes, comments and mentions"),
    "page.recommend": _("Create and edit recommended content"),
    VIEW: _("View and export analytics"),
    "page.lead_forms": _("Manage lead forms and their leads"),
    "page.landing_pages": _("Manage landing pages"),
}
# Columns: super admin, content admin, curator, analyst.
MATRIX = {
    **dict.fromkeys(
        ("access.manage", "page.edit", "page.create_showcase", "page.deactivate",
         "page.approve_apps", "page.admin_suggestions"),
        "SA",
    ),
    **dict.fromkeys(
        ("page.invite_followers", "page.restrict_members", "page.post", "page.comment",
         "page.sponsor", "page.boost", "page.jobs", "page.events", "page.live", "page.untag",
         "page.notify_employees", "page.third_party", "page.messages", "page.products",
         "page.social_notifications"),
        "SA CA",
    ),
    "page.recommend": "SA CA CU",
    VIEW: "SA CA CU AN",
}  # fmt: skip

PAGES = Family(
    name="page",
    label=_("Page"),
    permissions=tuple(Permission(code, label) for code, label in LABELS.items()),
    roles=(
        Role(
            "ADMINISTRATOR",
            _("Super admin"),
            held_by(MATRIX, "SA"),
            _("Edits the page and says who works on it."),
        ),
        Role(
            "CONTENT_ADMIN",
            _("Content admin"),
            held_by(MATRIX, "CA"),
            _("Publishes, comments and answers as the page."),
        ),
        Role(
            "CURATOR",
            _("Content editor"),
            held_by(MATRIX, "CU"),
            _("Recommends content to employees."),
            note=_("Retired at LinkedIn: it can no longer be given there."),
        ),
        Role("ANALYST", _("Analyst"), held_by(MATRIX, "AN"), _("Reads and exports figures.")),
        Role(
            "DIRECT_SPONSORED_CONTENT_POSTER",
            _("Sponsored Content poster"),
            frozenset({"page.sponsor"}),
            _("Publishes sponsored content as the page, from an ad account."),
            line=PAID,
        ),
        Role(
            "LEAD_GEN_FORMS_MANAGER",
            _("Lead Gen Forms manager"),
            frozenset({"page.lead_forms"}),
            _("Makes lead forms and downloads their leads."),
            line=PAID,
        ),
        Role(
            "LANDING_PAGES_MANAGER",
            _("Landing Pages manager"),
            frozenset({"page.landing_pages"}),
            _("Makes the landing pages of ads."),
            line=PAID,
        ),
    ),
    approving="access.manage",
    importing="page.post",
    keeper="ADMINISTRATOR",
    source="LinkedIn help a550647 and a541981, read 2026",
)
