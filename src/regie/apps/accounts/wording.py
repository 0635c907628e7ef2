"""What our forms of accounts answer, in the house's words: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

ACCOUNT = {
    "account_inactive": gettext_lazy("This account is closed. Ask an administrator to open it."),
    "cannot_remove_primary_email": gettext_lazy(
        "This is your main address: make another one the main one first."
    ),
    "duplicate_email": gettext_lazy("This address is yours already."),
    "email_password_mismatch": gettext_lazy(
        "This address and this password don't go together. Check both, or choose a new password."
    ),
    "email_taken": gettext_lazy("Somebody has an account with this address. Sign in instead."),
    "enter_current_password": gettext_lazy("This is not your password of today."),
    "incorrect_code": gettext_lazy(
        "This code is not the right one, or no longer. Write the one shown now."
    ),
    "incorrect_password": gettext_lazy("This is not your password."),
    "invalid_password_reset": gettext_lazy("This link no longer works: ask for another one."),
    "max_email_addresses": gettext_lazy("At most %d addresses can be kept: remove one first."),
    "too_many_login_attempts": gettext_lazy("Too many attempts: try again in a few minutes."),
    "unverified_primary_email": gettext_lazy(
        "Confirm the address first: open the link that we sent there."
    ),
    "same_as_current": gettext_lazy("This is what it is already: choose another."),
    "rate_limited": gettext_lazy("That was too often: try again in a few minutes."),
}
SECOND_FACTOR = {
    "add_email_blocked": gettext_lazy(
        "A second factor protects this account: no address can be added to it."
    ),
    "cannot_delete_authenticator": gettext_lazy("This second factor can't be taken away."),
    "cannot_generate_recovery_codes": gettext_lazy(
        "Recovery codes come with a second factor: set one up first."
    ),
    "incorrect_code": ACCOUNT["incorrect_code"],
    "unverified_email": gettext_lazy(
        "Confirm your address before you set up a second factor: open the link we sent there."
    ),
}
