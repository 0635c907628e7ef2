"""Every page, message and mail of an account that can be reached is in the house's words."""

from __future__ import annotations

from pathlib import Path

import allauth
import pytest

THEIRS = Path(allauth.__file__).parent / "templates"
OURS = Path(__file__).parents[2] / "src" / "regie" / "web" / "templates"
# What our settings never show: codes instead of links, telephones, trusted browsers, passkeys
# instead of a password at sign-up, notices by mail; and frames that our own pages don't use.
UNREACHABLE = (
    "code", "phone", "trust", "signup_by_passkey", "webauthn/signup", "webauthn_removed_",
    "account/email/email_changed", "account/email/email_confirm_", "account/email/email_deleted",
    "account/email/password_changed", "account/email/password_set",
    "account/email/password_reset_message", "account/email/password_reset_subject",
    "account/email/base_notification", "email_change.html", "mfa/email/", "logged_in.txt",
    "warn_no_email", "already_logged_in", "/base", "login_script",
)  # fmt: skip
REACHED = ("recovery_codes/generate", "recovery_codes/index", "recovery_codes_generated.txt")


def reachable() -> list[str]:
    found = [
        str(path.relative_to(THEIRS))
        for app in ("account", "mfa", "usersessions")
        for path in sorted((THEIRS / app).rglob("*.*"))
    ]
    return [
        name
        for name in found
        if any(one in name for one in REACHED) or not any(one in name for one in UNREACHABLE)
    ]


@pytest.mark.parametrize("name", reachable())
def test_it_is_said_in_our_words(name: str) -> None:
    assert (OURS / name).is_file(), "write it in the tone of the other pages, with its French"
