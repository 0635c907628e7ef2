"""A code that somebody presents: accepted or refused, and in both cases kept with the reason.

A code of an organisation above is taken by all below it: a network’s coupon in each of its shops.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from regie.apps.access.context import operating
from regie.apps.assets import services as assets
from regie.apps.organisations.models import Organisation
from regie.apps.tracking.linking import PLATFORM
from regie.apps.tracking.models import PromoCode, Redemption
from regie.domain.traffic.codes import fold
from regie.ingestion.accounts import FoundAccount
from regie.kernel.i18n import Sentence, _, say


def settle(
    *,
    organisation_id: int,
    typed: str,
    at: datetime,
    today: date,
    event_id: str,
    location: str = "",
    order_id: str = "",
    actor: str = "",
    is_published: bool = False,
) -> Redemption:
    """Record a presented code; who presents a single-use code first uses it up."""
    with operating():
        # A shop sees no code of the network, nor where it was used; whether it holds, it is told.
        code = code_of(organisation_id, typed)
        reason = _why_not(code, typed, today)
    record = Redemption(
        organisation_id=organisation_id, code=code, typed=typed[:100], at=at, location=location,
        order_id=order_id, event_id=event_id, actor=actor, is_published=is_published,
        is_accepted=reason is None, uses_up=reason is None and code is not None
        and code.is_single_use, reason=reason.to_json() if reason else {},
    )  # fmt: skip
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        # Somebody was quicker with the same code: the constraint knows, whoever looked first.
        record.is_accepted = record.uses_up = False
        record.reason = used(typed).to_json()
        record.pk = None
        record.save()
    return record


def code_of(organisation_id: int, typed: str) -> PromoCode | None:
    """Its own before those of organisations above, the nearest first; archived ones last."""
    path = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
    above = lineage(path)
    return nearest(PromoCode.objects.filter(organisation_id__in=above, folded=fold(typed)), above)


def nearest(found: Iterable[PromoCode], above: Sequence[int]) -> PromoCode | None:
    return min(
        found, key=lambda one: (one.is_archived, above.index(one.organisation_id)), default=None
    )


def account(organisation: Organisation) -> int:
    """The account that uses of codes are counted under, where they are taken."""
    found = FoundAccount(PLATFORM, "codes", "", organisation.currency, organisation.time_zone)
    return assets.resolve_accounts(organisation, [found])["codes"].key


def has_codes(organisation_ids: Collection[int]) -> bool:
    """Whether these organisations, or any above them, have codes that can be taken."""
    with operating():
        paths = Organisation.objects.filter(pk__in=list(organisation_ids))
        known = {key for path in paths.values_list("path", flat=True) for key in lineage(path)}
        return PromoCode.objects.filter(organisation_id__in=known).exists()


def lineage(path: str) -> list[int]:
    """The organisation of ``path`` and those above it, from itself up."""
    return [int(one) for one in reversed(path.strip("/").split("/"))]


def _why_not(code: PromoCode | None, typed: str, today: date) -> Sentence | None:
    if code is None or code.is_archived:
        return say(_("There is no code “{typed}”."), typed=typed.strip()[:60])
    if (reason := outside_its_days(code, today)) is not None:
        return reason
    if code.is_single_use and Redemption.objects.filter(code=code, uses_up=True).exists():
        return used(typed)
    return None


def outside_its_days(code: PromoCode, day: date) -> Sentence | None:
    if code.starts_on is not None and day < code.starts_on:
        return say(_("This code is valid from {day} on."), day=code.starts_on.isoformat())
    if code.ends_on is not None and day > code.ends_on:
        return say(_("This code was valid until {day}."), day=code.ends_on.isoformat())
    if code.archived_on is not None and day > code.archived_on:
        return say(_("This code was archived on {day}."), day=code.archived_on.isoformat())
    return None


def last_day(code: PromoCode) -> date | None:
    """The last on which it may be used; None where it has no end."""
    return min((day for day in (code.ends_on, code.archived_on) if day is not None), default=None)


def used(typed: str) -> Sentence:
    return say(_("The code “{typed}” has been used already."), typed=typed.strip()[:60])
