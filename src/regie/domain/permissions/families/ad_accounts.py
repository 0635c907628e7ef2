"""Ad accounts: the matrix of LinkedIn, whose roles other platforms come nearest to."""

from __future__ import annotations

from regie.domain.permissions.definitions import VIEW, Family, Permission, Role, held_by
from regie.kernel.i18n import _

LABELS = {
    VIEW: _("View campaign performance"),
    "campaigns.create": _("Create campaigns"),
    "campaigns.edit": _("Edit campaigns"),
    "ads.edit": _("Edit new and existing ads"),
    "access.manage": _("Manage user access"),
    "account.edit": _("Edit account details"),
    "notifications.receive": _("Receive notifications"),
    "billing.view": _("View billing history"),
    "billing.edit": _("Change billing details"),
    "receipts.print": _("Print receipts"),
}
# Columns: billing admin, account manager, campaign manager, creative manager, viewer.
MATRIX = {
    VIEW: "BA AM CM CR VI",
    "campaigns.create": "BA AM CM",
    "campaigns.edit": "BA AM CM",
    "ads.edit": "BA AM CM CR",
    "access.manage": "BA AM",
    "account.edit": "BA AM",
    "notifications.receive": "BA AM CM CR VI",
    "billing.view": "BA AM CM CR VI",
    "billing.edit": "BA",
    "receipts.print": "BA AM",
}

AD_ACCOUNTS = Family(
    name="ad_account",
    label=_("Ad account"),
    permissions=tuple(Permission(code, label) for code, label in LABELS.items()),
    roles=(
        Role(
            "ACCOUNT_BILLING_ADMIN",
            _("Billing admin"),
            held_by(MATRIX, "BA"),
            _("Does everything, and answers for what is paid. Every account has one."),
            note=_("LinkedIn puts the account on hold when its billing admin changes, until new "
                   "billing details are given."),
        ),
        Role(
            "ACCOUNT_MANAGER",
            _("Account manager"),
            held_by(MATRIX, "AM"),
            _("Runs the account and says who works on it; doesn’t touch how it is paid."),
        ),
        Role(
            "CAMPAIGN_MANAGER",
            _("Campaign manager"),
            held_by(MATRIX, "CM"),
            _("Creates and changes campaigns and ads."),
        ),
        Role(
            "CREATIVE_MANAGER",
            _("Creative manager"),
            held_by(MATRIX, "CR"),
            _("Changes ads, not campaigns nor budgets."),
        ),
        Role("VIEWER", _("Viewer"), held_by(MATRIX, "VI"), _("Reads figures and bills.")),
    ),
    approving="access.manage",
    importing="campaigns.edit",
    keeper="ACCOUNT_BILLING_ADMIN",
    source="LinkedIn help a425731 and its API access controls, read 2026",
)  # fmt: skip
