"""Set up what is measured: a site, its mode, the token of its servers."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.assets import services as assets
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import policies
from regie.apps.tracking.linking import PLATFORM
from regie.apps.tracking.models import Mode, Site
from regie.domain.traffic.origin import host_of
from regie.ingestion.accounts import FoundAccount
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _, say


@dataclass(frozen=True)
class WantedSite:
    """``hosts`` are the site's own; ``internal`` are networks whose visits do not count."""

    name: str
    hosts: Sequence[str]
    mode: str = Mode.EXEMPT
    internal: Sequence[str] = ()


def create_site(*, actor: User, organisation: Organisation, wanted: WantedSite) -> int:
    policies.check_can_measure(actor=actor, organisation=organisation)
    site = Site(organisation=organisation, key=secrets.token_hex(8))
    account = FoundAccount(
        PLATFORM, f"site:{site.key}", wanted.name.strip()[:120], organisation.currency,
        organisation.time_zone,
    )  # fmt: skip
    with transaction.atomic():
        known = assets.resolve_accounts(organisation, [account])
        site.asset_id = known[account.ref].key
        _write(site, wanted)
        _record(actor, site, "tracking.site_created")
    return site.pk


@transaction.atomic
def change_site(*, actor: User, site_id: int, wanted: WantedSite) -> None:
    site = _found(site_id)
    policies.check_can_measure(actor=actor, organisation=site.organisation)
    _write(site, wanted)
    _record(actor, site, "tracking.site_changed")


@transaction.atomic
def archive_site(*, actor: User, site_id: int, archived: bool) -> None:
    """An archived site is measured no longer; its figures stay."""
    site = _found(site_id)
    policies.check_can_measure(actor=actor, organisation=site.organisation)
    Site.objects.filter(pk=site.pk).update(is_archived=archived)
    _record(actor, site, "tracking.site_archived" if archived else "tracking.site_restored")


@transaction.atomic
def new_token(*, actor: User, site_id: int) -> str:
    """A new token in the place of the old one. It is shown once: only its digest is kept."""
    site = _found(site_id)
    policies.check_can_measure(actor=actor, organisation=site.organisation)
    token = secrets.token_urlsafe(32)
    site.token_digest = hashlib.sha256(token.encode()).hexdigest()
    site.save(update_fields=["token_digest"])
    _record(actor, site, "tracking.token_made")
    return token


def _write(site: Site, wanted: WantedSite) -> None:
    site.name = wanted.name.strip()[:120]
    if wanted.mode not in Mode.values:
        raise Refused(say(_("“{mode}” is not a mode of measurement."), mode=wanted.mode))
    site.mode = wanted.mode
    site.hosts = [_host(one) for one in wanted.hosts if one.strip()]
    site.internal = [_network(one) for one in wanted.internal if one.strip()]
    site.save()


def _host(text: str) -> str:
    said = text.strip()
    host = host_of(said if "//" in said else f"https://{said}")
    if not host:
        raise Refused(
            say(_("“{host}” is not the name of a site."), host=said[:80]),
            hint=_("Write it as www.example.com."),
            code="host",
        )
    return host


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise Refused(
            say(_("“{network}” is not a network."), network=text.strip()[:80]),
            hint=_("Write it as 203.0.113.0/24."),
            code="network",
        ) from error


def _found(site_id: int) -> Site:
    site = Site.objects.select_for_update(of=("self",)).select_related("organisation").filter(
        pk=site_id
    ).first()  # fmt: skip
    if site is None:
        raise NotFound(_("There is no such site."))
    return site


def _record(actor: User, site: Site, action: str) -> None:
    audit.record(
        organisation_id=site.organisation_id, action=action, actor_id=actor.pk, actor=str(actor),
        site_id=site.pk, name=site.name, mode=site.mode,
    )  # fmt: skip
