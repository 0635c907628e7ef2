"""What the channels of visits and orders are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext

from regie.domain.traffic.channels import NAMES


def channel_name(name: str) -> str:
    """The channel in the reader's language; one that a file names otherwise stays as it is."""
    return gettext(name) if name in NAMES else name
