"""What every page needs around its content: rooms, people, organisations, theme, languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from regie.web import commands, tours
from regie.web.announcements import announcements
from regie.web.navigation import NEAR, groups, near
from regie.web.views.demo import PEOPLE
from regie.web.words import words_of

THEMES = ("light", "dark", "system")
LANGUAGES = (("fr", "Français"), ("en", "English"))


@dataclass(frozen=True)
class ListedOrganisation:
    """An organisation of the switcher, set in by its depth in the tree that one sees."""

    name: str
    slug: str
    depth: int


def shell(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    match = request.resolver_match
    room = match.url_name.split("-")[0] if match and match.url_name else ""
    is_demo = getattr(settings, "REGIE_DEMO", False)
    return {
        "theme": theme if theme in THEMES else "system",
        "density": "compact" if request.COOKIES.get("density") == "compact" else "comfortable",
        "rail": "narrow" if request.COOKIES.get("rail") == "narrow" else "wide",
        "current_room": room,
        "words": words_of(room),
        "groups": groups(is_development=settings.DEBUG),
        "near": near(),
        "room_is_far": bool(room) and room not in NEAR,
        "organisation": getattr(request, "organisation", None),
        "announcements": announcements(request),
        "organisations": _listed(getattr(request, "organisations", ())),
        "is_demo": is_demo,
        "can_sign_up": settings.REGIE_SIGN_UP,
        "demo_people": PEOPLE if is_demo else (),
        "languages": LANGUAGES,
        "palette": commands,
        "tour": tours.tour(match.url_name if match else None, request.COOKIES.get("tour", "")),
    }


def _listed(organisations: Any) -> list[ListedOrganisation]:
    """What one can act for: closed ones are left to the tree, unless nothing else is there."""
    organisations = [one for one in organisations if one.closed_at is None] or organisations
    depths = [one.path.count("/") for one in organisations]
    top = min(depths, default=0)
    return [
        ListedOrganisation(one.name, one.slug, min(depth - top, 2))
        for one, depth in zip(organisations, depths, strict=True)
    ]
