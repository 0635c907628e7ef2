"""Words of tracking that a registry of the lower floors names only by a slug."""

from __future__ import annotations

from typing import Final

from regie.kernel.i18n import _

DEVICES = {
    "phone": _("Phone"),
    "tablet": _("Tablet"),
    "desktop": _("Computer"),
    "television": _("Television"),
}
WHICH: Final = {
    "measured": _("your own measurement counts"),
    "imported": _("the import counts"),
    "both": _("both count: they are two sites"),
}
# Of what has numbers, one told twice under one number counts once in any case.
WHICH_NUMBERED: Final = WHICH | {"both": _("both count, and each number once")}
COUNTS: Final = {
    "visits": _("Visits"), "orders": _("Orders"), "leads": _("Leads"), "calls": _("Calls"),
}  # fmt: skip
