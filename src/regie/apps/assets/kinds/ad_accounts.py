"""Ad accounts of every platform."""

from __future__ import annotations

from regie.apps.assets.forms_of_ids import (
    IdForm,
    Kind,
    dashed,
    dashed_or_not,
    prefixed,
    prefixed_or_not,
)
from regie.kernel.i18n import _

AD_ACCOUNT = Kind(
    name="ad_account",
    label=_("Ad account"),
    plural=_("Ad accounts"),
    family="ad_account",
    room="accounts",
    order=1,
    is_counted=True,
    ids=(
        IdForm("linkedin_ads", "[0-9]{9}", _("Exactly 9 digits."), "512345678"),
        IdForm(
            "google_ads", "[0-9]{3}-?[0-9]{3}-?[0-9]{4}", _("10 digits, with or without dashes."),
            "123-456-7890", dashed, dashed_or_not,
        ),
        IdForm(
            "meta_ads", "(act_)?[0-9]{5,20}", _("Digits, with or without “act_” before them."),
            "act_1020300400500", prefixed, prefixed_or_not,
        ),
        IdForm("tiktok_ads", "[0-9]{15,20}", _("15 to 20 digits."), "7011223344556677889"),
        IdForm(
            "amazon_ads", "ENTITY[0-9A-Z]{5,30}|[0-9]{8,20}",
            _("“ENTITY” and letters or digits, or the digits of a profile."), "ENTITY2EXAMPLE",
        ),
        IdForm(
            "microsoft_ads", "[0-9]{5,12}|[A-Z][0-9A-Z]{7}",
            _("5 to 12 digits, or a number of 8 letters and digits."), "F1234567",
        ),
        IdForm("x_ads", "[0-9a-z]{5,14}", _("5 to 14 small letters and digits."), "18ce54d4x5t"),
        IdForm("apple_search_ads", "[0-9]{4,14}", _("4 to 14 digits."), "1234567"),
        IdForm(
            "snapchat_ads", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            _("Groups of small letters and digits between dashes."),
            "8adc3db7-8148-4fbf-999c-8d2266369d74",
        ),
        IdForm("pinterest_ads", "[0-9]{8,20}", _("8 to 20 digits."), "549755885175"),
        IdForm("reddit_ads", "[at]2_[0-9a-z]{2,14}", _("“t2_” or “a2_”, then letters and digits."),
               "t2_1a2b3c"),
    ),
)  # fmt: skip
