"""Where people of a list come from, why it may be used, and what who receives it may do."""

from enum import StrEnum


class Source(StrEnum):
    CUSTOMERS = "customers"
    LEADS = "leads"
    NEWSLETTER = "newsletter"
    VISITORS = "visitors"
    INTERACTIONS = "interactions"
    OTHER = "other"


class Basis(StrEnum):
    """GDPR, article 6."""

    CONSENT = "consent"
    CONTRACT = "contract"
    INTEREST = "legitimate_interest"


class Rights(StrEnum):
    TARGETING = "targeting"
    INSIGHTS = "targeting_and_insights"
