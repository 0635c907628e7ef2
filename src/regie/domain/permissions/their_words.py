"""What the platforms' own lists of people call a role, in English and French.

``CERTAIN`` words are those of their documented programs and help, read 2026-11: Google Ads API
(AccessRole), Meta's Graph API (tasks of assigned users), LinkedIn's API (ad account users) and
help a425731. ``GUESSED`` ones are the usual wordings of their screens; no export of theirs is
documented, so that a list may say it otherwise: what is not known here is told as it was written.
"""

from __future__ import annotations

import re
import unicodedata

from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import Permissions, Role
from regie.domain.permissions.role_map import THEIRS

# Which company's roles an account of a platform has.
COMPANY = {
    "linkedin_ads": "linkedin", "linkedin_pages": "linkedin", "meta_ads": "meta",
    "facebook_pages": "meta", "instagram": "meta", "google_ads": "google", "youtube": "google",
    "google_business_profile": "google",
}  # fmt: skip
CERTAIN: dict[tuple[str, str], tuple[str, ...]] = {
    ("google", "Admin"): ("ADMIN", "Admin"),
    ("google", "Standard"): ("STANDARD", "Standard"),
    ("google", "Read only"): ("READ_ONLY", "Read only", "Read-only"),
    ("google", "E-mail only"): ("EMAIL_ONLY", "Email only", "E-mail only"),
    ("google", "Billing"): ("Billing",),
    ("google", "Owner"): ("OWNER", "PRIMARY_OWNER", "Primary owner", "Owner"),
    ("google", "Manager"): ("MANAGER", "Manager"),
    ("google", "Site manager"): ("SITE_MANAGER", "Site manager"),
    ("meta", "MANAGE"): ("MANAGE",),
    ("meta", "ADVERTISE"): ("ADVERTISE",),
    ("meta", "ANALYZE"): ("ANALYZE",),
    ("meta", "CREATE_CONTENT"): ("CREATE_CONTENT",),
    ("meta", "MODERATE"): ("MODERATE",),
    ("linkedin", "ACCOUNT_BILLING_ADMIN"): ("ACCOUNT_BILLING_ADMIN", "Billing admin"),
    ("linkedin", "ACCOUNT_MANAGER"): ("ACCOUNT_MANAGER", "Account manager"),
    ("linkedin", "CAMPAIGN_MANAGER"): ("CAMPAIGN_MANAGER", "Campaign manager"),
    ("linkedin", "CREATIVE_MANAGER"): ("CREATIVE_MANAGER", "Creative manager"),
    ("linkedin", "VIEWER"): ("VIEWER", "Viewer"),
    ("linkedin", "ADMINISTRATOR"): ("ADMINISTRATOR", "Super admin"),
    ("linkedin", "CONTENT_ADMIN"): ("CONTENT_ADMIN", "CONTENT_ADMINISTRATOR", "Content admin"),
    ("linkedin", "CURATOR"): ("CURATOR", "Curator"),
    ("linkedin", "ANALYST"): ("ANALYST", "Analyst"),
}
GUESSED: dict[tuple[str, str], tuple[str, ...]] = {
    ("google", "Admin"): ("Administrative", "Administrateur"),
    ("google", "Read only"): ("Lecture seule", "Accès en lecture seule"),
    ("google", "E-mail only"): ("E-mail uniquement", "Adresse e-mail uniquement"),
    ("google", "Billing"): ("Facturation",),
    ("google", "Owner"): ("Propriétaire", "Propriétaire principal"),
    ("google", "Manager"): ("Gestionnaire", "Administrateur"),
    ("google", "Site manager"): ("Gestionnaire de site",),
    ("meta", "MANAGE"): ("Full control", "Full access", "Manage ad account", "Ad account admin",
                         "Contrôle total", "Accès total", "Gérer le compte publicitaire",
                         "Gérer les comptes publicitaires"),
    ("meta", "ADVERTISE"): ("Manage campaigns", "Create ads", "Ad account advertiser",
                            "Gérer les campagnes", "Créer des publicités"),
    ("meta", "ANALYZE"): ("View performance", "Insights", "Ad account analyst",
                          "Voir les performances", "Afficher les performances"),
    ("meta", "CREATE_CONTENT"): ("Content", "Contenu"),
    ("meta", "MODERATE"): ("Messages", "Community activity", "Activité de la communauté"),
    ("linkedin", "ACCOUNT_BILLING_ADMIN"): ("Administrateur de facturation",
                                            "Administrateur de la facturation"),
    ("linkedin", "ACCOUNT_MANAGER"): ("Gestionnaire de compte", "Gestionnaire du compte"),
    ("linkedin", "CAMPAIGN_MANAGER"): ("Gestionnaire de campagne", "Gestionnaire de campagnes"),
    ("linkedin", "CREATIVE_MANAGER"): ("Gestionnaire de création", "Gestionnaire créatif"),
    ("linkedin", "VIEWER"): ("Lecteur", "Observateur", "Visualiseur"),
    ("linkedin", "ADMINISTRATOR"): ("Super administrateur", "Super-administrateur"),
    ("linkedin", "CONTENT_ADMIN"): ("Administrateur de contenu", "Administrateur du contenu"),
    ("linkedin", "CURATOR"): ("Content editor", "Éditeur de contenu"),
    ("linkedin", "ANALYST"): ("Analyste",),
}  # fmt: skip


def their_permissions(platform: str, family_name: str, said: str) -> Permissions | None:
    """What the role, or all tasks, of a cell give by the map; None where a word is not known."""
    company = COMPANY.get(platform, "")
    known = {
        one.name: one.permissions
        for one in THEIRS.get(family_name, ()) if one.platform == company
    }  # fmt: skip
    words = {
        _plain(word): name
        for told in (GUESSED, CERTAIN)
        for (whose, name), names in told.items() if whose == company and name in known
        for word in names
    }  # fmt: skip
    whole = words.get(_plain(said))
    parts = [whole] if whole else [words.get(_plain(part)) for part in _parts(said)]
    if not parts or None in parts:
        return None
    return frozenset().union(*(known[part] for part in parts if part))


def nearest(family_name: str, permissions: Permissions) -> Role:
    """Our role that gives most of ``permissions`` and nothing beyond; else, with the fewest
    differences.

    Roles that are held beside others, and those that can no longer be given, are left out.
    """
    roles = [one for one in family(family_name).roles if not one.line and one.code != "CURATOR"]
    within = [one for one in roles if one.permissions <= permissions]
    return min(
        within or roles,
        key=lambda one: (
            len(one.permissions ^ permissions), len(one.permissions - permissions)
        ),
    )  # fmt: skip


def _parts(said: str) -> list[str]:
    """``["MANAGE", "ANALYZE"]`` or “Manage campaigns; View performance”, word by word."""
    return [one for one in (part.strip(" \"'[]") for part in re.split(r"[,;|/]", said)) if one]


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in spread if not unicodedata.combining(one))
    return " ".join(re.sub(r"[_\-]+", " ", bare).split())
