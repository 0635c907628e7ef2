"""Reads about audiences; row security already hides those that are neither ours nor shared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from regie.apps.accounts.models import User
from regie.apps.audiences import policies
from regie.apps.audiences.forgetting import Listed as Listed
from regie.apps.audiences.forgetting import lists_naming as lists_naming
from regie.apps.audiences.models import Audience, AudienceExport, AudienceShare, AudienceUse
from regie.apps.audiences.policies import possible_recipients as possible_recipients
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.selectors import today_in
from regie.domain.audiences.terms import Rights
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _


@dataclass(frozen=True)
class AudienceCard:
    """An audience of one's own or received, as pages and programs show it.

    ``size`` is null for a recipient who may target but not look inside. ``stale_exports`` are lists
    that went out and whose people have changed since.
    """

    id: int
    organisation_id: int
    name: str
    owner: str
    source: str
    basis: str
    purpose: str
    expires_on: date
    size: int | None
    changed_at: datetime
    is_own: bool
    is_archived: bool
    is_expired: bool
    may_manage: bool
    shares: int = 0
    uses: int = 0
    stale_exports: int = 0


@dataclass(frozen=True)
class LedgerLine:
    """Who let whom have what, when, for what, and until when; or took a list out."""

    at: datetime
    actor: str
    audience: str
    what: str
    recipient: str
    purpose: str
    basis: str
    size: int
    ends_on: date | None
    withdrawn_at: datetime | None
    withdrawn_because: str


@dataclass(frozen=True)
class Ending:
    """A share that a partnership alone carries, and the ad accounts where it is in use.

    ``state`` is live, expired, put_away, or paused: while an organisation of either side is closed.
    """

    share_id: int
    audience_id: int
    audience: str
    owner: str
    recipient: str
    accounts: list[str]
    expires_on: date
    state: str


def audiences_of(organisation: Organisation, *, actor: User | None) -> list[AudienceCard]:
    """The organisation's own, by name; those that were put away last."""
    may = policies.manages(actor=actor, organisation=organisation)
    found = _counted().filter(organisation=organisation).order_by("is_archived", "name", "pk")
    return [_own_card(one, may) for one in found]


def received_by(organisation: Organisation) -> list[AudienceCard]:
    """What others share with the organisation today."""
    shares = _live_shares(organisation).select_related("audience").order_by("audience__name")
    return [_received_card(share) for share in shares]


def audience_card(
    audience_id: int, *, actor: User, organisation: Organisation,
    among: Collection[int] | None = None,
) -> AudienceCard:  # fmt: skip
    """Of its owner, one of ``among`` or any that is seen; else as ``organisation`` received it.

    Raises ``NotFound`` for what is absent or hidden.
    """
    found = _counted().filter(pk=audience_id).first()
    own = _visible_ids() if among is None else among
    if found is not None and found.organisation_id in own:
        may = policies.manages(actor=actor, organisation=found.organisation)
        return _own_card(found, may)
    share = _live_shares(organisation).filter(audience_id=audience_id).first()
    if share is None:
        raise NotFound(_("There is no such audience."))
    return _received_card(share)


def shares_of(audience_id: int) -> list[AudienceShare]:
    """Live ones first, then those that were withdrawn, the latest first."""
    found = AudienceShare.objects.filter(audience_id=audience_id)
    return list(found.order_by(F("withdrawn_at").desc(nulls_first=True), "-shared_at"))


def uses_of(audience_id: int) -> list[AudienceUse]:
    return list(AudienceUse.objects.filter(audience_id=audience_id).order_by("account_name"))


def exports_of(audience_id: int) -> list[AudienceExport]:
    found = AudienceExport.objects.filter(audience_id=audience_id)
    return list(found.select_related("audience").order_by("-exported_at"))


