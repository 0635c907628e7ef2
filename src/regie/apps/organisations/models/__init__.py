"""The tree and its people, and the records that changing them leaves."""

from regie.apps.organisations.models.invitation import Invitation
from regie.apps.organisations.models.recovery import Seal
from regie.apps.organisations.models.review import Review
from regie.apps.organisations.models.tree import (
    MOST_AD_ACCOUNTS,
    Kind,
    Member,
    Organisation,
    Role,
    TreeChange,
)

__all__ = [
    "MOST_AD_ACCOUNTS",
    "Invitation",
    "Kind",
    "Member",
    "Organisation",
    "Review",
    "Role",
    "Seal",
    "TreeChange",
]
