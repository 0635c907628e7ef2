"""The review of accesses: what to look at, roles taken back, and the certificate that is signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Router, Schema, Status

from regie.api.naming import accounts_among
from regie.api.people import PersonOut, person_out
from regie.api.problems import PROBLEMS, Problem
from regie.api.roles import NotGivenOut, not_given
from regie.api.shapes import AS_CSV, Asking, Code, EffectOut, Key, effects_out
from regie.api.speaking import Call, allows
from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.access.services import NotGiven, Withdrawn
from regie.apps.organisations import policies, selectors
from regie.apps.organisations.selectors import Filter, ReviewCard
from regie.kernel import clock
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.ui.csv_answers import csv_answer
from regie.ui.templatetags.ui import say

router = Router(tags=["Reviews"])
MOST = 1_000


class HeldRoleOut(Schema):
    """``grant_id`` is what a role is taken back by; ``last_used_on`` null for never."""

    grant_id: int
    member_id: int
    person: str
    email: str
    organisation: str
    account_id: int
    account: str
    platform: str
    role: str
    given_on: date
    last_used_on: date | None
    ends_on: date | None


class DueOut(Schema):
    """What a review looks at now: ``is_due`` while none was signed for the quarter. ``unused``
    people and roles were not seen for 90 days; of each list the first 1,000 are told."""

    quarter: str
    is_due: bool
    active: int
    unused: list[PersonOut]
    ending: list[PersonOut]
    ended: list[PersonOut]
    unused_role_count: int
    unused_roles: list[HeldRoleOut]


class ReviewOut(Schema):
    """``is_whole`` tells whether ``digest`` (SHA-256) still fits what was signed."""

    id: int
    quarter: str
    at: datetime
    actor: str
    digest: str
    is_whole: bool
    people: int
    roles: int
    taken_out: int


class CertificateOut(ReviewOut):
    """``content`` is what was signed, word by word."""

    content: dict[str, Any]


class WithdrawIn(Asking):
    grant_ids: list[Key] = Field(min_length=1, max_length=500)


class WithdrawnShape(Asking):
    """A role as it was: ``POST /reviews/roles/give-back`` takes it."""

    account_id: Key
    member_id: Key
    role: Code
    own_role_id: Key | None = None
    ends_on: date | None = None


class RolesWithdrawnOut(Schema):
    """``effects`` are told where nothing was kept."""

    withdrawn: list[WithdrawnShape]
    refused: list[NotGivenOut]
    effects: list[EffectOut] = []


class GiveBackIn(Asking):
    withdrawn: list[WithdrawnShape] = Field(min_length=1, max_length=500)


class GivenBackOut(Schema):
    given_back: int


@router.get("/reviews", response={200: list[ReviewOut], PROBLEMS: Problem})
@allows("manager:read")
def list_reviews(request: Call) -> list[dict[str, Any]]:
    """Those that were signed, the newest first; for administrators."""
    _check(request)
    return [_review(one) for one in selectors.reviews_of(request.organisation)]


@router.get("/reviews/due", response={200: DueOut, PROBLEMS: Problem})
@allows("manager:read")
def due(request: Call) -> dict[str, Any]:
    """Open a review: who and what should be looked at; for administrators."""
    _check(request)
    here = request.organisation
    quarter = selectors.quarter_of(selectors.today_in(here))
    return {
        "quarter": quarter,
        "is_due": all(one.quarter != quarter for one in selectors.reviews_of(here)),
        "active": selectors.people_of(here, Filter(state="active")).count(),
        **{state: _people(request, state) for state in ("unused", "ending", "ended")},
        "unused_role_count": access.unused_count(here),
        "unused_roles": [_role(one) for one in access.unused_roles(here, most=MOST)],
    }


@router.post("/reviews/roles/withdraw", response={200: RolesWithdrawnOut, PROBLEMS: Problem})
@allows("reviews:write")
def withdraw(request: Call, said: WithdrawIn, dry_run: bool = False) -> dict[str, Any]:
    """Decide: take these roles back, each on its own. With ``dry_run`` nothing changes, and
    ``effects`` say who would lose what."""
    _check(request)
    here = [one.pk for one in request.organisations]
    ours = access.grants_in(here, said.grant_ids)
    if not ours:
        raise NotFound(_("There is no such role."))
    if dry_run:
        effects, refused = services.what_if_withdrawn(actor=request.auth.user, grant_ids=ours)
        return _withdrawn([], refused) | {"effects": effects_out(effects)}
    return _withdrawn(*services.withdraw_roles(actor=request.auth.user, grant_ids=ours))


@router.post("/reviews/roles/give-back", response={200: GivenBackOut, PROBLEMS: Problem})
@allows("reviews:write")
def give_back(request: Call, said: GiveBackIn) -> dict[str, int]:
    """Undo what ``POST /reviews/roles/withdraw`` answered, where it still can be given."""
    _check(request)
    ours = selectors.members_among(request.organisation, {one.member_id for one in said.withdrawn})
    known = set(accounts_among(request, {one.account_id for one in said.withdrawn}))
    back = [
        Withdrawn(one.account_id, one.member_id, one.role, one.own_role_id, one.ends_on)
        for one in said.withdrawn
        if one.member_id in ours and one.account_id in known
    ]
    return {"given_back": services.give_back(actor=request.auth.user, withdrawn=back)}


@router.post("/reviews", response={201: CertificateOut, PROBLEMS: Problem})
@allows("reviews:write")
def sign(request: Call) -> Status[Any]:
    """Close the review: who has access now is signed, and never changed afterwards."""
    made = services.sign_review(actor=request.auth.user, organisation=request.organisation)
    return Status(201, _certificate(made))


@router.get("/reviews/{review_id}", response={200: CertificateOut, PROBLEMS: Problem})
@allows("manager:read")
def one_review(request: Call, review_id: Key) -> dict[str, Any]:
    """The certificate; for administrators."""
    return _certificate(_found(request, review_id))


@router.get(
    "/reviews/{review_id}/certificate.csv", response={PROBLEMS: Problem},
    openapi_extra={"responses": {200: AS_CSV}},
)  # fmt: skip
@allows("manager:read")
def one_review_csv(request: Call, review_id: Key) -> HttpResponse:
    """The certificate as a list: a line for each person and role kept, and for each taken out."""
    card = _found(request, review_id)
    return csv_answer(f"review-{card.quarter}", selectors.certificate_csv(card))


def _check(request: Call) -> None:
    policies.check_can_administer(
        actor=request.auth.user, organisation=request.organisation, now=clock.now()
    )


def _found(request: Call, review_id: int) -> ReviewCard:
    _check(request)
    mine = {one.id: one for one in selectors.reviews_of(request.organisation)}
    if review_id not in mine:
        raise NotFound(_("There is no such review."))
    return mine[review_id]


def _people(request: Call, state: str) -> list[dict[str, Any]]:
    found = selectors.people_of(request.organisation, Filter(state=state))
    return [person_out(one) for one in found[:MOST]]


def _role(one: access.HeldRole) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in HeldRoleOut.model_fields if hasattr(one, name)}
    return said | {"account_id": one.asset_id, "role": say(one.role)}


def _review(one: ReviewCard) -> dict[str, Any]:
    signed = ("id", "quarter", "at", "actor", "digest", "is_whole")
    return {name: getattr(one, name) for name in signed} | {
        name: len(one.content.get(name, ())) for name in ("people", "roles", "taken_out")
    }


def _certificate(one: ReviewCard) -> dict[str, Any]:
    return _review(one) | {"content": one.content}


def _withdrawn(done: list[Withdrawn], refused: list[NotGiven]) -> dict[str, Any]:
    return {
        "withdrawn": [
            {
                "account_id": one.asset_id, "member_id": one.member_id, "role": one.role,
                "own_role_id": one.custom_role_id, "ends_on": one.ends_on,
            }
            for one in done
        ],
        "refused": not_given(refused),
    }  # fmt: skip
