"""What an organisation rules for its people, and what it is: tried first where somebody could lose
or gain by it."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Field, Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking, Code, EffectOut, Line, Slug, effects_out
from regie.api.speaking import Call, allows
from regie.api.tree import OrganisationName, found_in_branch
from regie.apps.access import selectors as access
from regie.apps.access import services as trials
from regie.apps.organisations import services
from regie.apps.organisations.services import Settings

router = Router(tags=["Rules"])


class SecondFactorShape(Asking):
    """From ``begins_on`` on, or at once where it is null, nobody acts for the branch without."""

    required: bool
    begins_on: date | None = None


class MembersShape(Asking):
    """Whether members see the whole branch; ``until`` is the first day on which they no longer do,
    null for no end."""

    see_all: bool
    until: date | None = None


class DomainsShape(Asking):
    """Domains, or single addresses in full."""

    entries: list[Line] = Field(max_length=200)


class OrganisationRules(Schema):
    """``shows_totals``: see ``PUT /network/totals``."""

    second_factor: SecondFactorShape
    members: MembersShape
    email_domains: list[str]
    shows_totals: bool


class TriedMembersOut(Schema):
    """``letters`` is how many people are told by one; ``is_whole`` is false where there are more
    people or accounts than a trial looks at."""

    effects: list[EffectOut]
    is_whole: bool
    letters: int


class SettingsShape(Asking):
    """``year_pattern`` is months, or the weeks of each month of a quarter (4-4-5 …);
    ``week_starts_on`` counts from Monday, 0."""

    name: str = OrganisationName
    kind: Code
    location: Line = Field("", max_length=80)
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["EUR"])
    time_zone: Line = Field(examples=["Europe/Paris"])
    first_month: int = Field(1, ge=1, le=12)
    year_pattern: Code = "months"
    week_starts_on: int = Field(0, ge=0, le=6)


@router.get("/rules", response={200: OrganisationRules, PROBLEMS: Problem})
@allows("manager:read")
def rules(request: Call) -> dict[str, Any]:
    """Those that the organisation of the token has said itself."""
    here = request.organisation
    return {
        "second_factor": {
            "required": here.requires_two_factor, "begins_on": here.two_factor_from
        },
        "members": {"see_all": here.members_see_all, "until": here.assigned_only_from},
        "email_domains": here.email_domains,
        "shows_totals": access.shows_totals(here),
    }  # fmt: skip


@router.put("/rules/second-factor", response={204: None, PROBLEMS: Problem})
@allows("rules:write")
def set_second_factor(request: Call, said: SecondFactorShape) -> Status[Any]:
    """It holds for this token too: its person needs one by then."""
    services.require_second_factor(
        actor=request.auth.user, organisation=request.organisation, **said.dict()
    )
    return Status(204, None)


@router.put("/rules/members", response={200: TriedMembersOut, PROBLEMS: Problem})
@allows("rules:write")
def set_members(request: Call, said: MembersShape, dry_run: bool = False) -> dict[str, Any]:
    """What members see; answers who gains and who loses what, on the day that was said.

    With ``dry_run`` nothing changes.
    """
    asked: dict[str, Any] = {
        "actor": request.auth.user, "organisation": request.organisation, **said.dict()
    }  # fmt: skip
    tried = trials.what_if_access_set(**asked)
    if not dry_run:
        services.set_access(**asked)
    return {
        "effects": effects_out(tried.effects), "is_whole": tried.is_whole, "letters": tried.result
    }  # fmt: skip


@router.put("/rules/email-domains", response={200: DomainsShape, PROBLEMS: Problem})
@allows("rules:write")
def set_domains(request: Call, said: DomainsShape) -> dict[str, list[str]]:
    """Exactly these: invitations go to them only, and to those of the organisations above."""
    kept = services.set_email_domains(
        actor=request.auth.user, organisation=request.organisation, entries=said.entries
    )
    return {"entries": kept}


@router.get("/organisations/{slug}/settings", response={200: SettingsShape, PROBLEMS: Problem})
@allows("manager:read")
def settings(request: Call, slug: Slug) -> dict[str, Any]:
    """How an organisation of the branch is called, and counts money and days."""
    here = found_in_branch(request, slug)
    return {name: getattr(here, name) for name in SettingsShape.model_fields}


@router.put("/organisations/{slug}/settings", response={204: None, PROBLEMS: Problem})
@allows("rules:write")
def set_settings(
    request: Call, slug: Slug, said: SettingsShape, calendar_below: bool = False
) -> Status[Any]:
    """All of them. With ``calendar_below`` the organisations below count their years and weeks so
    too. Days that are imported already stay as they are."""
    here = found_in_branch(request, slug)
    services.change_settings(
        actor=request.auth.user, organisation=here, settings=Settings(**said.dict()),
        calendar_below=calendar_below,
    )  # fmt: skip
    return Status(204, None)
