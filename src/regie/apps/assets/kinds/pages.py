"""Pages and channels that speak in the name of an organisation."""

from __future__ import annotations

from regie.apps.assets.forms_of_ids import IdForm, Kind
from regie.kernel.i18n import _

PAGE = Kind(
    name="page",
    label=_("Page"),
    plural=_("Pages"),
    family="page",
    room="pages",
    order=2,
    ids=(
        IdForm("linkedin_pages", "[0-9]{3,12}", _("3 to 12 digits."), "1337420"),
        IdForm("facebook_pages", "[0-9]{5,20}", _("5 to 20 digits."), "100200300400500"),
        IdForm("instagram", "[0-9]{5,20}", _("5 to 20 digits."), "17841400000000000"),
        IdForm("youtube", "UC[0-9A-Za-z_-]{22}", _("“UC” and 22 letters or digits."),
               "UCabcdefghijklmnopqrstuv"),
    ),
)  # fmt: skip