def usable_on(asset_id: int) -> list[AudienceCard]:
    """What the campaign screen of an account offers: audiences put on it and still allowed."""
    found = AudienceUse.objects.filter(asset_id=asset_id, audience__is_archived=False)
    live = found.filter(Q(share__isnull=True) | Q(share__in=policies.live_shares()))
    uses = list(live.select_related("audience", "share").order_by("audience__name", "pk"))
    # The owner of a received audience is hidden: joining it would hide the audience too.
    own = _counted().in_bulk([one.audience_id for one in uses if one.share is None])
    shown = [
        _received_card(use.share) if use.share else _own_card(own[use.audience_id], may=False)
        for use in uses
    ]
    return [one for one in shown if not one.is_expired]


def ledger(organisation: Organisation) -> list[LedgerLine]:
    """Every share and every list taken out of the organisation's audiences, the latest first."""
    shares = AudienceShare.objects.filter(owner=organisation).select_related("audience")
    exports = AudienceExport.objects.filter(organisation=organisation).select_related("audience")
    lines = [
        LedgerLine(
            one.shared_at, one.shared_by, one.audience.name, "shared", one.recipient_name,
            one.purpose, one.audience.basis, one.size_then, one.expires_on, one.withdrawn_at,
            one.withdrawn_because,
        )
        for one in shares
    ] + [
        LedgerLine(
            one.exported_at, one.exported_by, one.audience.name, "exported", one.platform,
            one.audience.purpose, one.audience.basis, one.rows, None, None, "",
        )
        for one in exports
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.at, reverse=True)


def ending_with(partnership_id: int) -> list[Ending]:
    """What the partnership carries and its end would withdraw, either way, as far as the reader
    sees it."""
    found = AudienceShare.objects.filter(
        pk__in=RawSQL("SELECT share_id FROM regie_audience_shares_through(%s)", [partnership_id])
    )
    live = set(policies.live_shares().values_list("pk", flat=True))
    return [
        Ending(
            one.pk, one.audience_id, one.audience.name, one.owner_name, one.recipient_name,
            [use.account_name for use in one.uses.order_by("account_name")],
            min(one.expires_on, one.audience.expires_on),
            "live" if one.pk in live else _why_not(one),
        )
        for one in found.select_related("audience").order_by("audience__name", "pk")
    ]  # fmt: skip


def _why_not(share: AudienceShare) -> str:
    """For its owner: to who received it, it is hidden meanwhile."""
    audience = share.audience
    if audience.is_archived:
        return "put_away"
    last = min(share.expires_on, audience.expires_on)
    return "expired" if last < today_in(audience.organisation) else "paused"


def _live_shares(organisation: Organisation) -> QuerySet[AudienceShare]:
    return policies.live_shares().filter(recipient=organisation)


def _visible_ids() -> set[int]:
    return set(Organisation.objects.values_list("pk", flat=True))


def _counted() -> QuerySet[Any]:
    return Audience.objects.select_related("organisation").annotate(
        live_shares=Count("shares", Q(shares__withdrawn_at__isnull=True), distinct=True),
        live_uses=Count("uses", distinct=True),
        stale=Count("exports", Q(exports__version__lt=F("version")), distinct=True),
    )


def _own_card(one: Any, may: bool) -> AudienceCard:
    """``one`` comes with its counts."""
    return AudienceCard(
        id=one.pk, organisation_id=one.organisation_id, name=one.name, owner=one.organisation.name,
        source=one.source, basis=one.basis, purpose=one.purpose, expires_on=one.expires_on,
        size=one.size, changed_at=one.changed_at, is_own=True, is_archived=one.is_archived,
        is_expired=one.expires_on < today_in(one.organisation), may_manage=may,
        shares=one.live_shares, uses=one.live_uses, stale_exports=one.stale,
    )  # fmt: skip


def _received_card(share: AudienceShare) -> AudienceCard:
    one = share.audience
    return AudienceCard(
        id=one.pk, organisation_id=one.organisation_id, name=one.name, owner=share.owner_name,
        source=one.source, basis=one.basis, purpose=share.purpose,
        expires_on=min(one.expires_on, share.expires_on),
        size=one.size if share.rights == Rights.INSIGHTS else None, changed_at=one.changed_at,
        is_own=False, is_archived=False, is_expired=False, may_manage=False,
    )  # fmt: skip
