"""Versions of the privacy policy and the answers given to each, for programs."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import AS_CSV, Asking, Made, Name
from regie.api.speaking import Call, allows
from regie.apps.identity import policies, selectors, services
from regie.ui.csv_answers import csv_answer
from regie.ui.csv_cells import Writer

router = Router(tags=["Privacy"])


class PrivacyPolicyIn(Asking):
    """``name`` is what the consent banner sends as ``text``. A version never changes."""

    name: Name
    applies_on: date
    text: str = Field(min_length=1, max_length=100_000, pattern=r"^[^\x00]*$")


class PrivacyPolicyOut(Schema):
    """``organisation`` published it, for those below too; ``text`` is null for a name that consents
    carry and nobody published. ``accepted`` and ``refused`` count devices."""

    name: str
    organisation: str
    applies_on: date | None
    text: str | None
    published_by: str
    published_at: datetime | None
    accepted: int
    refused: int


@router.get("/privacy-policies", response={200: list[PrivacyPolicyOut], PROBLEMS: Problem})
@allows("privacy:write")
def policies_of(request: Call) -> list[dict[str, Any]]:
    """Versions that hold here, those of organisations below, and the answers to each."""
    policies.check_may_look(actor=request.auth.user, organisation=request.organisation)
    found = selectors.versions_of(request.organisation)
    return [vars(one) | {"organisation": one.owner} for one in found]


@router.post("/privacy-policies", response={201: Made, PROBLEMS: Problem})
@allows("privacy:write")
def publish(request: Call, said: PrivacyPolicyIn) -> Status[Any]:
    """Publish a version, for the organisation and those below it."""
    made = services.publish_policy(
        actor=request.auth.user, organisation=request.organisation, name=said.name,
        text=said.text, applies_on=said.applies_on,
    )  # fmt: skip
    return Status(201, {"id": made})


@router.get(
    "/privacy-policies/answers.csv", response={PROBLEMS: Problem},
    openapi_extra={"responses": {200: AS_CSV}},
)  # fmt: skip
@allows("privacy:write")
def answers(request: Call) -> HttpResponse:
    """The proof of consent: every yes and no, with its version, its purposes, site and device."""
    written = io.StringIO()
    writer = Writer(written)
    rows = selectors.answers_of(actor=request.auth.user, organisation=request.organisation)
    writer.row(selectors.ANSWER_COLUMNS)
    writer.rows(rows)
    return csv_answer("regie-consents", written.getvalue())
