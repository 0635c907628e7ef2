"""The countries in which a number without its country code may have been written."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language

COUNTRIES = ("FR", "BE", "CH", "LU", "CA", "GB", "IE", "US", "DE", "ES", "IT", "NL", "PT")


def countries() -> list[tuple[str, str]]:
    """Codes with their names in the reader's language, as a field's choices."""
    names = Locale.parse(get_language() or "fr", sep="-").territories
    return [(code, names[code]) for code in COUNTRIES]
