"""Shapes that several operations share: numbers of things, texts that can be kept, pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ninja import Field, Schema
from pydantic import ConfigDict

from regie.apps.access.selectors import Effect
from regie.apps.access.services import Compared

LARGEST = 2**62
AS_CSV = {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}
_NO_NUL = r"^[^\x00]*$"

Key = Annotated[int, Field(ge=1, le=LARGEST)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=_NO_NUL)]
Line = Annotated[str, Field(max_length=300, pattern=_NO_NUL)]
Slug = Annotated[str, Field(max_length=80, pattern=r"^[a-zA-Z0-9_-]*$")]
Code = Annotated[str, Field(max_length=60, pattern=_NO_NUL)]


class Asking(Schema):
    """Whatever a program sends: a name that it does not know is refused. Left aside, a misspelt
    day, filter or field would get or change something else than was meant."""

    model_config = ConfigDict(extra="forbid")


class Page(Schema):
    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=10_000_000)


class EffectOut(Schema):
    """What one person gains and loses on one account."""

    person: str
    email: str
    account_id: int
    gained: list[str]
    lost: list[str]


class ComparedOut(Schema):
    """Accounts that are there already, before and after: how many ``campaigns`` were looked at and
    how many are not the same, and whose access changes. ``is_whole`` is false where there are more
    accounts than a trial looks at."""

    accounts: int
    campaigns: int
    campaigns_changed: int
    effects: list[EffectOut]
    is_whole: bool


class Made(Schema):
    id: int


def compared_out(found: Compared) -> ComparedOut:
    return ComparedOut(
        accounts=len(found.campaigns), campaigns=found.campaign_count,
        campaigns_changed=found.campaigns_changed, effects=effects_out(found.effects),
        is_whole=found.is_whole,
    )  # fmt: skip


def effects_out(effects: Iterable[Effect]) -> list[EffectOut]:
    return [
        EffectOut(
            person=one.person, email=one.email, account_id=one.asset_id,
            gained=sorted(one.gained), lost=sorted(one.lost),
        )
        for one in effects
    ]  # fmt: skip
