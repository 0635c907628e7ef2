"""Builds the address of a tracked link, and refuses tags that would not say what is meant.

A link states a medium of a list; with its source it must fall in a channel of that medium, so that
no report files it elsewhere than the person who made it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from regie.domain.traffic.channels import channel
from regie.domain.traffic.tags import LINK, carry_over, read_tags
from regie.kernel.errors import Refused
from regie.kernel.i18n import Sentence, _, say

# A medium, what it is called, and the channels that it may be filed under.
MEDIA: dict[str, tuple[str, tuple[str, ...]]] = {
    "cpc": (_("Search ad"), ("Paid Search",)),
    "paid_social": (_("Ad on a social network"), ("Paid Social",)),
    "paid_video": (_("Video ad"), ("Paid Video",)),
    "paid": (_("Any other ad"), ("Paid Other", "Paid Shopping")),
    "display": (_("Banner"), ("Display",)),
    "social": (_("Post on a social network"), ("Organic Social", "Organic Video")),
    "influence": (_("Post of a creator"), ("Influencers",)),
    "email": (_("E-mail"), ("Email",)),
    "sms": (_("Text message"), ("SMS",)),
    "push": (_("Push notification"), ("Mobile Push Notifications",)),
    "affiliate": (_("Affiliate"), ("Affiliates",)),
    "referral": (_("Link on another site"), ("Referral", "AI Assistant")),
    "qr": (_("Printed code (QR)"), ("Offline",)),
    "print": (_("Printed address"), ("Offline",)),
    "radio": (_("Spoken address"), ("Offline",)),
}
_SHAPE = re.compile(r"[a-z0-9][a-z0-9._-]*")
APP_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,39}")
_NEVER = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "ftp"})


@dataclass(frozen=True)
class Tagging:
    """The tags of a link, in the convention: lower case, no accents, no spaces."""

    source: str
    medium: str
    campaign: str
    term: str = ""
    content: str = ""

    @property
    def channel(self) -> str:
        return channel(self.source, self.medium, self.campaign)

    def utm(self) -> dict[str, str]:
        said = {
            "utm_source": self.source, "utm_medium": self.medium, "utm_campaign": self.campaign,
            "utm_term": self.term, "utm_content": self.content,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}


def conventional(text: str) -> str:
    """``text`` as tags are written: lower case, no accents, hyphens for spaces.

    >>> conventional(" Soldes d’été 2026 ")
    'soldes-d-ete-2026'
    """
    plain = unicodedata.normalize("NFKD", text.strip().lower())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9._-]+", "-", plain)).strip("-")


def tagging(
    *, source: str, medium: str, campaign: str, term: str = "", content: str = ""
) -> Tagging:
    """Tags that hold together. Raises ``Refused`` with the sentence that says what to change."""
    made = Tagging(
        source=conventional(source), medium=conventional(medium), campaign=conventional(campaign),
        term=conventional(term), content=conventional(content),
    )  # fmt: skip
    for value, label in ((made.source, _("source")), (made.campaign, _("campaign"))):
        if not _SHAPE.fullmatch(value):
            raise Refused(say(_("The {field} is missing."), field=say(label)), code="missing")
    if made.medium not in MEDIA:
        raise Refused(
            say(_("“{medium}” is not a medium of the convention."), medium=medium.strip()),
            hint=say(_("Use one of: {names}."), names=", ".join(MEDIA)),
            code="medium",
        )
    if made.channel not in MEDIA[made.medium][1]:
        raise Refused(
            say(
                _("“{source}” with the medium “{medium}” would be filed under {channel}."),
                source=made.source, medium=made.medium, channel=made.channel,
            ),
            hint=_contradiction(made),
            code="inconsistent",
        )  # fmt: skip
    return made


def _contradiction(made: Tagging) -> Sentence:
    fitting = [
        name for name, (_label, channels) in MEDIA.items()
        if channel(made.source, name, made.campaign) in channels
    ]  # fmt: skip
    return say(_("With this source, use one of: {names}."), names=", ".join(fitting))


def check_address(address: str, *, app: bool = False) -> str:
    """``address``, where a visitor can be sent there. ``app`` allows the scheme of an app."""
    text = address.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    is_app = (
        app and bool(APP_SCHEME.fullmatch(parts.scheme or "")) and parts.scheme not in _NEVER
        and parts.scheme not in ("http", "https")
    )  # fmt: skip
    broken = any(one.isspace() or ord(one) < 32 for one in text)
    if broken or not (is_page or is_app) or len(text) > 2000:
        raise Refused(
            say(_("“{address}” is not an address."), address=text[:120]),
            hint=_("Write it whole, beginning with https://."),
            code="address",
        )
    return text if text.isascii() else _ascii(text)


def _ascii(text: str) -> str:
    return quote(text, safe=":/?#[]@!$&'()*+,;=%~-._")


def build(destination: str, tags: Tagging, code: str) -> str:
    """``destination`` with the tags of the link and its code.

    Raises ``Refused`` where the destination says something else already.
    """
    there = read_tags(urlsplit(destination).query)
    wanted = tags.utm()
    for name, value in there.utm.items():
        if name in wanted and wanted[name] != value:
            raise Refused(
                say(
                    _("The address says {name}={there}, the link says {here}."),
                    name=name, there=value, here=wanted[name],
                ),
                hint=_("Take the tag out of the address, or say the same."),
                code="contradiction",
            )  # fmt: skip
    return carry_over(destination, urlencode({**wanted, LINK: code}))
