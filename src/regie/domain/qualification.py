"""How far a lead has come, by the words that CRMs have for it.

A lead that sales accepted was qualified by marketing before; one that bought was both. One that is
lost is told of no more, since its latest state does not say how far it had come.
"""

from __future__ import annotations

from typing import Final

# As they are read: small letters, one space for hyphens and underscores. “Qualified” alone says no
# more than that marketing is done with it. HubSpot writes its stages without a space.
_MARKETING: Final = (
    "mql", "marketing qualified", "marketing qualified lead", "marketingqualifiedlead",
    "qualified", "qualifié", "qualifie", "qualifiée", "lead qualifié", "qualifié marketing",
    "lead qualifié marketing",
)  # fmt: skip
_SALES: Final = (
    "sql", "sales qualified", "sales qualified lead", "salesqualifiedlead", "sal",
    "sales accepted", "sales accepted lead", "accepté ventes", "qualifié ventes",
    "lead qualifié ventes", "opportunity", "opportunité", "opportunite", "proposal", "proposition",
    "quote", "devis", "negotiation", "négociation", "negociation", "converted", "converti",
    "convertie", "closed converted", "closed won", "won", "gagné", "gagne", "gagnée", "customer",
    "client", "cliente", "evangelist",
)  # fmt: skip
STATES: Final[dict[str, tuple[str, ...]]] = {"mql": (*_MARKETING, *_SALES), "sql": _SALES}


def is_qualified(kind: str, status: str = "status") -> str:
    """Whether the column ``status`` says so, in SQL: of marketing for “mql”, of sales for “sql”."""
    words = ", ".join(f"'{word}'" for word in STATES[kind])
    return f"regexp_replace(lower(trim({status})), '[ _-]+', ' ', 'g') IN ({words})"
