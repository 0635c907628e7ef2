"""The rooms of the product, grouped as the rail shows them; a room appears when it exists."""

from __future__ import annotations

from dataclasses import dataclass

from regie.kernel.i18n import _


@dataclass(frozen=True)
class Room:
    name: str  # of its address
    label: str
    icon: str
    words: str = ""  # by which the palette finds it too


@dataclass(frozen=True)
class Group:
    label: str
    rooms: tuple[Room, ...]


MEASURE = Group(
    _("Measure"),
    (
        Room("report", _("Report"), "report",
             _("figures, dashboard, results, statistics, home, performance, spend")),
        Room("attribution", _("Attribution"), "journey",
             _("who earned it, models, journeys, conversions, ROAS, Sankey, first and last touch")),
        Room("identity", _("Recognised people"), "people",
             _("identity, visitors, devices, cross-device, login, evidence, merge, unlink")),
        Room("objectives", _("Objectives"), "target",
             _("goals, targets, KPI, aims")),
        Room("imports", _("Imports"), "imports",
             _("files, upload, CSV, Excel, data, refused lines, history, mapping")),
    ),
)  # fmt: skip
ACT = Group(
    _("Act"),
    (
        Room("links", _("Links"), "link",
             _("tracked links, UTM, short address, QR, campaign, clicks")),
        Room("codes", _("Promo codes"), "ticket",
             _("coupons, vouchers, redeem, till, promo")),
        Room("planner", _("Planner"), "planner",
             _("plans, budget, forecast, simulation, what if, media plan, channels, campaigns, "
               "reallocate")),
    ),
)  # fmt: skip
NETWORK = Group(
    _("Network"),
    (
        Room("manager", _("Business manager"), "network",
             _("people, members, invitations, partners, agencies, roles, rights, assets")),
    ),
)  # fmt: skip
SETTINGS = Group(
    _("Settings"),
    (
        Room("sites", _("Measured sites"), "globe",
             _("script, pixel, consent, cookies, collector, token, events")),
        Room("privacy", _("Privacy"), "shield",
             _("erase, forget, export a person, GDPR, consent, policy, access request")),
        Room("settings", _("Organisation"), "settings",
             _("settings, name, currency, time zone, calendar, fiscal year")),
    ),
)  # fmt: skip
DEVELOPMENT = Group(
    _("Development"),
    (Room("components", _("Components"), "components"),),
)


# A thumb reaches so many on a phone; the others are one tap further.
NEAR = ("report", "objectives", "imports", "planner")


def near() -> list[Room]:
    """The rooms that stand at the bottom of a phone."""
    rooms = [one for group in (MEASURE, ACT) for one in group.rooms]
    return sorted((one for one in rooms if one.name in NEAR), key=lambda one: NEAR.index(one.name))


def groups(*, is_development: bool) -> tuple[Group, ...]:
    rooms = (MEASURE, ACT, NETWORK, SETTINGS)
    return (*rooms, DEVELOPMENT) if is_development else rooms
