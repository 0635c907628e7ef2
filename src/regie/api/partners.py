"""Partners: propose, accept, end; share account by account under a ceiling."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Code, EffectOut, Key, Made, effects_out
from regie.api.speaking import Call, allows
from regie.apps.access import selectors, services
from regie.apps.audiences import selectors as audiences
from regie.apps.audiences.selectors import Ending

router = Router(tags=["Partners"])


class PartnershipIn(Asking):
    """``side``: the caller will share (owner), or be shared with (partner)."""

    number: str = Field(max_length=20, pattern=r"^[0-9 ]*$", examples=["123456789012"])
    side: Literal["owner", "partner"] = "owner"


class PartnershipOut(Schema):
    id: int
    side: str
    other: str
    other_number: str
    state: str
    waits_for_me: bool
    proposed_at: datetime
    shares: int


class SharesIn(Asking):
    account_ids: list[Key] = Field(min_length=1, max_length=1000)
    ceiling: list[Code] = Field(min_length=1, max_length=200)


class ShareOut(Schema):
    id: int
    account_id: int
    account: str
    partner: str
    ceiling: list[str]
    is_paused: bool
    roles_given: int


@router.get("/partnerships", response={200: list[PartnershipOut], PROBLEMS: Problem})
@allows("manager:read")
def list_partnerships(request: Call) -> list[dict[str, Any]]:
    """Those that stand or wait for an answer."""
    found = selectors.partnerships_of(request.organisation)
    return [{name: getattr(one, name) for name in PartnershipOut.model_fields} for one in found]


@router.post("/partnerships", response={201: Made, PROBLEMS: Problem})
@allows("partners:write")
def propose(request: Call, said: PartnershipIn) -> Status[Any]:
    """By the other's manager number; nothing is shared by it."""
    made = services.propose_partnership(
        actor=request.auth.user, organisation=request.organisation, number=said.number,
        side=said.side,
    )  # fmt: skip
    return Status(201, {"id": made.pk})


@router.post("/partnerships/{partnership_id}/accept", response={204: None, PROBLEMS: Problem})
@allows("partners:write")
def accept(request: Call, partnership_id: Key) -> Status[Any]:
    found = selectors.partnership(partnership_id, request.organisation)
    services.accept_partnership(actor=request.auth.user, partnership_id=found.id)
    return Status(204, None)


@router.delete("/partnerships/{partnership_id}", response={200: list[EffectOut], PROBLEMS: Problem})
@allows("partners:write")
def end(request: Call, partnership_id: Key, dry_run: bool = False) -> list[EffectOut]:
    """End or decline it: every access through it ends. With ``dry_run`` nothing changes.

    Audiences shared through it end too: ``/partnerships/{partnership_id}/audiences`` names them.
    """
    found = selectors.partnership(partnership_id, request.organisation)
    act = services.what_ends if dry_run else services.end_partnership
    return effects_out(act(actor=request.auth.user, partnership_id=found.id))


@router.get(
    "/partnerships/{partnership_id}/audiences", response={200: list[Ending], PROBLEMS: Problem}
)
@allows("audiences:read")
def list_audiences(request: Call, partnership_id: Key) -> list[Ending]:
    """Audiences shared through it, either way: they are withdrawn when it ends."""
    found = selectors.partnership(partnership_id, request.organisation)
    return audiences.ending_with(found.id)


@router.get(
    "/partnerships/{partnership_id}/shares", response={200: list[ShareOut], PROBLEMS: Problem}
)
@allows("manager:read")
def list_shares(request: Call, partnership_id: Key) -> list[dict[str, Any]]:
    found = selectors.partnership(partnership_id, request.organisation)
    return [
        {
            "id": one.id, "account_id": one.asset.key, "account": one.asset.label,
            "partner": one.partner, "ceiling": sorted(one.ceiling), "is_paused": one.is_paused,
            "roles_given": one.grants,
        }
        for one in selectors.shares_of(partnership_id=found.id)
    ]  # fmt: skip


@router.post("/partnerships/{partnership_id}/shares", response={201: list[Made], PROBLEMS: Problem})
@allows("partners:write")
def share(request: Call, partnership_id: Key, said: SharesIn) -> Status[Any]:
    """All of these accounts under one ceiling, or none; those shared already keep theirs."""
    found = selectors.partnership(partnership_id, request.organisation)
    made = services.share_assets(
        actor=request.auth.user, partnership_id=found.id, asset_ids=said.account_ids,
        ceiling=said.ceiling,
    )  # fmt: skip
    return Status(201, [{"id": one.pk} for one in made])


@router.delete("/shares/{share_id}", response={200: list[EffectOut], PROBLEMS: Problem})
@allows("partners:write")
def stop(request: Call, share_id: Key, dry_run: bool = False) -> list[EffectOut]:
    """Stop sharing: the roles given through it end too. With ``dry_run`` nothing changes."""
    card = selectors.share(share_id)
    selectors.partnership(card.partnership_id, request.organisation)
    if dry_run:
        return effects_out(services.what_if_unshared(actor=request.auth.user, share_ids=[card.id]))
    return effects_out(services.stop_sharing(actor=request.auth.user, share_id=card.id))
