"""The rooms of the product, grouped as the rail shows them; a room appears when it exists."""

from __future__ import annotations

from dataclasses import dataclass

from regie.kernel.i18n import _


@dataclass(frozen=True)
class Room:
    name: str  # of its address
    label: str
    icon: str


@dataclass(frozen=True)
class Group:
    label: str
    rooms: tuple[Room, ...]


MEASURE = Group(
    _("Measure"),
    (
        Room("report", _("Report"), "report"),
        Room("objectives", _("Objectives"), "target"),
        Room("imports", _("Imports"), "imports"),
    ),
)
ACT = Group(_("Act"), (Room("planner", _("Planner"), "planner"),))
NETWORK = Group(_("Network"), (Room("manager", _("Business manager"), "network"),))
SETTINGS = Group(_("Settings"), (Room("settings", _("Organisation"), "settings"),))
DEVELOPMENT = Group(
    _("Development"),
    (Room("components", _("Components"), "components"),),
)


def groups(*, is_development: bool) -> tuple[Group, ...]:
    rooms = (MEASURE, ACT, NETWORK, SETTINGS)
    return (*rooms, DEVELOPMENT) if is_development else rooms
