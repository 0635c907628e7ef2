"""Places that customers go to."""

from __future__ import annotations

from regie.apps.assets.forms_of_ids import IdForm, Kind
from regie.kernel.i18n import _

LOCATION = Kind(
    name="location",
    label=_("Location"),
    plural=_("Locations"),
    family="location",
    room="locations",
    order=3,
    ids=(
        IdForm(
            "google_business_profile", "(locations/)?[0-9A-Za-z_-]{2,40}",
            _("The number of the profile, or your own store code."), "GI-NTE",
            lambda text: text.removeprefix("locations/"),
        ),
    ),
)  # fmt: skip
