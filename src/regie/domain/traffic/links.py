"""Builds the address of a tracked link, and refuses tags that would not say what is meant.

A link states a medium of a list; with its source it must fall in a channel of that medium, so that
no report files it elsewhere than the person who made it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlencode, urlsplit, urlunsplit

from regie.domain.traffic.channels import PAID_CHANNELS, channel
from regie.domain.traffic.codes import LETTERS
from regie.domain.traffic.origin import sent_host
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
    "referral": (_("Link on another site"), ("Referral", "AI Assistant", "Reviews")),
    "qr": (_("Printed code (QR)"), ("Offline",)),
    "print": (_("Printed address"), ("Offline",)),
    "radio": (_("Spoken address"), ("Offline",)),
}
_SHAPE = re.compile(r"[a-z0-9][a-z0-9._-]*")
LONGEST_TAG, LONGEST_SOURCE, LONGEST_ADDRESS = 150, 100, 2000
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
    >>> conventional("Cœur de ville")
    'coeur-de-ville'
    """
    plain = unicodedata.normalize("NFKD", text.strip().lower()).translate(LETTERS)
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
    for name, label, said in (
        ("source", _("source"), source), ("campaign", _("campaign"), campaign),
        ("term", _("term"), term), ("content", _("version"), content),
    ):  # fmt: skip
        _check_tag(name, say(label), said, getattr(made, name))
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
                source=made.source, medium=made.medium, channel=say(made.channel),
            ),
            hint=_contradiction(made),
            code="inconsistent",
        )  # fmt: skip
    return made


def _check_tag(name: str, label: Sentence, said: str, value: str) -> None:
    """Raises ``Refused`` for a tag of which nothing is left, or too much."""
    if not value and said.strip():
        raise Refused(
            say(_("Nothing of “{text}” can stand in a tag."), text=said.strip()[:60]),
            hint=_("Use letters from a to z and digits."), code=name,
        )  # fmt: skip
    if name in ("source", "campaign") and not _SHAPE.fullmatch(value):
        raise Refused(say(_("The {field} is missing."), field=label), code=name)
    most = LONGEST_SOURCE if name == "source" else LONGEST_TAG
    if len(value) > most:
        raise too_long(label, most, name)


def too_long(label: Sentence, most: int, code: str) -> Refused:
    return Refused(
        say(_("The {field} is longer than {most} characters."), field=label, most=most), code=code
    )


def _contradiction(made: Tagging) -> Sentence:
    fitting = [
        name for name, (_label, channels) in MEDIA.items()
        if channel(made.source, name, made.campaign) in channels
    ]  # fmt: skip
    return say(_("With this source, use one of: {names}."), names=", ".join(fitting))


def landing_page(destination: str, tags: Tagging) -> str:
    """``destination``, checked. Raises ``Refused``; an ad that leads nowhere by its own rule."""
    if not destination.strip() and tags.channel in PAID_CHANNELS:
        raise Refused(
            _("An ad always needs a landing page, and this one has none."),
            hint=_("Give the address of the page that keeps what the ad promises."),
            code="address",
        )
    return check_address(destination)


def leads_home(destination: str, tags: Tagging) -> bool:
    """Whether an ad sends people to the first page of a site, where they have to look for what it
    promised."""
    parts = urlsplit(destination)
    is_home = parts.path in ("", "/") and not parts.query and not parts.fragment
    return is_home and tags.channel in PAID_CHANNELS


def check_address(address: str, *, app: bool = False) -> str:
    """``address``, where a visitor can be sent there. ``app`` allows the scheme of an app."""
    text = address.strip()
    try:
        parts = urlsplit(text)
        written = text if text.isascii() else _ascii(parts, text)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, written, is_page = urlsplit(""), "", False
    is_app = (
        app and bool(APP_SCHEME.fullmatch(parts.scheme or "")) and parts.scheme not in _NEVER
        and parts.scheme not in ("http", "https")
    )  # fmt: skip
    # What stands after a backslash is the host for some readers, and the path for others.
    broken = any(one.isspace() or ord(one) < 32 or one == "\\" for one in text)
    if len(written) > LONGEST_ADDRESS:
        raise Refused(
            say(_("The address is longer than {most} characters."), most=LONGEST_ADDRESS),
            hint=_("Each letter with an accent counts as six or more there."), code="address",
        )  # fmt: skip
    if broken or not (is_page or is_app):
        raise Refused(
            say(_("“{address}” is not an address."), address=text[:120]),
            hint=_("Write it whole, beginning with https://."),
            code="address",
        )
    return written


def _ascii(parts: SplitResult, text: str) -> str:
    """An address as it is sent: the name of a site by its letters' code, the rest by its bytes."""
    safe = ":/?#[]@!$&'()*+,;=%~-._"
    if parts.scheme not in ("http", "https"):
        return quote(text, safe=safe)
    who, at, place = parts.netloc.rpartition("@")
    host, colon, port = place.partition(":")
    known = f"{who}{at}{sent_host(host)}{colon}{port}" if not host.isascii() else parts.netloc
    return quote(urlunsplit(parts._replace(netloc=known)), safe=safe)


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
