"""Customers who are probably one person, for programs: lists brought, compared, told, deleted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja import File, Router, Schema, Status, UploadedFile

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking
from regie.api.speaking import Call, allows
from regie.apps.identity import policies, selectors, services
from regie.ui.templatetags.ui import say

router = Router(tags=["Recognised people"])


class RefusedCustomer(Schema):
    line: int
    reason: str


class CustomersOut(Schema):
    """``repeated`` lines name a customer whom a later line names too: the last one counts.
    ``refused`` has the first hundred of ``refused_count`` lines."""

    customers: int
    repeated: int
    refused_count: int
    refused: list[RefusedCustomer]


class ComparisonOut(Schema):
    """``links`` were found among ``customers``; ``counted`` of them are at least as likely as
    ``threshold``, and count in reports where ``is_counting``.

    ``expected_precision`` is the share of the links that the comparison itself holds for right.
    """

    state: Literal["none", "running", "failed", "done"]
    customers: int
    links: int
    counted: int
    is_counting: bool
    threshold: float
    expected_precision: float | None
    matched_at: datetime | None


class CountIn(Asking):
    is_counting: bool


@router.get("/recognised/comparison", response={200: ComparisonOut, PROBLEMS: Problem})
@allows("privacy:write")
def comparison(request: Call) -> dict[str, Any]:
    """What comparing the organisation's customers found, and how far it is."""
    policies.check_may_look(actor=request.auth.user, organisation=request.organisation)
    found = selectors.comparison(request.organisation.pk)
    state = "done" if found.matched_at else "none"
    if found.asked_at or found.failed_at:
        state = "running" if found.asked_at else "failed"
    return {
        "state": state, "customers": found.customers, "links": found.links,
        "counted": found.counted, "is_counting": found.is_counting, "threshold": found.threshold,
        "expected_precision": found.precision, "matched_at": found.matched_at,
    }  # fmt: skip


@router.post("/recognised/customers", response={200: CustomersOut, PROBLEMS: Problem})
@allows("privacy:write")
def bring(request: Call, file: File[UploadedFile]) -> dict[str, Any]:
    """Take in a list of customers (CSV or Excel); one who comes again is replaced."""
    kept = cast("TemporaryUploadedFile", file)  # every upload goes to the disk: see the settings
    done = services.load_customers(
        actor=request.auth.user, organisation=request.organisation,
        path=Path(kept.temporary_file_path()),
    )  # fmt: skip
    refused = [{"line": line, "reason": say(why)} for line, why in done.refused]
    return vars(done) | {"refused": refused}


@router.delete("/recognised/customers", response={204: None, PROBLEMS: Problem})
@allows("privacy:write")
def forget(request: Call) -> Status[Any]:
    """Delete what all lists said of customers, and the probable links found in it."""
    services.forget_customers(actor=request.auth.user, organisation=request.organisation)
    return Status(204, None)


@router.post("/recognised/comparison", response={202: None, PROBLEMS: Problem})
@allows("privacy:write")
def compare(request: Call) -> Status[Any]:
    """Compare all customers in the background: 50 at least are needed."""
    services.ask_comparison(actor=request.auth.user, organisation=request.organisation)
    return Status(202, None)


@router.put("/recognised/comparison", response={204: None, PROBLEMS: Problem})
@allows("privacy:write")
def count(request: Call, said: CountIn) -> Status[Any]:
    """Whether links that are sure enough count in reports, which then show a range."""
    services.count_probable(
        actor=request.auth.user, organisation=request.organisation, on=said.is_counting
    )
    return Status(204, None)
