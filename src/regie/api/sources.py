"""Which source counts of what is both measured and imported: looked at before, said, taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Key, Made
from regie.api.speaking import Call, allows
from regie.apps.dashboards import selectors as dashboards
from regie.apps.tracking import selectors, services
from regie.kernel import clock
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

router = Router(tags=["Sources"])
Fact = Literal["visits", "orders", "leads", "calls"]


class Source(Schema):
    """``count`` is of what came, whether it counts or not."""

    account_id: int
    label: str
    is_measured: bool
    first_day: date
    last_day: date
    count: int


class ChoiceIn(Asking):
    """``imported`` is the number of an account; ``site`` that of a measured site."""

    fact: Fact = "visits"
    imported: Key
    site: Key | None = None
    counts: Literal["measured", "imported", "both"]
    starts_on: date

    def choice(self) -> services.Choice:
        return services.Choice(self.imported, self.site, self.counts, self.starts_on, self.fact)


class ChoiceOut(Schema):
    id: int
    fact: str
    imported: int
    site: str
    counts: str
    starts_on: date
    said_by: str
    said_at: datetime
    taken_back_at: datetime | None


class WouldCount(Schema):
    """What counts of an account now, and what would; nothing where it tells nothing that counts."""

    account_id: int
    account: str
    now: int | None
    then: int | None


class BeforeAfter(Schema):
    """Of the last 90 days, by account: what counts now, and what would."""

    rows: list[WouldCount]
    now: int | None
    then: int | None


@router.get("/sources", response={200: list[Source], PROBLEMS: Problem})
@allows("figures:read")
def listed(request: Call, fact: Fact = "visits") -> list[dict[str, Any]]:
    """Accounts that tell of visits, orders, leads or calls."""
    return [
        {"account_id": one.key, "label": one.label, "is_measured": one.is_ours,
         "first_day": one.first, "last_day": one.last, "count": one.count}
        for one in dashboards.sources_of(request.scope, fact)
    ]  # fmt: skip


@router.get("/sources/choices", response={200: list[ChoiceOut], PROBLEMS: Problem})
@allows("figures:read")
def choices(request: Call) -> list[dict[str, Any]]:
    """What was said, the latest first; what was taken back is there to be read."""
    return [
        {"id": one.id, "fact": one.fact, "imported": one.imported, "site": one.site,
         "counts": one.which, "starts_on": one.starts_on, "said_by": one.said_by,
         "said_at": one.said_at, "taken_back_at": one.taken_back_at}
        for one in selectors.choices_of(request.organisation)
    ]  # fmt: skip


@router.post("/sources/preview", response={200: BeforeAfter, PROBLEMS: Problem})
@allows("figures:read")
def preview(request: Call, said: ChoiceIn) -> dict[str, Any]:
    """What would follow; nothing is said."""
    services.check_choice(
        actor=request.auth.user, organisation=request.organisation, choice=said.choice()
    )
    rows, (now, then) = dashboards.what_would_count(
        request.scope, said.fact, selectors.counting_if(said.choice()), clock.today()
    )
    shown = [
        {"account_id": one.card.key, "account": one.label, "now": one.now, "then": one.then}
        for one in rows
    ]
    return {"rows": shown, "now": now, "then": then}


@router.post("/sources/choices", response={201: Made, PROBLEMS: Problem})
@allows("measuring:write")
def choose(request: Call, said: ChoiceIn) -> Any:
    """Say which counts from a day on, in place of what was said for the same day."""
    made = services.choose_source(
        actor=request.auth.user, organisation=request.organisation, choice=said.choice()
    )
    return Status(201, {"id": made})


@router.post("/sources/choices/{choice_id}/take-back", response={204: None, PROBLEMS: Problem})
@allows("measuring:write")
def take_back(request: Call, choice_id: Key) -> Any:
    """What counted before counts again. A token acts for its own organisation only."""
    if all(one.id != choice_id for one in selectors.choices_of(request.organisation)):
        raise NotFound(_("There is no such choice."))
    services.take_choice_back(actor=request.auth.user, choice_id=choice_id)
    return Status(204, None)
