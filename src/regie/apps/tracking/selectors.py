"""Reads about links, codes and sites, in the current context: row security hides the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import policies
from regie.apps.tracking.choosing import ChoiceCard as ChoiceCard
from regie.apps.tracking.choosing import choices_of as choices_of
from regie.apps.tracking.choosing import counting_if as counting_if
from regie.apps.tracking.counting import (
    LinkFigures,
    TagUse,
    aside_by_reason,
    clicks_by_link,
    link_figures,
    tags_used,
    visits_by_mode,
)
from regie.apps.tracking.evidence import (
    Consent,
    Known,
    Seen,
    answers_to,
    consents_of,
    every_answer,
    identifiers,
    known,
    known_as,
    linked,
    links_met,
    organisations_known,
    organisations_touched,
    seen_together,
    withdrawn_among,
)
from regie.apps.tracking.forgetting import lead_sources
from regie.apps.tracking.models import JournalRead, Link, Site
from regie.apps.tracking.presented import COLUMNS as USE_COLUMNS
from regie.apps.tracking.presented import (
    CodeCard,
    CodeUse,
    RedemptionCard,
    codes_of,
    codes_used,
    redemptions_of,
    row_of,
    unregistered,
    used_between,
    written_use,
)
from regie.apps.tracking.redeeming import has_codes
from regie.domain.traffic.channels import channel
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

SHOWN = 500


@dataclass(frozen=True)
class LinkCard:
    id: int
    organisation: Organisation
    name: str
    code: str
    destination: str
    target: str
    source: str
    medium: str
    campaign: str
    term: str
    content: str
    channel: str
    rules: Sequence[dict[str, str]]
    expires_at: datetime | None
    afterwards: str
    is_archived: bool
    author: str
    created_at: datetime


@dataclass(frozen=True)
class SiteCard:
    id: int
    organisation: Organisation
    asset_key: int
    name: str
    key: str
    hosts: Sequence[str]
    mode: str
    internal: Sequence[str]
    has_token: bool
    is_archived: bool


def links_of(organisation_ids: Sequence[int], *, search: str = "") -> list[LinkCard]:
    """The latest first, archived ones last; 500 at most."""
    found = Link.objects.filter(organisation_id__in=list(organisation_ids))
    for word in search.split():
        found = found.filter(name__icontains=word) | found.filter(campaign__icontains=word)
    found = found.select_related("organisation").order_by("is_archived", "-pk")
    return [_link(one) for one in found[:SHOWN]]


def link_card(link_id: int) -> LinkCard:
    found = Link.objects.filter(pk=link_id).select_related("organisation").first()
    if found is None:
        raise NotFound(_("There is no such link."))
    return _link(found)


def link_names(link_ids: Sequence[int]) -> dict[int, str]:
    """What links are called: by their names where they may be seen, else by the tags that each
    visit through them brought along."""
    named = dict(Link.objects.filter(pk__in=list(link_ids)).values_list("pk", "name"))
    others = [one for one in link_ids if one not in named]
    if not others:
        return named
    with operating():
        tags = Link.objects.filter(pk__in=others).values_list(
            "pk", "source", "medium", "campaign", "content"
        )
        said = {key: " · ".join(filter(None, words)) for key, *words in tags}
    return {**said, **named}


def known_words(organisation_ids: Sequence[int]) -> dict[str, list[str]]:
    """Sources and campaigns in use, to be chosen again rather than typed in another way."""
    found = Link.objects.filter(organisation_id__in=list(organisation_ids))
    return {
        name: sorted(set(found.values_list(name, flat=True)))[:200]
        for name in ("source", "campaign")
    }


def campaigns_of(organisation_ids: Sequence[int]) -> set[str]:
    found = Link.objects.filter(organisation_id__in=list(organisation_ids))
    return set(found.values_list("campaign", flat=True))


def sites_of(organisation_ids: Sequence[int]) -> list[SiteCard]:
    found = Site.objects.filter(organisation_id__in=list(organisation_ids))
    return [
        _site(one) for one in found.select_related("organisation").order_by("is_archived", "pk")
    ]


def site_card(site_id: int) -> SiteCard:
    found = Site.objects.filter(pk=site_id).select_related("organisation").first()
    if found is None:
        raise NotFound(_("There is no such site."))
    return _site(found)


def can_measure(*, actor: User, organisation: Organisation) -> bool:
    return policies.can_measure(actor=actor, organisation=organisation)


def last_published_at() -> datetime | None:
    """When the collector's journals were last read; only the operator may know."""
    return JournalRead.objects.order_by("-read_at").values_list("read_at", flat=True).first()


def _link(one: Link) -> LinkCard:
    rules: list[dict[str, Any]] = one.rules
    return LinkCard(
        one.pk, one.organisation, one.name, one.code, one.destination, one.target, one.source,
        one.medium, one.campaign, one.term, one.content,
        channel(one.source, one.medium, one.campaign), rules, one.expires_at, one.afterwards,
        one.is_archived, one.author, one.created_at,
    )  # fmt: skip


def _site(one: Site) -> SiteCard:
    return SiteCard(
        one.pk, one.organisation, one.asset_id, one.name, one.key, one.hosts, one.mode,
        one.internal, bool(one.token_digest), one.is_archived,
    )  # fmt: skip


__all__ = [
    "USE_COLUMNS",
    "CodeCard",
    "CodeUse",
    "Consent",
    "Known",
    "LinkCard",
    "LinkFigures",
    "RedemptionCard",
    "Seen",
    "SiteCard",
    "TagUse",
    "answers_to",
    "aside_by_reason",
    "can_measure",
    "clicks_by_link",
    "codes_of",
    "codes_used",
    "consents_of",
    "every_answer",
    "has_codes",
    "identifiers",
    "known",
    "known_as",
    "known_words",
    "lead_sources",
    "link_card",
    "link_figures",
    "link_names",
    "linked",
    "links_met",
    "links_of",
    "organisations_known",
    "organisations_touched",
    "redemptions_of",
    "row_of",
    "seen_together",
    "site_card",
    "sites_of",
    "tags_used",
    "unregistered",
    "used_between",
    "visits_by_mode",
    "withdrawn_among",
    "written_use",
]  # fmt: skip
