"""E-mail addresses at work: which domain one is of, and whether an organisation knows it.

An entry of the list of an organisation is a domain (those below it count too) or one address
written in full, for somebody who has no domain of his own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Where anybody can open a box: such a domain says nothing about for whom somebody works.
# Written down by hand from the providers' own names, 2026-11.
_PUBLIC = """
gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr msn.com
yahoo.com yahoo.fr ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.net gmx.de gmx.fr web.de
mail.com proton.me protonmail.com pm.me tutanota.com zoho.com yandex.com yandex.ru mail.ru qq.com
163.com orange.fr wanadoo.fr free.fr sfr.fr laposte.net bbox.fr neuf.fr numericable.fr bluewin.ch
skynet.be telenet.be videotron.ca sympatico.ca
"""
PUBLIC = frozenset(_PUBLIC.split())
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_BEFORE = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def normal(text: str) -> str | None:
    """The address in small letters, or None where it is none; international domains as xn--."""
    before, at, domain = text.strip().lower().rpartition("@")
    known = domain_of(domain)
    if not at or known is None or not _BEFORE.fullmatch(before) or len(before) > 64:
        return None
    return f"{before}@{known}"


def domain_of(text: str) -> str | None:
    """A domain in small letters without the @ one may have typed before it; None if it is none."""
    typed = text.strip().lower().removeprefix("@").rstrip(".")
    try:
        coded = typed.encode("idna").decode() if not typed.isascii() else typed
    except UnicodeError:
        return None
    return coded if len(coded) <= 253 and _DOMAIN.fullmatch(coded) else None


def is_public(domain: str) -> bool:
    return domain in PUBLIC


def is_known(address: str, entries: Iterable[str]) -> bool:
    """Whether a normal ``address`` is one of ``entries``, or of a domain among them."""
    domain = address.rpartition("@")[2]
    return any(
        address == entry if "@" in entry else domain == entry or domain.endswith(f".{entry}")
        for entry in entries
    )
