"""The campaigns and ad groups of one account, as the published facts know them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection

from regie.apps.beneficiaries.models import Label
from regie.domain.beneficiaries.rules import AD_GROUP, CAMPAIGN, Entity, plain
from regie.kernel.scope import Scope
from regie.warehouse import catalogue, home
from regie.warehouse.views import READER, AssetRow, Session

_KINDS = {CAMPAIGN: "campaign_id", AD_GROUP: "ad_group_id"}


def entities_of(asset_id: int) -> list[Entity]:
    """Every campaign and ad group of the account, by name; those without a name by their id."""
    session = _session(asset_id)
    names = _names(session)
    labels = _labels(asset_id)
    campaigns, groups = _met(session)
    found = [_entity(CAMPAIGN, one, "", names, labels) for one in campaigns]
    found += [_entity(AD_GROUP, one, above, names, labels) for one, above in groups.items()]
    return sorted(found, key=lambda one: (one.level, plain(one.name), one.id))


def _entity(
    level: str, one: str, above: str, names: Mapping[tuple[str, str], str],
    labels: Mapping[tuple[str, str], set[str]],
) -> Entity:  # fmt: skip
    name = names.get((level, one)) or one.removeprefix("name:")
    put = labels.get((level, one), set()) | labels.get((level, plain(name)), set())
    return Entity(one, name, level, above, frozenset(put))


def _session(asset_id: int) -> Session:
    connection.ensure_connection()
    database: catalogue.Conn = connection.connection
    number = catalogue.current_version(database)
    catalogue.pin(database, number)
    snapshot = READER.snapshot(
        home.lake(), number, lambda: catalogue.snapshot(database, version=number)
    )
    # Whose account it is and on which platform says nothing of its campaigns.
    rows = [AssetRow(asset_id, "", "", "")]
    scope = Scope(frozenset(), frozenset({asset_id}))
    return READER.open(home.lake(), snapshot, scope, lambda: rows)


def _names(session: Session) -> dict[tuple[str, str], str]:
    """Latest names."""
    if not session.has("entities"):
        return {}
    rows = session.rows(
        "SELECT kind, entity_id, arg_max(name, (date, import_id)) "
        f"FROM {session.table('entities')} WHERE kind IN ('campaign', 'ad_group') "
        "AND name IS NOT NULL GROUP BY kind, entity_id"
    )
    return {(kind, one): name for kind, one, name in rows}


def _met(session: Session) -> tuple[list[str], dict[str, str]]:
    """Campaigns that figures speak of, and ad groups with the campaign of each."""
    campaigns: set[str] = set()
    groups: dict[str, str] = {}
    for fact in ("performance", "conversions", "nonadditive", "period_figures"):
        if not session.has(fact):
            continue
        rows = session.rows(
            f"SELECT DISTINCT campaign_id, ad_group_id FROM {session.table(fact)} "
            "WHERE campaign_id IS NOT NULL OR ad_group_id IS NOT NULL"
        )
        campaigns |= {campaign for campaign, _group in rows if campaign}
        groups |= {group: campaign or groups.get(group, "") for campaign, group in rows if group}
    return sorted(campaigns), groups


def _labels(asset_id: int) -> dict[tuple[str, str], set[str]]:
    """By id as it is written, and by name in plain letters."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in Label.objects.filter(asset_id=asset_id):
        found[one.level, one.entity].add(one.label)
        found[one.level, plain(one.entity)].add(one.label)
    return found
