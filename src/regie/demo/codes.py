"""Promo codes of the network: whose they are, and which orders name them, as tills write them.

The codes of orders are drawn by number and day alone, so that no other series shifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from regie.demo.audience import CREATOR
from regie.demo.network import SLUG


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A code of ``organisation``; what carries it to people is its source."""

    organisation: str
    name: str
    code: str
    source: str
    medium: str
    campaign: str
    is_single_use: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """One order in ``every`` of the last ``days``, of one agency or of all, names ``typed``."""

    typed: tuple[str, ...]
    every: int
    days: int
    agency: str = ""


SECOND_CREATOR = "lea.en.van"
# What everybody finds on the site, or hears from a friend, is no medium's and earns for none. The
# others are carried by what people visit through as well: no channel is known by buyers alone.
CODES = (
    DemoCode(SLUG, "Bienvenue", "BIENVENUE30", "", "", "bienvenue"),
    DemoCode(SLUG, "Parrainage", "PARRAIN", "", "", "parrainage"),
    DemoCode(SLUG, "Carnet de route", "CARNET10", CREATOR, "influence", "createurs-automne"),
    DemoCode(SLUG, "Léa en van", "LEA-15", SECOND_CREATOR, "influence", "createurs-automne"),
    DemoCode(SLUG, "Invitation au salon", "SALON-0001", "invitation", "email", "salon", True),
    DemoCode(f"{SLUG}-nantes", "Lettre de Nantes", "NANTES20", "lettre", "email", "nantes"),
    DemoCode(f"{SLUG}-lyon", "Anniversaire de Lyon", "LYON-ANNIV", "clients", "referral", "10-ans"),
)
# “RENTREE” is everybody's word and nobody's code: it waits to be registered.
HABITS = (
    Habit(("nantes 20", "NANTES20"), 3, 120, f"{SLUG}-nantes"),
    Habit(("LYON-ANNIV", "lyon anniv", "Lyon-Anniv"), 4, 200, f"{SLUG}-lyon"),
    Habit(("CARNET10", "carnet 10", "Carnet10"), 11, 80),
    Habit(("LEA-15", "lea15"), 17, 140),
    Habit(("RENTREE",), 37, 90),
    Habit(("PARRAIN, CARNET10",), 53, 80),
    Habit(("salon-0001",), 389, 60),
)


def presented(drawn: str, number: int, agency: str, ordered: date, until: date) -> str:
    """What the order ``number`` names: the code ``drawn`` for it, or one that is the habit."""
    if drawn:
        return drawn
    for one in HABITS:
        if one.agency not in ("", agency) or ordered <= until - timedelta(days=one.days):
            continue
        if number % one.every == 0:
            return one.typed[number // one.every % len(one.typed)]
    return ""
