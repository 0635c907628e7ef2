"""What moves finds room above: a manager holds so many ad accounts, wherever they come from.

The database counts them (migration 0009 of the assets); here its refusal becomes a sentence.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from regie.apps.organisations.models import MOST_AD_ACCOUNTS
from regie.kernel.errors import Refused
from regie.kernel.i18n import _, say

AT_THE_LIMIT = "at_most_1000_ad_accounts"
COUNTED = "at_most_1000_ad_accounts_of_branches"


def change_tree_alone() -> None:
    """Until the transaction ends: taken before any row, nobody waits for one who waits for him."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_change_tree()")


def check_room() -> None:
    """Raises ``Refused`` where a manager would hold more than it may by what was moved so far."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {COUNTED} IMMEDIATE")
            cursor.execute(f"SET CONSTRAINTS {COUNTED} DEFERRED")
    except IntegrityError as error:
        told = getattr(error.__cause__, "diag", None)
        if told is None or told.constraint_name != AT_THE_LIMIT:
            raise
        raise Refused(
            say(
                _("A manager holds at most {most} ad accounts; there would be {held}."),
                most=Decimal(MOST_AD_ACCOUNTS), held=Decimal(told.message_detail or 0),
            ),
            hint=_("Detach some, or give a part of them a manager number of its own first."),
            code="too_many_ad_accounts",
        ) from error  # fmt: skip
