"""Words of tracking that a registry of the lower floors names only by a slug."""

from __future__ import annotations

from regie.kernel.i18n import _

DEVICES = {
    "phone": _("Phone"),
    "tablet": _("Tablet"),
    "desktop": _("Computer"),
    "television": _("Television"),
}
