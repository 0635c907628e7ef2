"""What each platform wants to receive: which form of each digest, under which heading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from regie.domain.audiences.members import Member


@dataclass(frozen=True)
class Rules:
    """``least`` is the number of members under which the platform refuses or does not deliver.

    ``email`` and ``phone`` name the form of ``Member`` and the heading of its column; ``None``
    where the platform's list takes none.
    """

    platform: str
    email: tuple[str, str] | None
    phone: tuple[str, str] | None
    least: int
    source: str
    read_on: date

    def headings(self) -> list[str]:
        return [heading for _, heading in self._columns()]

    def row(self, member: Member) -> list[str] | None:
        """The member's cells in hexadecimal; ``None`` when this platform could not find him."""
        forms = [getattr(member, form) for form, _ in self._columns()]
        if not any(forms):
            return None
        return [form.hex() if form else "" for form in forms]

    def _columns(self) -> list[tuple[str, str]]:
        return [column for column in (self.email, self.phone) if column]


_READ: Final = date(2026, 11, 22)
RULES: Final = {
    rules.platform: rules
    for rules in (
        Rules(
            "meta_ads", ("email", "email"), ("phone_digits", "phone"), 100,
            "Meta for Developers, Customer information parameters", _READ,
        ),
        Rules(
            "google_ads", ("email_dotless", "Email"), ("phone_plus", "Phone"), 1000,
            "Google Ads API, Normalise and hash user-provided data", _READ,
        ),
        Rules(
            "linkedin_ads", ("email", "email"), None, 300,
            "LinkedIn Marketing Solutions, Matched Audiences: contact lists", _READ,
        ),
        Rules(
            "tiktok_ads", ("email", "Email_SHA256"), ("phone_plus", "Phone_SHA256"), 1000,
            "TikTok Business Help Center, Customer File", _READ,
        ),
        Rules(
            "microsoft_ads", ("email", "Email"), None, 300,
            "Microsoft Advertising, Customer match", _READ,
        ),
    )
}  # fmt: skip
