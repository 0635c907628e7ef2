"""The campaigns, ad groups and locations of accounts, as the published facts know them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from regie.apps.assets import selectors as assets
from regie.apps.beneficiaries.models import Label
from regie.apps.beneficiaries.opening import opened_over
from regie.domain.beneficiaries.rules import AD_GROUP, CAMPAIGN, LOCATION, Entity, plain
from regie.kernel.scope import Scope
from regie.warehouse.parts import WITH_CAMPAIGN
from regie.warehouse.serving import TRAFFIC_FACTS
from regie.warehouse.views import AssetRow, Session

FACTS = ("performance", "conversions", "nonadditive", "period_figures")  # that name campaigns
# (account, campaign as it is named, source, location): the account and id of the campaign there.
Named = Mapping[tuple[int, str, str, str], tuple[int, str] | None]


def entities_of(asset_id: int) -> list[Entity]:
    """Every campaign and ad group of the account, by name; those without a name by their id.

    Of an account that measures visits, orders, leads or calls: the campaigns and locations that
    these name.
    """
    session = _session([AssetRow(asset_id, "", "", "")], of=-1)
    names = _names(session)
    labels = labels_of(asset_id)
    campaigns, groups = _met(session)
    found = [_entity(CAMPAIGN, one, "", names, labels) for one in campaigns]
    found += [_entity(AD_GROUP, one, above, names, labels) for one, above in groups.items()]
    told = _told(session, "asset_key, campaign, location", "")
    campaigns_told = {campaign for _key, campaign, _place in told if campaign} - {*campaigns}
    places = {place for _key, _campaign, place in told if place}
    found += [_entity(CAMPAIGN, one, "", {}, labels) for one in campaigns_told]
    found += [_entity(LOCATION, one, "", {}, labels) for one in places]
    return sorted(found, key=lambda one: (one.level, plain(one.name), one.id))


def campaigns_by_account(asset_ids: Collection[int]) -> dict[int, frozenset[tuple[str, str]]]:
    """(id, latest name) of every campaign that figures of these accounts speak of."""
    session = _session([AssetRow(key, "", "", "") for key in sorted(asset_ids)], of=-3)
    names: dict[tuple[int, str], str] = {}
    if session.has("entities"):
        names = {
            (key, one): name
            for key, one, name in session.rows(
                "SELECT asset_key, entity_id, arg_max(name, (date, import_id)) "
                f"FROM {session.table('entities')} WHERE kind = 'campaign' AND name IS NOT NULL "
                "GROUP BY asset_key, entity_id"
            )
        }
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for fact in FACTS:
        if session.has(fact):
            for key, one in session.rows(
                f"SELECT DISTINCT asset_key, campaign_id FROM {session.table(fact)} "
                "WHERE campaign_id <> ''"
            ):
                found[key].add((one, names.get((key, one), "")))
    return {key: frozenset(campaigns) for key, campaigns in found.items()}


def traffic_named(owner_id: int) -> Named:
    """What visits, orders, leads and calls of the owner's accounts name.

    A campaign is that of the owner's own ad accounts, met as reports meet it.
    """
    cards = assets.cards(assets.keys_in([owner_id]))
    session = _session([AssetRow(c.key, c.organisation_slug, c.platform, "") for c in cards], of=-2)
    rows = _told(
        session,
        "asset_key, coalesce(campaign, ''), coalesce(source, ''), coalesce(location, ''), "
        "owner_key, campaign_id",
        WITH_CAMPAIGN,
    )
    return {
        (key, campaign, source, place): (owner, one) if owner is not None and one else None
        for key, campaign, source, place, owner, one in rows
    }


def labels_of(asset_id: int) -> Callable[[str, str, str], frozenset[str]]:
    """Labels of a level, an id and a name: by id as it is written, by name in plain letters."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in Label.objects.filter(asset_id=asset_id):
        found[one.level, one.entity].add(one.label)
        found[one.level, plain(one.entity)].add(one.label)

    def put(level: str, one: str, name: str) -> frozenset[str]:
        return frozenset(found.get((level, one), set()) | found.get((level, plain(name)), set()))

    return put


def _entity(
    level: str, one: str, above: str, names: Mapping[tuple[str, str], str],
    labels: Callable[[str, str, str], frozenset[str]],
) -> Entity:  # fmt: skip
    name = names.get((level, one)) or one.removeprefix("name:")
    return Entity(one, name, level, above, labels(level, one, name))


def _session(rows: list[AssetRow], *, of: int) -> Session:
    """``of`` is an organisation that there is not: this scope is no person's."""
    scope = Scope(frozenset({of}), frozenset(one.key for one in rows))
    return opened_over(scope, lambda: rows)


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
    for fact in FACTS:
        if not session.has(fact):
            continue
        rows = session.rows(
            f"SELECT DISTINCT campaign_id, ad_group_id FROM {session.table(fact)} "
            "WHERE campaign_id IS NOT NULL OR ad_group_id IS NOT NULL"
        )
        campaigns |= {campaign for campaign, _group in rows if campaign}
        groups |= {group: campaign or groups.get(group, "") for campaign, group in rows if group}
    return sorted(campaigns), groups


def _told(session: Session, columns: str, suffix: str) -> set[tuple[Any, ...]]:
    """Distinct ``columns`` of the rows that name a campaign or a location."""
    found: set[tuple[Any, ...]] = set()
    for fact in TRAFFIC_FACTS:
        if session.has(fact):
            found |= set(
                session.rows(
                    f"SELECT DISTINCT {columns} FROM {session.table(f'{fact}{suffix}')} "
                    "WHERE campaign <> '' OR location <> ''"
                )
            )
    return found
