"""Great Insurance: a franchisor, three regions, forty agencies, the people, and one outsider."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

BRAND = "Great Insurance"
SLUG = "great-insurance"
OUTSIDER_SLUG = "atelier-diane"


@dataclass(frozen=True)
class DemoOrganisation:
    """One node of the network. ``size`` is its weight in the network's business."""

    slug: str
    name: str
    kind: str  # franchisor | region | franchisee | freelance
    parent: str = ""
    location: str = ""
    town: str = ""
    size: float = 0.0
    currency: str = "EUR"
    timezone: str = "Europe/Paris"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who can sign in to the demo, and where they work."""

    name: str
    email: str
    organisation: str
    language: str = "fr"


# Town, location code, weight: big towns sell more.
_TOWNS: dict[str, tuple[tuple[str, str, float], ...]] = {
    "Nord": (
        ("Lille", "LIL", 1.9), ("Roubaix", "RBX", 0.8), ("Arras", "ARR", 0.6),
        ("Amiens", "AMI", 0.8), ("Rouen", "ROU", 1.0), ("Le Havre", "LEH", 0.8),
        ("Reims", "REI", 0.9), ("Metz", "MET", 0.9), ("Nancy", "NAN", 0.9),
        ("Strasbourg", "STR", 1.5), ("Mulhouse", "MUL", 0.7), ("Versailles", "VER", 1.4),
        ("Créteil", "CRE", 1.2), ("Meaux", "MEA", 0.6),
    ),
    "Ouest": (
        ("Rennes", "REN", 1.4), ("Brest", "BRE", 0.8), ("Quimper", "QUI", 0.5),
        ("Vannes", "VAN", 0.6), ("Nantes", "NTE", 1.7), ("Angers", "ANG", 0.9),
        ("Le Mans", "LEM", 0.7), ("Tours", "TOU", 0.9), ("Poitiers", "POI", 0.6),
        ("La Rochelle", "LRH", 0.7), ("Bordeaux", "BOR", 1.8), ("Limoges", "LIM", 0.6),
        ("Pau", "PAU", 0.5),
    ),
    "Sud-Est": (
        ("Lyon", "LYO", 2.2), ("Villeurbanne", "VIL", 0.8), ("Saint-Étienne", "STE", 0.8),
        ("Grenoble", "GRE", 1.0), ("Annecy", "ANN", 0.7), ("Genève", "GVA", 1.1),
        ("Valence", "VAL", 0.5), ("Avignon", "AVI", 0.6), ("Nîmes", "NIM", 0.7),
        ("Montpellier", "MTP", 1.2), ("Marseille", "MRS", 1.9), ("Toulon", "TLN", 0.8),
        ("Nice", "NCE", 1.3),
    ),
}  # fmt: skip

PEOPLE = (
    DemoPerson("Amélie", "amelie@great-insurance.example", SLUG),
    DemoPerson("Bruno", "bruno@great-insurance.example", f"{SLUG}-ouest"),
    DemoPerson("Chloé", "chloe@great-insurance.example", f"{SLUG}-nantes"),
    DemoPerson("Diane", "diane@atelier-diane.example", OUTSIDER_SLUG),
)


def slug_of(name: str) -> str:
    """``Saint-Étienne`` becomes ``saint-etienne``."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


@cache
def organisations() -> tuple[DemoOrganisation, ...]:
    """Every organisation of the demo, parents before their children."""
    found = [DemoOrganisation(SLUG, BRAND, "franchisor")]
    for region, towns in _TOWNS.items():
        region_slug = f"{SLUG}-{slug_of(region)}"
        found.append(DemoOrganisation(region_slug, f"{BRAND} {region}", "region", SLUG))
        found.extend(_franchisee(region_slug, *town) for town in towns)
    found.append(DemoOrganisation(OUTSIDER_SLUG, "Atelier Diane", "freelance", town="Dijon"))
    return tuple(found)


def _franchisee(region: str, town: str, code: str, size: float) -> DemoOrganisation:
    return DemoOrganisation(
        slug=f"{SLUG}-{slug_of(town)}",
        name=f"{BRAND} {town}",
        kind="franchisee",
        parent=region,
        location=f"GI-{code}",
        town=town,
        size=size,
        # One agency over the border keeps its books in francs: totals need a rate.
        currency="CHF" if code == "GVA" else "EUR",
        timezone="Europe/Zurich" if code == "GVA" else "Europe/Paris",
    )


def of_kind(kind: str) -> tuple[DemoOrganisation, ...]:
    return tuple(one for one in organisations() if one.kind == kind)


def organisation(slug: str) -> DemoOrganisation:
    return next(one for one in organisations() if one.slug == slug)
