"""What a token may be made for, each in a few words."""

from __future__ import annotations

import os
from typing import Final

from regie.kernel.i18n import _

SCOPES: Final = {
    "figures:read": _("Read figures"),
    "imports:read": _("See what came in"),
    "imports:write": _("Bring files in"),
    "manager:read": _("Read organisations, people, accounts, partners and the journal"),
    "manager:write": _("Give roles, raise and lower ceilings"),
    "roles:write": _("Change roles of one’s own, and what the organisation allows at all"),
    "rules:write": _("Change the rules and the settings of the organisation"),
    "organisations:write": _("Create, move, merge and close organisations of the branch"),
    "accounts:write": _("Link and detach accounts"),
    "people:write": _("Invite people, change what they are, take them out"),
    "reviews:write": _("Look over accesses: take back unused roles, sign the review"),
    "recovery:write": _("Name the three who can let somebody back in"),
    "partners:write": _("Propose, accept and end partnerships; share accounts"),
    "requests:write": _("Ask for access, and answer who asks"),
    "audiences:read": _("Read audiences, but nobody in them"),
    "audiences:write": _("Create, load, share and use audiences"),
    "audiences:export": _("Take audiences out for a platform, as digests"),
    "measuring:write": _("Say which source counts where two tell the same"),
    "privacy:write": _("Tell, correct and erase persons"),
}
MOST_DAYS: Final = 365
CALLS_PER_MINUTE: Final = int(os.environ.get("REGIE_API_CALLS", "600"))
