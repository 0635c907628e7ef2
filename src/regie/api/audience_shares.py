"""What becomes of an audience: with whom it is shared, on which accounts it is, who took it out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Router, Schema, Status

from regie.api.audiences import card_of
from regie.api.naming import account_of
from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Key, Line, Made
from regie.api.speaking import Call, allows
from regie.apps.audiences import policies, selectors, services
from regie.apps.audiences.selectors import AudienceCard, LedgerLine
from regie.domain.audiences.terms import Rights
from regie.kernel.errors import Forbidden, NotFound
from regie.kernel.i18n import _

router = Router(tags=["Audiences"])


class AudienceShareIn(Asking):
    """``recipient_id`` is one of ``/audiences/recipients``."""

    recipient_id: Key
    rights: Rights = Rights.TARGETING
    purpose: Line = Field(min_length=1)
    expires_on: date


class AudienceShareOut(Schema):
    """``size_then`` is how many people were in it on the day it was shared.

    ``withdrawn_because`` is the act that ended it (``access.partnership_ended``); empty where its
    owner withdrew it.
    """

    id: int
    recipient_id: int
    recipient_name: str
    rights: str
    purpose: str
    expires_on: date
    size_then: int
    shared_by: str
    shared_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_because: str


class RecipientOut(Schema):
    id: int
    name: str


class AudienceUseIn(Asking):
    account_id: Key


class AudienceUseOut(Schema):
    """``share_id`` is how it came there; null for one's own audience."""

    id: int
    account_id: int
    account_name: str
    share_id: int | None
    chosen_by: str
    chosen_at: datetime


@router.get("/audiences/recipients", response={200: list[RecipientOut], PROBLEMS: Problem})
@allows("audiences:read")
def list_recipients(request: Call) -> list[dict[str, Any]]:
    """Whom an audience can be shared with: the tree, and partners."""
    found = selectors.possible_recipients(request.organisation)
    return [{"id": one.id, "name": one.name} for one in found]


@router.get("/audiences/ledger", response={200: list[LedgerLine], PROBLEMS: Problem})
@allows("audiences:read")
def list_ledger(request: Call) -> list[LedgerLine]:
    """Every share and every list taken out of the organisation's audiences, the latest first."""
    policies.check_can_manage(actor=request.auth.user, organisation=request.organisation)
    return selectors.ledger(request.organisation)


@router.get(
    "/audiences/{audience_id}/shares", response={200: list[AudienceShareOut], PROBLEMS: Problem}
)
@allows("audiences:read")
def list_shares(request: Call, audience_id: Key) -> list[Any]:
    """Those that stand, then those that were withdrawn; for administrators of its owner."""
    if not card_of(request, audience_id).may_manage:
        raise Forbidden(_("Only administrators of its owner see with whom it is shared."))
    return list(selectors.shares_of(audience_id))


@router.post("/audiences/{audience_id}/shares", response={201: Made, PROBLEMS: Problem})
@allows("audiences:write")
def share(request: Call, audience_id: Key, said: AudienceShareIn) -> Status[Any]:
    """Let another organisation target it, for a purpose and until a day."""
    card_of(request, audience_id)
    made = services.share_audience(
        actor=request.auth.user, audience_id=audience_id, recipient_id=said.recipient_id,
        rights=said.rights.value, purpose=said.purpose, expires_on=said.expires_on,
    )  # fmt: skip
    return Status(201, {"id": made})


@router.delete(
    "/audiences/{audience_id}/shares/{share_id}", response={204: None, PROBLEMS: Problem}
)
@allows("audiences:write")
def withdraw(request: Call, audience_id: Key, share_id: Key) -> Status[Any]:
    """The recipient loses it at once, on every account where he used it."""
    card_of(request, audience_id)
    if all(one.pk != share_id for one in selectors.shares_of(audience_id)):
        raise NotFound(_("There is no such share."))
    services.withdraw_share(actor=request.auth.user, share_id=share_id)
    return Status(204, None)


@router.get(
    "/audiences/{audience_id}/uses", response={200: list[AudienceUseOut], PROBLEMS: Problem}
)
@allows("audiences:read")
def list_uses(request: Call, audience_id: Key) -> list[dict[str, Any]]:
    """The ad accounts that it is on, as far as the token's person may know."""
    card_of(request, audience_id)
    return [
        {
            "id": one.pk, "account_id": one.asset_id, "account_name": one.account_name,
            "share_id": one.share_id, "chosen_by": one.chosen_by, "chosen_at": one.chosen_at,
        }
        for one in selectors.uses_of(audience_id)
    ]  # fmt: skip


@router.post("/audiences/{audience_id}/uses", response={204: None, PROBLEMS: Problem})
@allows("audiences:write")
def use(request: Call, audience_id: Key, said: AudienceUseIn) -> Status[Any]:
    """Put it on an ad account, where campaigns find it."""
    card_of(request, audience_id)
    account = account_of(request, said.account_id)
    services.use_audience(actor=request.auth.user, audience_id=audience_id, asset_id=account.key)
    return Status(204, None)


@router.delete("/audiences/{audience_id}/uses/{use_id}", response={204: None, PROBLEMS: Problem})
@allows("audiences:write")
def stop_using(request: Call, audience_id: Key, use_id: Key) -> Status[Any]:
    """Campaigns of that account find it no longer."""
    card_of(request, audience_id)
    if all(one.pk != use_id for one in selectors.uses_of(audience_id)):
        raise NotFound(_("There is no such use."))
    services.stop_using(actor=request.auth.user, use_id=use_id)
    return Status(204, None)


@router.get(
    "/accounts/{account_id}/audiences", response={200: list[AudienceCard], PROBLEMS: Problem}
)
@allows("audiences:read")
def list_usable(request: Call, account_id: Key) -> list[AudienceCard]:
    """What a campaign of this account can target today: audiences that were put on it."""
    return selectors.usable_on(account_of(request, account_id).key)
