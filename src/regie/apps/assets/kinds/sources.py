"""Whatever else gives figures: analytics, shops, customer files. Imports create them."""

from __future__ import annotations

from regie.apps.assets.forms_of_ids import IdForm, Kind
from regie.kernel.i18n import _

_ANY = "[^\\s].{0,199}"
SOURCE = Kind(
    name="source",
    label=_("Source of figures"),
    plural=_("Sources of figures"),
    family="source",
    room="sources",
    order=90,
    ids=(
        IdForm("ga4", "[0-9]{6,14}", _("The 6 to 14 digits of the property."), "312345678"),
        IdForm("matomo", _ANY, _("The number of the site."), "1"),
        IdForm("shopify", _ANY, _("The name of the shop."), "atelier.myshopify.com"),
        IdForm("woocommerce", _ANY, _("The address of the shop."), "shop.atelier.example"),
        IdForm("stripe", _ANY, _("The number of the account."), "acct_1A2b3C4d5E6f7G8h"),
        IdForm("hubspot", _ANY, _("The number of the account."), "1234567"),
        IdForm("salesforce", _ANY, _("The number of the organisation."), "00D000000000001"),
        IdForm("linkedin", _ANY, _("The name of the profile."), "amelie"),
    ),
)
