"""What a visitor allowed: the consent string of the IAB framework, and the browser's own signal.

Only the core of the string is read: the purposes that the visitor consented to. Its form is version
2, which TCF 2.2 (policy 4) and 2.3 (policy 5) keep. Bit places are those of IAB Tech Lab's
“Consent string and vendor list formats v2” (github.com/InteractiveAdvertisingBureau, read in
November 2026). The publisher's own segment is not read: most banners leave it at zero.
"""

from __future__ import annotations

import base64
import binascii

# Storing on the device, measuring advertising: without both nothing is joined.
NEEDED = frozenset({1, 7})
# Making a profile for advertising and using it: without both nobody enters an audience.
ADVERTISING = frozenset({3, 4})
EXEMPT, CONSENTED = "exempt", "consented"
_VERSION_BITS, _PURPOSES_AT, _PURPOSES = 6, 152, 24


class UnreadableConsent(ValueError):
    """The string is not a consent string of version 2."""


def purposes(text: str) -> frozenset[int]:
    """The purposes that a TCF string says yes to. Raises ``UnreadableConsent``."""
    core = text.partition(".")[0]
    try:
        content = base64.b64decode(core + "=" * (-len(core) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableConsent("not base64") from error
    bits = int.from_bytes(content, "big")
    length = 8 * len(content)
    if length < _PURPOSES_AT + _PURPOSES or bits >> (length - _VERSION_BITS) != 2:
        raise UnreadableConsent("not of version 2")
    said = bits >> (length - _PURPOSES_AT - _PURPOSES)
    return frozenset(n for n in range(1, _PURPOSES + 1) if said >> (_PURPOSES - n) & 1)


def mode_of(*, granted: bool, tcf: str, refuses_sharing: bool) -> str:
    """``CONSENTED`` or ``EXEMPT``. The browser's signal (GPC) goes before any yes.

    A TCF string decides where there is one, and one that cannot be read is not a yes.
    """
    if refuses_sharing:
        return EXEMPT
    if tcf:
        try:
            return CONSENTED if purposes(tcf) >= NEEDED else EXEMPT
        except UnreadableConsent:
            return EXEMPT
    return CONSENTED if granted else EXEMPT
