"""What the tables say of the links, sites and codes that records name."""

from __future__ import annotations

from regie.apps.organisations.models import Organisation
from regie.apps.tracking.models import Link, Mode, PromoCode, Site
from regie.apps.tracking.redeeming import lineage
from regie.domain.traffic.channels import channel
from regie.domain.traffic.origin import Origin, sent_host
from regie.ingestion.collected.reading import Known, KnownCode, KnownLink, KnownSite


def load() -> Known:
    """Everything, archived or not: an event may be older than the archiving."""
    organisations = Organisation.objects.values_list("pk", "time_zone", "path")
    zones = {key: zone for key, zone, _path in organisations}
    above = {key: lineage(path) for key, _zone, path in organisations}
    sites = {
        one.pk: KnownSite(
            one.pk, one.organisation_id, one.asset_id, zones[one.organisation_id],
            frozenset(map(sent_host, one.hosts)), one.mode == Mode.CONSENTED,
        )
        for one in Site.objects.all()
    }  # fmt: skip
    links, by_code = {}, {}
    for one in Link.objects.all():
        known = KnownLink(
            one.pk, one.organisation_id, one.asset_id, zones[one.organisation_id],
            origin_of(one), one.term, one.content,
        )  # fmt: skip
        links[one.pk] = by_code[one.folded] = known
    codes = {
        (one.organisation_id, one.folded): KnownCode(one.pk, origin_of(one), one.is_single_use)
        for one in PromoCode.objects.all()
    }
    return Known(sites, links, by_code, codes, above)


def origin_of(one: Link | PromoCode) -> Origin:
    if not one.source and not one.medium:
        return Origin()
    named = channel(one.source, one.medium, one.campaign)
    return Origin(named, one.source, one.medium, one.campaign)
